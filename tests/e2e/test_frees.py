"""What a distribution frees, beside what pipdeptree says by itself."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import uv

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def test_freed_bytes_are_pipdeptree_s_unique_dependencies(tool):
    folder = tool.folder / "p"
    command = [uv.find_uv_bin(), "pip", "install", "-q", "--target", folder, "--python-version", PYTHON]
    subprocess.run([*command, "--only-binary", ":all:", "flask==3.1.0", "requests==2.32.3"], check=True)
    program = shutil.which("pipdeptree", path=str(Path(sys.executable).parent))
    asked = ["--path", folder, "-o", "json", "-c", "unique-deps-names"]
    theirs = {
        row["package"]["key"]: row["package"]["computed"]
        for row in json.loads(subprocess.run([program, *asked], check=True, capture_output=True, text=True).stdout)
    }
    (folder / "app.py").write_text("import flask, requests\n\n\ndef handler(event, context):\n    return 1\n")

    tool("analyze", folder, "--handler", "app.handler", "--python", PYTHON, "--no-import", "-q", "--json", "r.json")

    rows = json.loads((tool.folder / "r.json").read_text("utf-8"))["functions"][0]["distributions"]
    ours = {row["name"]: row for row in rows if row["version"]}
    assert ours.keys() == theirs.keys()
    assert {name: row["freed_with"] for name, row in ours.items()} == {
        name: sorted(row["unique_deps_names"]) for name, row in theirs.items()
    }
    assert ours["flask"]["freed_with"] == ["blinker", "click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"]
    for name, row in theirs.items():
        size = sum(recorded(folder, other) for other in row["unique_deps_names"])
        assert ours[name]["freed_bytes"] - ours[name]["own_bytes"] == pytest.approx(size, rel=0.02, abs=60), name


def recorded(folder, name):
    """Bytes of the files that the RECORD of an installed distribution names."""
    named = {_normalised(path.parent.name): path for path in folder.glob("*.dist-info/RECORD")}
    record = named[name]
    paths = [folder / line.rsplit(",", 2)[0] for line in record.read_text("utf-8").splitlines()]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _normalised(folder):
    return re.sub(r"[-_.]+", "-", folder.rpartition(".dist-info")[0].rpartition("-")[0]).lower()
