"""Figures fitted to a user's own cold starts, kept beside the project so that a team shares them."""

import json
from collections.abc import Mapping
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_regular_text, write_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.measure.coldstart import Calibration, Range

PLACE = Path(".lambda-slim") / "calibration.json"
_VERSION = 2  # 1 had figures of a kernel that compiles


def read_calibration(path: Path) -> dict[str, Calibration]:
    """Fitted figures by function; nothing where there is no file.

    Raises:
        ConfigError: the file is damaged, or of another version.
    """
    if not path.is_file():
        return {}
    try:
        table = load_json(read_regular_text(path))
        if table["calibration_version"] != _VERSION:
            raise ValueError(f"it has version {table['calibration_version']}, and this lambda-slim reads {_VERSION}")
        return {
            name: Calibration(
                Range(float(row["low"]), float(row["likely"]), float(row["high"])),
                int(row["samples"]),
                row.get("reference_ms"),
            )
            for name, row in table["functions"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "make it again with `lambda-slim calibrate`, or remove it"
        raise ConfigError(f"`{PLACE.as_posix()}` cannot be used", cause=str(error), hint=hint) from error


def write_calibration(calibrations: Mapping[str, Calibration], path: Path) -> None:
    """Writes fitted figures: kappa is Lambda milliseconds for a CPU millisecond where `reference_ms` was measured.

    Raises:
        WriteError: the file cannot be written.
    """
    rows = {
        name: {
            "low": round(calibration.kappa.low, 4),
            "likely": round(calibration.kappa.likely, 4),
            "high": round(calibration.kappa.high, 4),
            "samples": calibration.samples,
            "reference_ms": calibration.reference_ms,
        }
        for name, calibration in sorted(calibrations.items())
    }
    write_text(path, json.dumps({"calibration_version": _VERSION, "functions": rows}, indent=1) + "\n")
