"""The reference kernel is run once, and again when anything it depends on changes."""

import sys
from pathlib import Path

from lambda_slim.run import kernel


def test_it_is_run_once(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path))
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\necho run >> {tmp_path}/runs\necho 48.5\n")
    script.chmod(0o755)

    assert [kernel.reference_ms.__wrapped__(script) for _ in range(3)] == [48.5] * 3
    assert (tmp_path / "runs").read_text() == "run\n"


def test_a_real_figure(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path))

    assert 5 < kernel.reference_ms.__wrapped__(Path(sys.executable)) < 5000
