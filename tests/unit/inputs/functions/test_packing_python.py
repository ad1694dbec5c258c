"""Packages that Python scripts make: they are followed as shell scripts are, and never run."""

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.formats.python_script import python_script
from lambda_slim.inputs.functions.packing import follow_script
from lambda_slim.inputs.functions.scripts import script_package

FUNCTION = """\
resource "aws_lambda_function" "f" {
  filename = "out.zip"
  handler  = "app.handler"
  runtime  = "python3.12"
}
"""
FILES = {
    "src/app.py": "",
    "src/util.py": "",
    "src/lib/x.py": "",
    "config/a.json": "{}",
    "requirements.txt": "six\n",
}


@pytest.fixture
def packed(tmp_path):
    """(paths, requirements) that a script puts into `out.zip`, or what is not understood."""

    def pack(script):
        for name, text in {**FILES, "build.py": script}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        package = script_package(follow_script(tmp_path / "build.py", tmp_path, tmp_path), tmp_path / "out.zip")
        if package is None or package.problem:
            return package and package.problem
        rows = sorted((part.source.relative_to(tmp_path).as_posix(), part.prefix) for part in package.parts)
        return rows, [line.replace(f"{tmp_path}/", "") for line in package.requires]

    return pack


HOME = "import os, shutil, subprocess, sys, zipfile\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parent\n"
COPYING = """\
BUILD = os.path.join(ROOT, "build")
def clean(folder=BUILD):
    if os.path.exists(folder):
        shutil.rmtree(folder)
    os.makedirs(folder)
    return folder
def main():
    build = clean()
    subprocess.check_call([sys.executable, "-m", "pip", "install", "-r", f"{ROOT}/requirements.txt", "-t", build])
    for item in os.listdir(ROOT / "src"):
        source, target = os.path.join(ROOT, "src", item), None
        target = os.path.join(build, item)
        if os.path.isdir(source):
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    shutil.make_archive("out", "zip", build)
if __name__ == "__main__":
    main()
"""
ARCHIVING = """\
def install(target: Path):
    subprocess.run(f"pip install six --target {target}", shell=True, check=True)
import tempfile
with tempfile.TemporaryDirectory() as scratch:
    scratch = Path(scratch)
    install(scratch)
    with zipfile.ZipFile(ROOT / "out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(scratch.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(scratch))
        for file in (ROOT / "src").glob("*.py"):
            archive.write(file, file.name)
        archive.write(ROOT / "config" / "a.json", "config/a.json")
"""
WALKING = """\
def add(archive, folder):
    for root, dirs, files in os.walk(folder):
        dirs[:] = [name for name in dirs if name != "__pycache__"]
        for name in files:
            full = os.path.join(root, name)
            archive.write(full, os.path.relpath(full, folder))
archive = zipfile.ZipFile("out.zip", "w")
add(archive, "src")
for one in ["config"]:
    for root, _, files in os.walk(one):
        for name in files:
            archive.write(os.path.join(root, name))
"""


@pytest.mark.parametrize(
    ("script", "rows", "requires"),
    [
        (
            COPYING.replace(
                'source, target = os.path.join(ROOT, "src", item), None', 'source = os.path.join(ROOT, "src", item)'
            ),
            [("src/app.py", "app.py"), ("src/lib", "lib"), ("src/util.py", "util.py")],
            ["-r requirements.txt"],
        ),
        (
            ARCHIVING,
            [("config/a.json", "config/a.json"), ("src/app.py", "app.py"), ("src/util.py", "util.py")],
            ["six"],
        ),
        (WALKING, [("config", "config"), ("src", "")], []),
        ('os.chdir("src")\nos.system("zip -r ../out.zip .")\n', [("src", "")], []),
        ('subprocess.run(["zip", "-r", "../out.zip", "."], cwd=ROOT / "src")\n', [("src", "")], []),
        ('shutil.make_archive(str(ROOT / "out"), "zip", root_dir=ROOT, base_dir="src")\n', [("src", "src")], []),
        (
            'print("x")\nshutil.copytree("src", "b")\nos.rename("b", "c")\nos.system("cd c && zip -r ../out.zip .")\n',
            [("src", "")],
            [],
        ),
    ],
)
def test_what_a_python_script_packs_is_read_from_its_text(packed, script, rows, requires):
    assert packed(HOME + script) == (rows, requires)


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ('subprocess.run(["docker", "run", "x"])\nshutil.make_archive("out", "zip", "src")\n', "docker run x"),
        (
            'shutil.copytree(sys.argv[1], "b")\nshutil.copytree("src", "b")\nshutil.make_archive("out", "zip", "b")\n',
            "copy …",
        ),
        (
            'z = zipfile.ZipFile("out.zip", "w")\nz.write("src/app.py")\nz.writestr("x.py", make())\n',
            "zipfile.writestr",
        ),
        (WALKING.replace('"__pycache__"', '"lib"'), "os.walk(folder) with conditions"),
        (
            'z = zipfile.ZipFile("out.zip", "w")\nz.write("src/app.py", name())\nz.write("src/util.py")\n',
            "zipfile.write src/app.py",
        ),
    ],
)
def test_what_is_not_understood_is_a_problem(packed, script, problem):
    assert problem in str(packed(HOME + script))


def test_branches_are_held_against_what_was_before(packed):
    both = 'if sys.argv:\n    shutil.copy("src/app.py", "b/")\nelse:\n    shutil.copy("src/util.py", "b/")\n'
    script = f'os.makedirs("b")\n{both}shutil.make_archive("out", "zip", "b")\n'
    assert "which pack different things" in str(packed(HOME + script))
    assert packed(HOME + script.replace("util.py", "app.py")) == ([("src/app.py", "app.py")], [])


def test_recursion_and_what_is_no_python_end():
    rounds = f"x = [{'1, ' * 200}]\n" + "".join(f"{' ' * n}for a{n} in x:\n" for n in range(6)) + " " * 6 + "y = 1\n"
    assert python_script(rounds) == ()
    assert python_script("def f():\n    f()\n    f()\nf()\n")
    with pytest.raises(ValueError, match="not understood as Python"):
        python_script("def f(:\n")


def test_a_terraform_package_that_a_python_script_makes(found):
    project = found(
        {
            ".git/HEAD": "",
            "main.tf": FUNCTION,
            "src/app.py": None,
            "tools/build.py": HOME + 'shutil.make_archive("out", "zip", "src")\n',
        }
    )
    assert project.functions[0].source.name == "src"
    assert "`out.zip` is taken as tools/build.py:4 packs it" in project.warnings[0]


def test_a_python_script_that_is_not_understood_is_named(found):
    files = {
        ".git/HEAD": "",
        "main.tf": FUNCTION,
        "src/app.py": None,
        "build.py": 'import shutil, x\nx.do()\nshutil.make_archive("out", "zip", x.place)\n',
    }
    with pytest.raises(ConfigError, match=r"build.py:3 runs `copy "):
        found(files)
