"""Projects with something wrong: what failed, why, what to do; the documented code; nothing half-written."""

import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lambda_slim.cli import main as cli
from tests.binaries import lock
from tests.cli.bad.conftest import HANDLER, PYTHON

ROOT = Path(__file__).parents[3]


def names(path):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return file.namelist()


def template(**properties):
    row = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"CodeUri": ".", "Runtime": f"python{PYTHON}", **properties},
    }
    return json.dumps({"Resources": {"F": row}})


def test_no_handler(fails, tmp_path):
    assert "no handler found" in fails(5, "build", tmp_path)


def test_no_function(fails, project):
    root = project({"template.yaml": "Resources: {T: {Type: 'AWS::S3::Bucket'}}\n"})

    assert "no Python function" in fails(5, "build", root)


@pytest.mark.parametrize(
    ("handler", "near"),
    [
        ("ap.handler", "did you mean `app.handler`?"),
        ("app.handle", "did you mean `app.handler`?"),
        ("handler", "module.function"),
        ("../app.handler", "module.function"),
    ],
)
def test_a_handler_that_is_not_there_names_the_nearest(fails, project, handler, near):
    root = project({"template.json": template(Handler=handler)})

    told = fails(2, "build", root)

    assert near in told
    assert "template.json:1" in told
    assert not Path("dist").exists()


def test_a_target_that_is_not_there(fails):
    assert "`nowhere` is not there" in fails(2, "build", "nowhere")


def test_unknown_intrinsics_leave_a_function_out_and_say_so(project, fails, capsys):
    rows = json.loads(template(Handler="app.handler"))
    rows["Resources"]["Odd"] = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"CodeUri": ".", "Handler": {"Fn::Transform": {"Name": "x"}}, "Runtime": f"python{PYTHON}"},
    }
    root = project({"template.json": json.dumps(rows)})

    assert cli.run(["build", str(root), "-o", "out"]) == 2

    told = capsys.readouterr().err
    assert "Odd is left out: its Handler is missing, or only known at deployment" in told
    assert sorted(path.name for path in Path("out").iterdir()) == ["F.zip", "lambda-slim.manifest.json"]

    del rows["Resources"]["F"]
    (root / "template.json").write_text(json.dumps(rows))
    assert "Odd: its Handler is missing" in fails(2, "build", root)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("template.yaml", "Resources: [", "cannot be read as a template"),
        ("lambda-slim.toml", 'levle = "safe"\n', "lambda-slim.toml:1: there is no setting `levle`"),
        ("lambda-slim.toml", "= 3\n", "is not TOML"),
        ("lambda-slim.toml", 'runtime = "python2.7"\n', "is a retired runtime"),
        ("lambda-slim.toml", 'level = "bold"\n', "must be one of auto, safe, reach, trace"),
    ],
)
def test_files_that_cannot_be_used(fails, project, file, text, message):
    assert message in fails(2, "build", project({file: text}))


def test_wrong_flags_name_what_would_be_right(fails, project):
    assert "x86_64 or arm64" in fails(2, "build", project(), "--arch", "mips")
    assert "is not a CPython 3.9" in fails(2, "build", project(), "--python", "3.9", "--interpreter", sys.executable)
    assert "no function is called" in fails(2, "build", project(), "--python", PYTHON, "-F", "Nope")


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (("build", "--levle", "reach"), "no such option: --levle", "did you mean `--level`?"),
        (("build", "-o"), "option '-o' requires an argument", "lambda-slim build --help"),
        (("build", "a", "b"), "unexpected extra argument", "lambda-slim build --help"),
        (("why",), "cannot run without it", "lambda-slim why --help"),
        (("biuld",), "there is no command `biuld`", "did you mean `build`?"),
    ],
)
def test_wrong_flags_are_told_like_every_failure(fails, arguments, error, hint):
    told = fails(2, *arguments)

    assert error in told
    assert hint in told


@pytest.mark.parametrize("place", ["blocked/out", "blocked/out.zip", "/proc/nowhere/x.zip", "x" * 300 + ".zip"])
def test_an_output_that_cannot_be_written(fails, project, place):
    Path("blocked").write_text("a file")

    told = fails(3, "build", project(), "--python", PYTHON, "-o", place)

    assert "cannot write" in told
    assert [path.name for path in Path().iterdir()] == ["blocked"]


