"""The cache lies where the system keeps caches."""

import subprocess
import sys
from pathlib import Path

from lambda_slim.base import places


def test_variables_come_first(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LAMBDA_SLIM_CACHE", raising=False)

    for system in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        assert places.cache_folder() == str(tmp_path / "lambda-slim")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "own"))
    assert places.cache_folder() == str(tmp_path / "own")


def test_the_place_of_linux_stays_and_costs_no_library():
    code = "import sys; sys.platform = sys.argv[1]; from lambda_slim.base import places"
    code += "; print(places.cache_folder(), 'platformdirs' in sys.modules)"
    env = {"HOME": "/home/someone", "PATH": "/usr/bin:/bin"}

    def told(system):
        command = [sys.executable, "-c", code, system]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.split()

    assert told("linux") == ["/home/someone/.cache/lambda-slim", "False"]
    folder, library = told("darwin")
    assert library == "True"
    assert Path(folder) == Path("/home/someone/Library/Caches/lambda-slim")
