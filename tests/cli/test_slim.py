"""`slim`: what another tool has built, made slim where it lies, and back again."""

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import zipfile

import pytest

from lambda_slim.cli.main import run
from tests.binaries import lock
from tests.cli.builds import APP, cdk_out, function, lay, pack, sam_build, serverless_out, state
from tests.cli.conftest import ROOT

NODE = {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs22.x", "Handler": "index.handler"}}


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


def slim(*arguments):
    return run(["slim", *map(str, arguments)])


def answer(folder, module, event):
    """What a handler in a folder gives, in a Python of its own."""
    code = "import importlib, json, sys; sys.path[:0] = [sys.argv[1]]; module = importlib.import_module(sys.argv[2])"
    code += "; print(json.dumps(module.handler(json.loads(sys.argv[3]), None)))"
    done = subprocess.run(
        [sys.executable, "-IB", "-c", code, folder, module, json.dumps(event)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_sam_twice_is_once_and_undone_is_as_before(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "other.handler")})
    before = state(build)

    assert slim(build, "--level", "reach") == 0
    first = state(build)
    assert "A/unused.py" not in first
    assert "A/extra.py" not in first
    assert "B/shared.py" not in first
    assert first["template.yaml"] == before["template.yaml"]
    assert answer(build / "B", "other", {"n": 1}) == {"other": {"n": 1}}
    assert {path.stat().st_mtime for path in (build / "A").rglob("*")} == {315532800}

    assert slim(build, "--level", "reach") == 0
    assert "2 packages slim already" in capsys.readouterr().out
    assert state(build) == first

    assert slim(build, "--undo") == 0
    assert state(build) == before
    assert not (build / ".lambda-slim-before").exists()


def test_only_what_was_built_anew_is_slimmed(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "other.handler")})
    assert slim(build) == 0
    changed = APP.replace("event)", "'edited')")
    for path in sorted((build / "A").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    lay(build / "A", app=changed)
    capsys.readouterr()

    assert slim(build) == 0

    assert "1 package slimmed, 1 package slim already" in capsys.readouterr().out
    assert state(build)["A/app.py"] == changed.encode()
    assert slim(build, "--undo") == 0
    assert state(build)["A/app.py"] == changed.encode()
    assert "A/tiny/_stub.pyi" in state(build)
    assert "B/tiny/_stub.pyi" in state(build)


def test_other_settings_begin_with_the_former_state(tmp_path):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    assert slim(build, "--level", "reach") == 0
    assert "A/unused.py" not in state(build)

    assert slim(build, "--level", "safe", "--bytecode", "none") == 0

    assert "A/unused.py" in state(build)
    assert not [name for name in state(build) if name.endswith(".pyc")]


def test_two_functions_of_one_folder_get_what_any_of_them_needs(tmp_path):
    build = sam_build(tmp_path, {"A": ("Fn", "app.handler"), "B": ("Fn", "other.handler")})

    assert slim(build, "--level", "reach") == 0

    assert "Fn/unused.py" not in state(build)
    assert answer(build / "Fn", "app", 1) == {"app": 1}
    assert answer(build / "Fn", "other", 2) == {"other": 2}


def test_a_dry_run_writes_nothing_and_says_what_would_be(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    before = state(tmp_path)

    assert slim(build, "--dry-run") == 1

    assert "1 package would be slimmed" in capsys.readouterr().out
    assert {name: data for name, data in state(tmp_path).items() if not name.startswith("cache/")} == before


def check_assembly(out):
    """What a deployment needs: every key is that of an asset that is there, and templates have their own digests."""
    template = (out / "Demo.template.json").read_bytes()
    files = json.loads((out / "Demo.assets.json").read_text())["files"]
    manifest = (out / "manifest.json").read_text()
    for row in json.loads(template)["Resources"].values():
        if row["Type"] == "AWS::Lambda::Function" and "Code" in row["Properties"]:
            key = row["Properties"]["Code"]["S3Key"].removesuffix(".zip")
            assert (out / files[key]["source"]["path"] / "app.py").is_file()
            assert row["Metadata"]["aws:asset:path"] == files[key]["source"]["path"]
    mark = hashlib.sha256(template).hexdigest()
    assert files[mark]["source"]["path"] == "Demo.template.json"
    assert f"/{mark}.json" in manifest


def test_cdk_assets_get_new_hashes_everywhere(tmp_path, capsys):
    out = cdk_out(tmp_path, {"A": "app.handler", "B": "other.handler"})
    before = state(out)
    check_assembly(out)

    assert slim(out, "--level", "reach") == 0

    check_assembly(out)
    after = state(out)
    assert not {name for name in before if name.startswith("asset.")} & set(after)
    assert not any(name.endswith("unused.py") for name in after)
    versions = [re.findall(rb"ACurrentVersion[0-9a-f]{32}", text["Demo.template.json"]) for text in (before, after)]
    assert versions[0][0] != versions[1][0]
    assert len(set(versions[1])) == 1  # what refers to the version still does

    assert slim(out, "--level", "reach") == 0
    assert "1 package slim already" in capsys.readouterr().out
    assert state(out) == after
    assert slim(out, "--undo") == 0
    assert state(out) == before


def test_cdk_synth_after_slim_is_slimmed_again(tmp_path):
    out = cdk_out(tmp_path, {"A": "app.handler"})
    before = state(out)
    assert slim(out) == 0
    after = state(out)

    cdk_out(tmp_path, {"A": "app.handler"})  # writes its files, and the asset that is not there any more
    assert slim(out) == 0
    assert state(out) == after
    assert slim(out, "--undo") == 0
    assert state(out) == before


def test_one_package_is_brought_back_with_the_files_that_name_it_or_not_at_all(tmp_path, capsys):
    out = serverless_out(tmp_path, {"a": "app.handler"})
    before = state(out)
    assert slim(out / "demo.zip") == 0
    slimmed = state(out)
    assert slim(out / "demo.zip", "--undo") == 0
    assert state(out) == before

    assert slim(out) == 0
    known = out / ".lambda-slim-before" / "slimmed.json"
    table = json.loads(known.read_text())
    table["packages"].append({**table["packages"][0], "path": "other.zip", "was": "other.zip"})
    known.write_text(json.dumps(table))
    assert slim(out / "demo.zip", "--undo") == 2
    assert "cannot be brought back by itself" in capsys.readouterr().err
    assert state(out) == slimmed


def test_a_link_to_a_zip_changes_what_it_leads_to_and_brings_it_back(tmp_path, capsys):
    out = serverless_out(tmp_path, {"a": "app.handler"})
    (tmp_path / "link.zip").symlink_to(out / "demo.zip")
    before = state(out)

    assert slim(tmp_path / "link.zip") == 0
    assert state(out) != before
    assert slim(tmp_path / "link.zip", "--undo") == 0
    assert state(out) == before
    assert (tmp_path / "link.zip").is_symlink()


def test_an_asset_that_something_else_uses_is_left_alone(tmp_path, capsys):
    bucket = {"Type": "Custom::CDKBucketDeployment", "Properties": {"SourceObjectKeys": ["KEY.zip"]}}
    out = cdk_out(tmp_path, {"A": "app.handler"}, {"Deployment": bucket}.items())
    before = state(out)

    assert slim(out) == 0

    assert "Deployment has the same code" in " ".join(capsys.readouterr().out.split())
    assert state(out) == before


def test_serverless_zips_and_their_digests(tmp_path, capsys):
    (tmp_path / "lambda-slim.toml").write_text('[functions.hello]\nlevel = "reach"\n[functions.bye]\nlevel = "reach"\n')
    out = serverless_out(tmp_path, {"hello": "app.handler", "bye": "other.handler"})
    before = state(out)

    assert slim(out) == 0

    data = (out / "demo.zip").read_bytes()
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    for name in ("serverless-state.json", "cloudformation-template-update-stack.json"):
        text = (out / name).read_text()
        assert set(re.findall(r'"CodeSha256": "([^"]+)"', text)) == {digest}
        assert "LambdaVersionAbc09" not in text
    with zipfile.ZipFile(out / "demo.zip") as archive:
        assert {"app.py", "other.py", "extra.py"} <= set(archive.namelist())
        assert "unused.py" not in archive.namelist()
    after = state(out)
    assert slim(out) == 0
    assert state(out) == after
    assert slim(out, "--undo") == 0
    assert state(out) == before


def test_a_zip_that_a_function_in_another_language_has_too_is_left_alone(tmp_path, capsys):
    code = {"S3Key": "serverless/demo/dev/179-2026/demo.zip"}
    node = {**NODE, "Properties": {**NODE["Properties"], "Code": code}}
    out = serverless_out(tmp_path, {"hello": "app.handler"}, {"NodeLambdaFunction": node}.items())
    before = state(out)

    assert slim(out) == 0

    text = " ".join(capsys.readouterr().out.split())
    assert "NodeLambdaFunction has the same code" in text
    assert "its runtime is nodejs22.x" in text
    assert state(out) == before


def test_one_zip_and_a_folder_of_zips(tmp_path):
    pack(tmp_path / "out" / "one.zip")
    pack(tmp_path / "out" / "two.zip")
    before = state(tmp_path / "out")
    flags = ("--handler", "app.handler", "--python", f"3.{sys.version_info[1]}", "--level", "reach")

    assert slim(tmp_path / "out" / "one.zip", *flags) == 0
    assert slim(tmp_path / "out", *flags) == 0

    with zipfile.ZipFile(tmp_path / "out" / "two.zip") as archive:
        assert "unused.py" not in archive.namelist()
    assert (tmp_path / "out" / "one.zip").read_bytes() == (tmp_path / "out" / "two.zip").read_bytes()
    assert slim(tmp_path / "out" / "one.zip", "--undo") == 0
    assert slim(tmp_path / "out", "--undo") == 0
    assert state(tmp_path / "out") == before


def refused(capsys, target, code, text):
    assert slim(target) == code
    assert text in " ".join(capsys.readouterr().err.split())


def test_source_code_is_refused(tmp_path, capsys):
    lay(tmp_path / "src")
    resources = {"A": {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="src")}}
    (tmp_path / "template.yaml").write_text(json.dumps({"Resources": resources}))
    before = state(tmp_path / "src")

    refused(capsys, tmp_path, 2, "is a project, not what a tool has built of it")
    assert state(tmp_path / "src") == before


def test_a_project_is_told_where_its_build_lies(tmp_path, capsys):
    sam_build(tmp_path, {"A": ("A", "app.handler")})

    refused(capsys, tmp_path, 2, f"name {tmp_path}/.aws-sam/build")


def test_half_built_the_rest_is_slimmed(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "other.handler")})
    for path in sorted((build / "B").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (build / "B").rmdir()

    assert slim(build) == 2
    out = " ".join(capsys.readouterr().out.split())
    assert "the code of B is not there" in out
    assert "1 package slimmed, 1 package FAILED" in out


def test_a_manifest_that_is_no_manifest(tmp_path, capsys):
    out = serverless_out(tmp_path, {"hello": "app.handler"})
    (out / "serverless-state.json").write_text('{"service": [')

    refused(capsys, out, 2, "cannot be read")


def test_a_package_that_cannot_start_is_left_as_it_was(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    (build / "A" / "app.py").write_text("import not_there\n\n\ndef handler(event, context):\n    return 1\n")
    before = state(build)

    assert slim(build) == 1
    assert "it cannot start" in capsys.readouterr().out
    assert state(build) == before


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    build.chmod(0o555)

    refused(capsys, build, 3, "cannot write in")
    build.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="rights of folders")
def test_one_package_that_may_not_be_changed_fails_alone(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "app.handler")})
    lock(build / "A", 0o555)
    before = state(build / "A")

    assert slim(build, "--level", "safe") == 3

    told = " ".join(capsys.readouterr().out.split())
    assert "`A` cannot be changed" in told
    assert "1 package slimmed, 1 package FAILED" in told
    assert state(build / "A") == before
    assert slim(build, "--undo") == 0