def test_an_output_folder_without_the_right_to_write(fails, project):
    Path("out").mkdir()
    lock(Path("out"), 0o555)

    assert "Permission denied" in fails(3, "build", project(), "--python", PYTHON, "-o", "out")


def child(*arguments, **more):
    command = [sys.executable, "-m", "lambda_slim", *map(str, arguments)]
    return subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, **more
    )


def test_a_full_disk_leaves_the_old_zip(project):
    root = project({"data.bin": os.urandom(400_000)})
    Path("out").mkdir()
    Path("out/project.zip").write_bytes(b"the old one")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = child("build", root, "--python", PYTHON, "-o", "out", "-q", preexec_fn=limit)

    assert (done.returncode, done.stdout) == (3, "")
    assert [line[:7] for line in done.stderr.splitlines()] == ["error: ", "cause: ", "hint:  "]
    assert "cannot write" in done.stderr
    assert Path("out/project.zip").read_bytes() == b"the old one"
    assert [path.name for path in Path("out").iterdir()] == ["project.zip"]


def test_closed_standard_streams_are_no_reason_to_fail(project):
    root = project()

    command = [sys.executable, "-m", "lambda_slim", "build", str(root), "--python", PYTHON, "-o", "x.zip"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, check=False, preexec_fn=lambda: os.closerange(1, 3))

    assert done.returncode == 0
    assert "app.py" in names("x.zip")


def test_a_cache_that_cannot_be_written_changes_nothing(project, works, monkeypatch):
    root = project()
    works("build", root, "--python", PYTHON, "-o", "a.zip")
    Path("file").write_text("")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(Path("file/cache").absolute()))

    works("build", root, "--python", PYTHON, "-o", "b.zip")

    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes()


def test_a_cache_that_cannot_be_written_where_it_is_needed(fails, project, monkeypatch):
    Path("file").write_text("")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(Path("file/cache").absolute()))

    told = fails(3, "build", project({"requirements.txt": "six\n"}), "--python", PYTHON)

    assert "the cache cannot be written" in told
    assert "LAMBDA_SLIM_CACHE" in told


def test_links_in_circles_and_out_of_the_project(project, works, tmp_path):
    root = project({"sub/x.py": "x = 1"})
    (tmp_path / "secret.txt").write_text("not yours")
    (root / "sub/up").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "out").symlink_to(tmp_path)

    told = works("build", root, "--python", PYTHON, "-o", "x.zip", "--bytecode", "none", "-v")

    assert {"app.py", "sub/x.py"} <= set(names("x.zip"))
    assert not any("secret" in name or name.startswith("out") for name in names("x.zip"))
    assert "out.txt: left out: a link out of the project" in told


def test_files_that_cannot_be_read(project, works, fails):
    root = project({"data.txt": "x"})
    lock(root / "data.txt")

    assert "`data.txt` cannot be read" in fails(3, "build", root, "--python", PYTHON, "-o", "x.zip", "-v")
    (root / "data.txt").unlink()

    (root / "lambda-slim.toml").write_text("")
    lock(root / "lambda-slim.toml")
    assert "cannot read" in fails(2, "build", root, "--python", PYTHON)


