"""`slim`: a layer that is built with its functions keeps what any of them needs."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from lambda_slim.cli.main import run
from tests.cli.builds import sam_layered, serverless_layered, state

ANSWERS = {"A": ["tiny", 1], "B": ["more", 1]}
SLIM = ("--level", "reach", "--bytecode", "none")


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


def slim(*arguments):
    return run(["slim", *map(str, arguments)])


def answer(package, layer):
    """What a function gives with a layer's folder behind its own."""
    code = "import json, sys; sys.path[:0] = sys.argv[1:]; import app; print(json.dumps(app.handler(1, None)))"
    command = [sys.executable, "-I", "-B", "-c", code, package, layer / "python"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def check_slim(build):
    """The layer has what A and B need together, and no more."""
    names = {name.removeprefix("Shared/") for name in state(build) if name.startswith("Shared/")}
    assert {"python/common.py", "python/more.py", "python/tiny/__init__.py", "bin/tool"} <= names
    assert not {"python/never.py", "python/tiny/never.py"} & names
    assert {name: answer(build / name, build / "Shared") for name in "AB"} == ANSWERS


def test_the_layer_keeps_what_any_of_its_functions_needs(tmp_path, capsys):
    build = sam_layered(tmp_path)
    before = state(build)

    assert slim(build, "--dry-run") == 1
    assert state(build) == before
    assert slim(build, *SLIM) == 0

    check_slim(build)
    first = state(build)
    capsys.readouterr()
    assert slim(build, *SLIM) == 0
    assert "3 packages slim already" in capsys.readouterr().out
    assert state(build) == first
    assert slim(build, "--undo") == 0
    assert state(build) == before


def test_an_edit_that_needs_more_of_the_layer_ships_with_it(tmp_path):
    build = sam_layered(tmp_path)
    assert slim(build, *SLIM) == 0
    (build / "B" / "app.py").write_text("import never\n\n\ndef handler(event, context):\n    return never.USED\n")

    assert slim(build, *SLIM) == 0  # the layer is as it was left: it begins with its former state

    assert (build / "Shared" / "python" / "never.py").is_file()
    assert not (build / "Shared" / "python" / "more.py").exists()
    assert answer(build / "B", build / "Shared") is False


@pytest.mark.parametrize("why", ["RetentionPolicy", "Outputs", "-F"])
def test_a_layer_that_others_may_use_is_left_alone(tmp_path, capsys, why):
    build = sam_layered(tmp_path, **({"RetentionPolicy": "Retain"} if why == "RetentionPolicy" else {}))
    if why == "Outputs":
        document = json.loads((build / "template.yaml").read_text())
        document["Outputs"] = {"LayerArn": {"Value": {"Ref": "Shared"}}}
        (build / "template.yaml").write_text(json.dumps(document))
    before = {name: data for name, data in state(build).items() if name.startswith("Shared/")}

    assert slim(build, *SLIM, *(("-F", "A") if why == "-F" else ())) == 0

    text = " ".join(capsys.readouterr().out.split())
    said = {"RetentionPolicy": "RetentionPolicy: Retain", "Outputs": "Outputs LayerArn refers", "-F": "B has it too"}
    assert said[why] in text
    assert {name: data for name, data in state(build).items() if name.startswith("Shared/")} == before
    assert answer(build / "A", build / "Shared") == ANSWERS["A"]
    if why != "-F":
        assert slim(build, *SLIM, "--layer", "Shared") == 0
        check_slim(build)


def _project(folder):
    """A project whose template has a zip as its layer, beside two functions of source code."""
    build = sam_layered(folder / "made")
    document = json.loads((build / "template.yaml").read_text())
    for name in "AB":
        (build / name).rename(folder / name)
    with zipfile.ZipFile(folder / "shared.zip", "w") as archive:
        for path in sorted((build / "Shared").rglob("*")):
            archive.write(path, path.relative_to(build / "Shared"))
    document["Resources"]["Shared"]["Properties"]["ContentUri"] = "shared.zip"
    document["Resources"]["Shared"].pop("Metadata", None)
    shutil.rmtree(folder / "made")
    (folder / "template.yaml").write_text(json.dumps(document))
    return folder / "shared.zip"


def _inside(archive, folder):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


def test_a_layer_by_itself_keeps_what_the_functions_of_its_project_need(tmp_path, capsys):
    layer = _project(tmp_path)
    before = state(tmp_path)

    assert slim("shared.zip", "--dry-run") == 1
    assert slim("shared.zip", *SLIM) == 0

    assert "it has what A, B can need of it" in " ".join(capsys.readouterr().out.split())
    inside = _inside(layer, tmp_path / "inside")
    names = state(inside).keys()
    assert {"python/common.py", "python/more.py", "python/tiny/__init__.py", "bin/tool"} <= names
    assert not {"python/never.py", "python/tiny/never.py"} & names
    assert {name: answer(tmp_path / name, inside) for name in "AB"} == ANSWERS
    shutil.rmtree(inside)
    assert slim("shared.zip", *SLIM) == 0
    assert "1 package slim already" in capsys.readouterr().out
    (tmp_path / "B" / "app.py").write_text("import never\n\n\ndef handler(event, context):\n    return never.USED\n")
    assert slim("shared.zip", *SLIM) == 0
    assert answer(tmp_path / "B", _inside(layer, tmp_path / "inside")) is False
    shutil.rmtree(tmp_path / "inside")
    assert slim("shared.zip", "--undo") == 0
    assert layer.read_bytes() == before["shared.zip"]


def test_a_layer_by_itself_is_slimmed_for_all_who_have_it(tmp_path, capsys):
    layer = _project(tmp_path)
    before = layer.read_bytes()

    assert slim("shared.zip", "-F", "A") == 2
    assert "B was not asked for" in " ".join(capsys.readouterr().err.split())
    assert layer.read_bytes() == before
    assert slim("shared.zip", *SLIM, "-F", "A", "--layer", "Shared") == 0
    with zipfile.ZipFile(layer) as archive:
        assert "python/more.py" not in archive.namelist()


def test_a_layer_of_a_serverless_service(tmp_path, capsys):
    out = serverless_layered(tmp_path)
    before = state(out)

    assert slim(out, *SLIM) == 0
    assert "Outputs SharedLambdaLayerQualifiedArn refers to it" in " ".join(capsys.readouterr().out.split())
    assert (out / "shared.zip").read_bytes() == before["shared.zip"]
    assert slim(out, *SLIM, "--layer", "Shared*") == 0

    with zipfile.ZipFile(out / "shared.zip") as archive:
        names = set(archive.namelist())
    assert {"python/common.py", "python/tiny/__init__.py", "bin/tool"} <= names
    assert not {"python/never.py", "python/more.py"} & names
    assert slim(out, "--undo") == 0
    assert state(out) == before


def test_a_layer_has_the_licences_of_its_own_distributions_only(tmp_path):
    build = sam_layered(tmp_path)
    for place, name in ((build / "A", "own"), (build / "Shared/python", "shared")):
        info = place / f"{name}-1.0.dist-info"
        info.mkdir()
        (place / f"{name}.py").write_text("x = 1\n")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "LICENSE").write_text(f"The terms of {name}\n")
        (info / "RECORD").write_text("".join(f"{path},,\n" for path in (f"{name}.py", f"{info.name}/LICENSE")))
    app = build / "A/app.py"
    app.write_text("import own, shared\n" + app.read_text())

    assert slim(build, *SLIM) == 0

    texts = {name: (build / name / "THIRD_PARTY_LICENSES.txt").read_text() for name in ("A", "Shared/python")}
    assert {
        name: [dist for dist in ("own", "shared") if f"terms of {dist}" in text] for name, text in texts.items()
    } == {
        "A": ["own"],
        "Shared/python": ["shared"],
    }
