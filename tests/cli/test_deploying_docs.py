"""The lines of docs/deploying.md that need no other tool; tests/integrations runs those that do."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from lambda_slim.cli.main import run
from tests.cli.builds import FILES, PYTHON, function, pack
from tests.cli.conftest import ROOT

DOC = (ROOT / "docs/deploying.md").read_text("utf-8").replace("3.12", f"3.{sys.version_info[1]}")
WITH_TOOLS = {"SAM", "CDK", "Serverless 3, osls", "Chalice", "Zappa"}  # tests/integrations/test_in_place.py


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "lambda-slim.toml").write_text('level = "safe"\n')  # no proof


def blocks():
    return dict(re.findall(r"^### ([^\n]+)\n+```sh\n(.*?)```", DOC, re.DOTALL | re.MULTILINE))


def test_every_block_is_run_by_a_test():
    assert blocks().keys() == WITH_TOOLS | {"Any other zip or folder"}
    lines = (ROOT / "tests/integrations/test_in_place.py").read_text("utf-8")
    assert all(f'"{name}"' in lines for name in WITH_TOOLS)


def test_any_other_zip():
    pack(Path("build/orders.zip"))
    before = Path("build/orders.zip").read_bytes()

    for line in blocks()["Any other zip or folder"].splitlines():
        assert run(shlex.split(line)[1:]) == 0

    assert Path("build/orders.zip").read_bytes() != before


def test_the_builds_before_a_tool():
    for name in ("app.py", "shared.py"):
        Path(name).write_text(FILES[name])
    resource = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri=".")}
    Path("template.yaml").write_text(json.dumps({"Resources": {"OrdersFunction": resource}}))
    table = DOC[DOC.index("## Before it") :]
    lines = sorted(set(re.findall(r"`(lambda-slim build --[^`]+)`", table)))
    assert len(lines) == 2

    for line in lines:
        assert run(shlex.split(line)[1:]) == 0

    assert Path("dist/OrdersFunction/app.py").is_file()
    assert f'"{PYTHON}"' in Path("dist/template.yaml").read_text()
