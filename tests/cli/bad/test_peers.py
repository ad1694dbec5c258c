"""What other packagers got wrong, each with the thread that tells of it. Those that need an index are in e2e."""

import json
import marshal
import os
import zipfile
from pathlib import Path

import pytest

from tests.binaries import make_elf
from tests.cli.bad.conftest import HANDLER, PYTHON


def build(works, root, *arguments):
    works("build", root, "--python", PYTHON, "-o", "x.zip", *arguments)
    with zipfile.ZipFile("x.zip") as file:
        return {info.filename: info for info in file.infolist()}


@pytest.mark.parametrize("level", ["safe", "reach"])
def test_libraries_in_the_source_tree_travel(project, works, level):
    """SAM's pip builder drops every *.so of the user's own source."""
    text = "import ctypes, pathlib\nlib = pathlib.Path(__file__).with_name('lib') / 'libours.so.1'\n" + HANDLER
    files = {
        "app.py": text,
        "lib/libours.so.1": make_elf(),
        "native/_fast.abi3.so": make_elf(),
        "native/__init__.py": "",
    }

    members = build(works, project({**files, "use.py": "from native import _fast\n"}), "--level", level, "--no-verify")

    assert "lib/libours.so.1" in members
    if level == "safe":
        assert "native/_fast.abi3.so" in members


def test_a_library_that_reached_code_imports_travels_at_level_reach(project, works):
    root = project({"app.py": "from native import _fast\n" + HANDLER, "native/_fast.abi3.so": make_elf()})

    assert "native/_fast.abi3.so" in build(works, root, "--level", "reach", "--no-verify")


def test_folders_are_never_left_out_by_name_alone(project, works):
    """amazon-braket-examples#819, powertools#7361: code in folders called tests and docs that other code imports."""
    files = {
        f"{name}/helper.py": "x = 1\n" for name in ("tests", "docs", "test", "examples", "env", "build", "dist", "bin")
    }
    imports = "".join(f"from {name.partition('/')[0]} import helper\n" for name in files)

    members = build(works, project({**files, "app.py": imports + HANDLER}), "--level", "reach", "--no-verify")

    assert set(files) <= set(members)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o777, 0o444])
def test_rights_of_this_machine_do_not_travel(project, works, mode):
    """serverless#3557, aws-cdk#23284: built under another umask, `permission denied` at import."""
    root = project({"data.py": "x = 1\n"})
    (root / "data.py").chmod(mode)
    root.chmod(0o700)

    members = build(works, root)

    assert members["data.py"].external_attr >> 16 == 0o100644
    assert {info.create_system for info in members.values()} == {3}


def test_dates_order_and_place_of_files_do_not_travel(project, works):
    """aws-sam-cli#2872, terraform-aws-lambda#672: a new zip, and so a deployment, although nothing changed."""
    first, second = project({"b.py": "x = 1\n", "a/c.py": "y = 2\n"}), project({}, "other näme")
    for name in ("a/c.py", "b.py"):
        (second / name).parent.mkdir(exist_ok=True)
        (second / name).write_bytes((first / name).read_bytes())
        os.utime(second / name, (1, 1))

    build(works, first)
    one = Path("x.zip").read_bytes()
    build(works, second)

    assert Path("x.zip").read_bytes() == one


def test_old_code_is_never_taken_from_a_cache(project, works):
    """serverless-python-requirements#529: the cache did not look at the code. Same size, same date, other content."""
    root = project({"value.py": "x = 1\n", "app.py": "import value\n" + HANDLER})
    build(works, root, "--bytecode", "init")
    state = (root / "value.py").stat()

    (root / "value.py").write_text("x = 2\n")
    os.utime(root / "value.py", ns=(state.st_atime_ns, state.st_mtime_ns))
    build(works, root, "--bytecode", "init")

    with zipfile.ZipFile("x.zip") as file:
        assert file.read("value.py") == b"x = 2\n"
        compiled = next(name for name in file.namelist() if name.startswith("__pycache__/value."))
        assert 2 in marshal.loads(file.read(compiled)[16:]).co_consts


def test_secrets_and_dotfiles_stay_out_loudly_and_their_values_are_nowhere(project, works):
    """serverless#8634, frigg#518: .env files in packages."""
    secret = "AKIAIOSFODNN7EXAMPLE"
    files = {".env": f"KEY={secret}", ".env.local": f"KEY={secret}", "id_rsa": "-----BEGIN OPENSSH PRIVATE KEY-----"}
    root = project(
        {**files, ".git/config": "[x]", ".venv/pyvenv.cfg": "", ".venv/lib/x.py": "", ".vscode/x.json": "{}"}
    )

    members = build(works, root, "--json", "report.json", "--markdown", "report.md")

    assert set(members) == {"app.py"}
    report = Path("report.json").read_text("utf-8")
    assert {row["file"] for row in json.loads(report)["functions"][0]["findings"] if row["rule"] == "secret"} == set(
        files
    )
    assert secret not in report + Path("report.md").read_text("utf-8")


def test_pkgutil_namespaces_keep_their_init_and_others_get_none(project, works):
    """google-cloud-python#3274, Zappa#45: a namespace package that was given an __init__.py, or robbed of it."""
    files = {
        "old/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "old/part/a.py": "x = 1\n",
        "new/part/b.py": "y = 2\n",
    }
    root = project({**files, "app.py": "import old.part.a, new.part.b\n" + HANDLER})

    members = build(works, root, "--level", "reach", "--no-verify", "--bytecode", "none")

    assert {*files, "app.py"} == set(members)


def test_empty_modules_are_modules(project, works):
    root = project({"pkg/__init__.py": "", "pkg/a.py": "", "app.py": "import pkg.a\n" + HANDLER})

    assert {"pkg/__init__.py", "pkg/a.py"} <= set(build(works, root, "--level", "reach", "--no-verify"))


def test_packages_unpacked_by_others_ship_no_installers_leftovers(project, works):
    """Zappa, pip -t: bin/ with shebangs of the machine that built it, RECORD, direct_url.json with its paths."""
    info = "six-1.16.0.dist-info"
    files = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n",
        f"{info}/RECORD": f"six.py,,\n{info}/METADATA,,\n../../bin/six,,\nbin/six,,\n",
        f"{info}/INSTALLER": "pip",
        f"{info}/direct_url.json": '{"url": "file:///home/me/secret-project"}',
        "bin/six": "#!/home/me/.venv/bin/python\n",
        "six.py": "x = 1\n",
        "app.py": "import six\n" + HANDLER,
    }

    members = build(works, project(files), "--handler", "app.handler")

    shipped = {
        name.removesuffix("c") if name.endswith(".pyc") else name for name in members if "__pycache__" not in name
    }
    assert shipped == {"app.py", "six.py", f"{info}/METADATA"}


@pytest.mark.parametrize("out", ["dist", "out/here", "lambda.zip"])
def test_what_was_built_before_does_not_travel(project, works, out, monkeypatch):
    """The second build of a project holds the first, the third both of them …"""
    root = project({"lambda-slim.toml": f'python = "{PYTHON}"\n'})
    monkeypatch.chdir(root)

    works("build", "-o", out, "--json", "report.json")
    shown = ("--html", "report.html", "--markdown", "sub/report.md", "--speedscope", "p.speedscope.json")
    works("analyze", *shown)
    (built,) = root.glob("**/*.zip")
    first = built.read_bytes()
    works("build", "-o", out, "--json", "report.json")

    assert all((root / name).is_file() for name in shown[1::2])
    assert built.read_bytes() == first
    with zipfile.ZipFile(built) as file:
        assert set(file.namelist()) == {"app.py"}
