import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.measure.calibration import read_calibration, write_calibration
from lambda_slim.measure.coldstart import Calibration, Range, Workload, kappa_here

FOUND = {"One": Calibration(Range(1.1, 1.5, 2.0), 12, 48.5)}


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / ".lambda-slim" / "calibration.json"
    assert read_calibration(path) == {}

    write_calibration(FOUND, path)
    assert read_calibration(path) == FOUND


def test_another_machine_scales_by_the_reference_kernel():
    slower = Workload("python3.12", "x86_64", 128, 1000, reference=Range(97, 97, 97))

    assert kappa_here(slower, FOUND["One"]).likely == pytest.approx(0.75)
    assert kappa_here(Workload("python3.12", "x86_64", 128, 1000), FOUND["One"]).likely == pytest.approx(1.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"calibration_version": 1, "functions": {}}',  # its reference figures are of another kernel
        '{"calibration_version": 2}',
        '{"calibration_version": 2, "functions": {"A": 1}}',
    ],
)
def test_a_damaged_file_is_told(tmp_path, text):
    path = tmp_path / "calibration.json"
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigError, match="cannot be used") as caught:
        read_calibration(path)
    assert "lambda-slim calibrate" in caught.value.hint