def test_code_behind_a_link_that_leads_out_is_left_alone(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "other.handler")})
    (build / "A").rename(tmp_path / "shared")
    (build / "A").symlink_to(tmp_path / "shared")
    before = state(tmp_path / "shared")

    assert slim(build) == 0
    assert "its code lies outside" in " ".join(capsys.readouterr().out.split())
    assert state(tmp_path / "shared") == before


def test_a_dependency_behind_a_link_is_copied_into_the_package(tmp_path):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    (build / "A" / "tiny").rename(tmp_path / "tiny")
    (build / "A" / "tiny").symlink_to(tmp_path / "tiny")

    assert slim(build, "--level", "safe") == 0

    assert (build / "A" / "tiny" / "__init__.py").is_file()
    assert not (build / "A" / "tiny").is_symlink()
    assert (tmp_path / "tiny" / "_stub.pyi").is_file()


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from lambda_slim.cli.main import run
left = [int(sys.argv[3])]
def hook(name, arguments):
    if name in ("os.rename", "os.link") and ".lambda-slim-before" in repr(arguments):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
sys.exit(run(["slim", sys.argv[2], "-q"]))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("moment", [0, 3, 5])
def test_after_a_kill_the_next_run_or_the_undo_makes_it_whole(tmp_path, moment):
    out = cdk_out(tmp_path, {"A": "app.handler"})
    before = state(out)
    assert slim(out) == 0
    after = state(out)
    assert slim(out, "--undo") == 0

    killed = subprocess.run([sys.executable, "-c", KILLED, ROOT, out, str(moment)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    if moment == 3:
        assert slim(out, "--undo") in (0, 5)
        assert state(out) == before
    else:
        assert slim(out) == 0
        assert state(out) == after


def test_two_at_a_time_are_one_too_many(tmp_path, capsys):
    fcntl = pytest.importorskip("fcntl")
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    (build / ".lambda-slim-before").mkdir()
    with (build / ".lambda-slim-before" / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused(capsys, build, 2, "is being slimmed by another process")


CODE = "".join(
    f"def f{n}(a, b={n}, *c):\n    return [a + x for x in c if x > b] or {{'k': b}}\n\n\n" for n in range(900)
)
TEXT = f"TEXT = {'x' * 40_000!r}\n"


@pytest.mark.parametrize(("module", "pays"), [(CODE, True), (TEXT, False)])
def test_a_zip_grows_by_bytecode_only_where_there_is_code_to_compile(tmp_path, capsys, module, pays):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    (build / "A" / "shared.py").write_text(module + "def answer(event):\n    return event\n")

    assert slim(build, "--level", "safe", "--json", "rows.json") == 0

    told = " ".join(capsys.readouterr().out.split())
    assert ("larger with bytecode; compiling what INIT imports" in told) is pays
    assert bool(list((build / "A").rglob("*.pyc"))) is pays
    (row,) = json.loads((tmp_path / "rows.json").read_text())["packages"]
    assert bool(row["gain"]) is pays
    assert not pays or row["gain"]["before_us"] > row["gain"]["after_us"]


def test_what_build_made_slim_is_slim_already(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    (build / "A" / "_lambda_slim_guard.pyc").write_bytes(b"as build --level reach leaves it")
    before = state(build)

    assert slim(build) == 0
    assert "1 package slim already" in capsys.readouterr().out
    assert state(build) == before


def test_an_assembly_without_one_of_its_templates_says_which(tmp_path, capsys):
    out = cdk_out(tmp_path, {"F": "app.handler"})
    template = next(out.glob("*.template.json"))
    template.unlink()

    assert slim(out) == 2
    assert f"`{template.name}` is not there" in capsys.readouterr().err
