"""The reference kernel is read anew each time: how fast a machine is changes."""

import sys
from pathlib import Path

from lambda_slim.run.kernel import kernel_us


def test_every_reading_is_a_run(tmp_path):
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\necho run >> {tmp_path}/runs\necho 48.5\n")
    script.chmod(0o755)

    assert [kernel_us(script) for _ in range(2)] == [48_500] * 2
    assert (tmp_path / "runs").read_text() == "run\n" * 2


def test_what_does_not_run_has_no_reading(tmp_path):
    assert kernel_us(tmp_path / "nowhere") is None


def test_a_real_figure():
    assert 5_000 < kernel_us(Path(sys.executable)) < 5_000_000
