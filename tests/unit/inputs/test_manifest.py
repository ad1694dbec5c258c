"""A zip of ours in a template leads back to what it was made from."""

import zipfile

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.cli.main import run
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.project.manifest import NAME, read_manifest, source_behind
from lambda_slim.inputs.settings.load import load

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: %s, Handler: app.handler, Runtime: python3.12}
"""


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context): return 1\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE % "src/")
    assert run(["build", "-q"]) == 0
    (tmp_path / "template.yaml").write_text(TEMPLATE % "dist/Fn.zip")
    return tmp_path


def test_the_manifest_says_what_a_zip_was_made_from(built):
    (row,) = read_manifest(built / "dist")

    assert (row.function, row.zip, row.handler, row.source) == ("Fn", "Fn.zip", "app.handler", "../src")
    assert source_behind(built / "dist" / "Fn.zip") == built / "src"


def test_the_function_is_the_source_again(built):
    project = find_project(built, load(built))

    assert (project.functions[0].source, project.functions[0].artifact) == (built / "src", None)
    assert "taking its source" in project.warnings[0]


def test_a_source_that_is_gone_is_refused(built):
    (built / "src").rename(built / "code")

    with pytest.raises(ConfigError, match="is a zip that lambda-slim built"):
        find_project(built, load(built))


def test_the_settings_name_the_source(built):
    (built / "dist" / NAME).unlink()
    (built / "dist" / "Fn.zip").unlink()
    (built / "lambda-slim.toml").write_text('[functions.Fn]\nsource = "src"\n')

    assert find_project(built, load(built)).functions[0].source == built / "src"


def test_a_zip_of_another_tool_is_taken_as_it_is(built):
    (built / "dist" / NAME).unlink()

    assert find_project(built, load(built)).functions[0].artifact == built / "dist" / "Fn.zip"


def test_a_folder_of_ours_leads_back_too(built):
    assert run(["build", "src", "-q", "--format", "folder", "--handler", "app.handler", "--python", "3.12"]) == 0
    (built / "template.yaml").write_text(TEMPLATE % "dist/src")

    project = find_project(built, load(built))

    assert project.functions[0].source == built / "src"
    assert "dist" not in project.functions[0].source.parts


def test_a_zip_without_its_manifest_is_known_by_bytecode_that_only_we_compile(built):
    (built / "template.yaml").write_text(TEMPLATE % "src/")
    assert run(["build", "-q", "--bytecode", "all"]) == 0
    (built / "template.yaml").write_text(TEMPLATE % "dist/Fn.zip")
    (built / "dist" / NAME).unlink()

    with pytest.raises(ConfigError, match="is a zip that lambda-slim built"):
        find_project(built, load(built))

    place = built / "dist" / "Fn.zip"
    with zipfile.ZipFile(place) as archive:
        assert not any(name.startswith("_lambda_slim") for name in archive.namelist())
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(place, "w") as archive:  # as another tool that fixes dates would compile it
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data.replace(b"/var/task/", b"/var/tusk/"))
    assert find_project(built, load(built)).functions[0].artifact == place


def test_a_folder_without_its_manifest_is_known_too(built):
    (built / "template.yaml").write_text(TEMPLATE % "src/")
    assert run(["build", "-q", "--bytecode", "all", "--format", "folder", "-o", "out"]) == 0
    (built / "template.yaml").write_text(TEMPLATE % "out/Fn")
    (built / "out" / NAME).unlink()
    with pytest.raises(ConfigError, match="is a folder that lambda-slim built"):
        find_project(built, load(built))

    (built / "out").rename(built / "src" / "out")  # a folder around it is none of ours
    (built / "template.yaml").write_text(TEMPLATE % "src/")
    assert find_project(built, load(built)).functions[0].source == built / "src"