def test_names_that_are_no_text_or_very_long(project, works):
    root = project({"x" * 251 + ".py": "", "é/" + "y" * 200 + "/" + "z" * 200 + ".py": ""})
    (root / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")

    told = works("build", root, "--python", PYTHON, "-o", "x.zip", "-v")

    assert "its name is not UTF-8" in told
    assert sum(name.endswith(".py") and len(name) > 250 for name in names("x.zip")) == 2
    works("files", root, "--python", PYTHON)


@pytest.mark.parametrize(
    "name", ["a b", "projéct – ünïcode 日本", 'quote\'s "here"', "per%cent #hash", "-dash", "new\nline"]
)
def test_projects_with_any_name(project, works, name):
    root = project({"é.txt": "x"}, folder=name)

    works("build", root, "--python", PYTHON, "-o", "a.zip")
    works("build", project(), "--python", PYTHON, "-o", "b.zip")
    os.chdir(root)
    works("build", ".", "--python", PYTHON, "--json", "report.json")

    assert names(root / "dist" / f"{name}.zip")
    assert json.loads((root / "report.json").read_text("utf-8"))["functions"][0]["name"] == name


def test_a_project_with_a_name_that_is_no_text(project, works):
    root = project(folder=os.fsdecode(b"caf\xe9"))

    works("build", root, "--python", PYTHON, "-o", "x.zip", "--json", "report.json", "--markdown", "report.md")

    assert "app.py" in names("x.zip")


def test_python_that_is_none_ships_as_it_is(project, works):
    files = {"broken.py": "not python (", "old.py": "print 'x'\n", "bytes.py": b"x = '\xff'\n", "nul.py": b"x = 1\0\n"}
    root = project({**files, "deep.py": "x = " + "(" * 500 + ")" * 500 + "\n", "bom.py": b"\xef\xbb\xbfx = 1\n"})

    works("build", root, "--python", PYTHON, "-o", "x.zip")

    assert set(files) <= set(names("x.zip"))


def test_an_ignore_file_that_is_no_text(fails, project):
    told = fails(2, "build", project({".lambdaslimignore": b"\x80\x81"}), "--python", PYTHON)

    assert ".lambdaslimignore" in told


def test_an_event_that_is_not_there_or_no_json(fails, project):
    root = project({"bad.json": "{"})

    assert "gone.json" in fails(2, "build", root, "--python", PYTHON, "-e", "gone.json")
    assert "bad.json" in fails(2, "build", root, "--python", PYTHON, "--level", "reach", "-e", root / "bad.json")


def test_over_the_limit(fails, project):
    root = project()
    with (root / "big.bin").open("wb") as file:
        file.truncate(262_144_001)

    told = fails(3, "build", root, "--python", PYTHON, "-o", "x.zip")

    assert "Lambda takes 250 MiB" in told
    assert not Path("x.zip").exists()


def test_two_functions_into_one_zip(fails, project):
    rows = json.loads(template(Handler="app.handler"))
    rows["Resources"]["G"] = rows["Resources"]["F"]

    told = fails(2, "build", project({"template.json": json.dumps(rows)}), "-o", "x.zip")

    assert "there are 2 functions" in told


def test_two_builds_at_once_on_one_cache(project, monkeypatch, tmp_path):
    root = project({f"m{n}.py": f"def f{n}(): return {n}\n" * 50 for n in range(60)})
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cold"))
    command = [sys.executable, "-m", "lambda_slim", "build", str(root), "--python", PYTHON, "-q", "-o"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    children = [subprocess.Popen([*command, f"{n}.zip"], env=env, stderr=subprocess.PIPE, text=True) for n in range(3)]

    assert [(one.wait(), one.stderr.read()) for one in children] == [(0, "")] * 3
    assert len({Path(f"{n}.zip").read_bytes() for n in range(3)}) == 1
    assert len(names("0.zip")) == 61  # app.py is too small to be compiled


@pytest.mark.slow
def test_twelve_thousand_files(project, works):
    root = project()
    for folder in range(60):
        place = root / f"p{folder}"
        place.mkdir()
        for number in range(200):
            (place / (f"m{number}.py" if number % 3 else f"d{number}.txt")).write_text(f"x = {folder * number}\n")

    works("build", root, "--python", PYTHON, "--bytecode", "none", "--keep", "**", "-o", "x.zip")

    assert len(names("x.zip")) == 12_001


def test_handlers_text_is_never_run_at_level_safe(project, works):
    endless = "for _ in iter(int, 1):\n    pass\n"
    works("build", project({"app.py": HANDLER + endless}), "--python", PYTHON, "-o", "x.zip")


BAD_TEXTS = {
    "encoding": (b"X = 'caf\xe9'\n" + HANDLER.encode(), "encoding"),
    "cookie": (b"# coding: nope\n" + HANDLER.encode(), "unknown encoding: nope"),
    "late": (b"X = 1\n\n\n\nY = 'caf\xe9'\n" + HANDLER.encode(), "it is not utf-8; a first line such as"),
}


@pytest.mark.parametrize(("data", "why"), BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_module_that_is_no_text_is_told_with_its_encoding(data, why, project, fails, capsys):
    root = project({"app.py": data})

    assert ") cannot be parsed: " in fails(5, "build", root, "--python", PYTHON)
    assert cli.run(["lint", str(root)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "LS200" in told
    assert why in told
