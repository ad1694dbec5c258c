"""Every file that could ship, whatever lies in the folder."""

import os
import zipfile
from pathlib import Path

import pytest

from lambda_slim.base.errors import PackageError
from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.inputs.inventory import INSTALLER, take_inventory, tree_files
from lambda_slim.inputs.project.manifest import BuiltPackage, write_manifest
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings
from tests.binaries import lock
from tests.unit.factory import TARGET

NOTHING = Resolution(None, (), "nothing")


def write(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def take(root, resolution=NOTHING, *, source=None, artifact=None):
    function = Function("F", "app.handler", source or root, TARGET, artifact=artifact)
    found = take_inventory(function, resolution, Settings(root=root))
    return {file.path: file for file in found.files}, found.warnings


def test_distributions_without_metadata_are_told_by_their_modules(tmp_path):
    write(tmp_path, "app.py", "requests/__init__.py", "requests/adapters.py", "requests/sessions.pyc")
    write(tmp_path, "yaml/__init__.py", "yaml/mine.py", "click/core.py", "dateutil/__init__.py", "six.py")
    write(tmp_path, "dateutil/relativedelta.py", "dateutil/rrule.py", "dateutil/zoneinfo.tar.gz")
    (tmp_path / "typing_extensions.py").write_text("class _TypedDictMeta(type): ...")

    files, _ = take(tmp_path, artifact=tmp_path)

    owners = {path.partition("/")[0]: file.owner for path, file in files.items()}
    assert owners == {
        "app.py": FIRST_PARTY,
        "click": FIRST_PARTY,
        "dateutil": "python-dateutil",
        "requests": "requests",
        "six.py": FIRST_PARTY,
        "typing_extensions.py": "typing-extensions",
        "yaml": FIRST_PARTY,
    }
    assert {file.owner for file in take(tmp_path)[0].values()} == {FIRST_PARTY}  # of a project, they are its own


def test_reports_of_earlier_commands_stay_out(tmp_path):
    write(tmp_path, "app.py", "data.json", "page.html")
    (tmp_path / "report.json").write_text('{\n "$schema": "https://lambda-slim.dev/schemas/report-1.json"}')
    (tmp_path / "report.md").write_text("<!-- lambda-slim key=default -->\n")

    files, warnings = take(tmp_path)

    assert list(files) == ["app.py", "data.json", "page.html"]
    assert len(warnings) == 2


def test_files_are_sorted_and_sized(tmp_path):
    files, warnings = take(write(tmp_path, "b.py", "a/c.txt", "a.py"))

    assert list(files) == sorted(files) == ["a.py", "a/c.txt", "b.py"]
    assert files["a/c.txt"].size == len("a/c.txt")
    assert warnings == ()


@pytest.mark.parametrize("folder", [".git", "__pycache__", "node_modules", ".aws-sam", ".terraform", "cdk.out"])
def test_what_is_never_walked(tmp_path, folder):
    files, _ = take(write(tmp_path, "app.py", f"{folder}/x.py", f"svc/{folder}/y.py"))

    assert list(files) == ["app.py"]


def test_virtual_environments_are_known_by_their_file_and_not_by_name(tmp_path):
    """anomalyco/sst#720 ships .venv; others leave out every folder called env, and with it a source package."""
    files, warnings = take(write(tmp_path, "env/__init__.py", "tools/py/pyvenv.cfg", "tools/py/lib/x.py", "app.py"))

    assert list(files) == ["app.py", "env/__init__.py"]
    assert warnings == ("tools/py/: left out: a virtual environment",)


def test_links_within_the_project_are_followed(tmp_path):
    write(tmp_path, "functions/a/app.py", "shared/util.py", "shared/sub/x.txt")
    (tmp_path / "functions/a/shared").symlink_to(tmp_path / "shared")
    (tmp_path / "functions/a/again.py").symlink_to("app.py")

    files, warnings = take(tmp_path, source=tmp_path / "functions/a")

    assert list(files) == ["again.py", "app.py", "shared/sub/x.txt", "shared/util.py"]
    assert warnings == ()


def test_links_within_the_repository_are_followed(tmp_path):
    """A function of a monorepo has its shared code by a link, and its own settings beside it."""
    write(tmp_path, "repo/.git/HEAD", "repo/lambdas/one/src/app.py", "repo/shared/common/util.py", "elsewhere/x.py")
    source = tmp_path / "repo/lambdas/one/src"
    (source / "common").symlink_to("../../../shared/common")
    (source / "away").symlink_to(tmp_path / "elsewhere")

    files, warnings = take(source)

    assert list(files) == ["app.py", "common/util.py"]
    assert warnings == ("away: left out: a link out of the project",)


def test_links_out_of_the_project_stay_out(tmp_path):
    write(tmp_path, "p/app.py", "elsewhere/secret.txt")
    (tmp_path / "p/folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "p/file.txt").symlink_to(tmp_path / "elsewhere/secret.txt")
    (tmp_path / "p/relative").symlink_to("../elsewhere")

    files, warnings = take(tmp_path / "p")

    assert list(files) == ["app.py"]
    assert sorted(warnings) == [
        f"{name}: left out: a link out of the project" for name in ("file.txt", "folder", "relative")
    ]


def test_links_in_circles_end(tmp_path):
    write(tmp_path, "app.py", "a/x.txt", "b/y.txt")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/b").symlink_to("../b")
    (tmp_path / "b/a").symlink_to("../a")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "nothing").symlink_to("gone")

    files, warnings = take(tmp_path)

    assert {"app.py", "a/x.txt", "b/y.txt", "a/b/y.txt", "b/a/x.txt"} <= set(files)
    assert len(files) < 12
    assert "self: left out: a link to nothing" in warnings
    assert "nothing: left out: a link to nothing" in warnings
    assert any("a link into a folder above it" in warning for warning in warnings)


def test_names_that_are_no_text_stay_out_and_are_said(tmp_path):
    write(tmp_path, "app.py", "é.txt")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
    (tmp_path / os.fsdecode(b"d\xe9")).mkdir()
    (tmp_path / os.fsdecode(b"d\xe9") / "x.py").write_bytes(b"x")

    files, warnings = take(tmp_path)

    assert list(files) == ["app.py", "é.txt"]
    assert [warning.partition(": ")[2] for warning in warnings] == ["left out: its name is not UTF-8"] * 2


def test_what_is_no_file_stays_out(tmp_path):
    write(tmp_path, "app.py")
    os.mkfifo(tmp_path / "pipe")

    files, warnings = take(tmp_path)

    assert list(files) == ["app.py"]
    assert warnings == ("pipe: left out: neither a file nor a folder",)


def test_what_cannot_be_read_is_said(tmp_path):
    write(tmp_path, "app.py", "a.txt", "d/x.txt")
    lock(tmp_path / "a.txt")
    lock(tmp_path / "d")
    try:
        files, warnings = take(tmp_path)
    finally:
        (tmp_path / "d").chmod(0o755)

    assert list(files) == ["app.py"]
    assert len(warnings) == 2


def tree(tmp_path):
    place = tmp_path / "cache" / "tree"
    write(
        place,
        "six.py",
        "six-1.16.0.dist-info/METADATA",
        "six-1.16.0.dist-info/LICENSE",
        "google/api/a.py",
        "google/cloud/b.py",
        "google_api-1.0.dist-info/METADATA",
        "google_cloud-2.0.dist-info/METADATA",
        "numpy.libs/libgfortran-1.so.5",
        "numpy-2.0.dist-info/METADATA",
        "bin/tool",
        ".lock",
    )
    records = {
        "six-1.16.0": ["six.py", "six-1.16.0.dist-info/METADATA", "six-1.16.0.dist-info/LICENSE"],
        "google_api-1.0": ["google/api/a.py"],
        "google_cloud-2.0": ["google/cloud/b.py", "../../bin/tool"],
        "numpy-2.0": ["numpy.libs/libgfortran-1.so.5"],
    }
    for name, rows in records.items():
        (place / f"{name}.dist-info" / "RECORD").write_text("".join(f'"{row}",sha256=x,1\n' for row in rows))
    return place


def test_owners_are_those_that_records_name(tmp_path):
    """A namespace package (google.*) has a distribution for each of its parts."""
    owners = {file.path: file.owner for file in tree_files(tree(tmp_path), "key")}

    assert owners["six.py"] == owners["six-1.16.0.dist-info/LICENSE"] == "six"
    assert (owners["google/api/a.py"], owners["google/cloud/b.py"]) == ("google-api", "google-cloud")
    assert owners["numpy.libs/libgfortran-1.so.5"] == "numpy"
    assert owners[".lock"] == owners["bin/tool"] == INSTALLER


def test_a_tree_is_listed_once(tmp_path):
    place = tree(tmp_path)
    first = tree_files(place, "key")
    (place / "six.py").unlink()

    assert tree_files(place, "key") == first
    assert len(tree_files(place, "another key")) == len(first) - 1


@pytest.mark.parametrize("damage", [b"", b"\x00", b"text"])
def test_a_damaged_listing_is_made_anew(tmp_path, damage):
    place = tree(tmp_path)
    first = tree_files(place, "key")
    place.with_name("tree.files").write_bytes(damage)

    assert tree_files(place, "key") == first


def test_first_party_files_win_and_it_is_said(tmp_path):
    write(tmp_path / "p", "app.py", "six.py")

    files, warnings = take(tmp_path / "p", Resolution(tree(tmp_path), (), "key"))

    assert files["six.py"].owner == FIRST_PARTY
    assert files["six.py"].source == tmp_path / "p" / "six.py"
    assert warnings == ("six.py is both yours and six's; yours ships",)


def test_in_a_package_of_another_tool_the_rest_is_the_projects(tmp_path):
    place = write(tree(tmp_path), "app.py", "six.pyi")

    files, _ = take(place, artifact=place)

    assert (files["app.py"].owner, files["six.py"].owner, files["six.pyi"].owner) == (FIRST_PARTY, "six", "six")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.py", FileKind.SOURCE),
        ("a.pyc", FileKind.BYTECODE),
        ("a.cpython-312-x86_64-linux-gnu.so", FileKind.LIBRARY),
        ("x.libs/libz-1.so.1.2", FileKind.LIBRARY),
        ("a.pyi", FileKind.STUB),
        ("a.pyx", FileKind.NATIVE),
        ("x-1.dist-info/METADATA", FileKind.METADATA),
        ("x-1.dist-info/licenses/LICENSE.txt", FileKind.LICENCE),
        ("x/COPYING", FileKind.LICENCE),
        ("x/licences.py", FileKind.SOURCE),
        ("x/licensed.txt", FileKind.DATA),
        ("a.json", FileKind.DATA),
        ("noext", FileKind.DATA),
        ("a.sock", FileKind.DATA),
    ],
)
def test_kinds(path, kind):
    assert kind_of(path) is kind


def test_caches_that_the_environment_puts_into_the_project_stay_out(tmp_path, monkeypatch):
    write(tmp_path, "app.py", ".ci/ours/a.py", ".ci/uv/wheels/b.py", "data/c.txt")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / ".ci" / "ours"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / ".ci" / "uv"))

    files, warnings = take(tmp_path)

    assert list(files) == ["app.py", "data/c.txt"]
    assert set(warnings) == {".ci/ours/: left out: a cache", ".ci/uv/: left out: a cache"}


def make_package(place, *names):
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            archive.writestr(name, name)


@pytest.mark.parametrize("names", [("app.py",), ("app.pyc",), ("lib-1.dist-info/RECORD",), ("_lambda_slim_guard.txt",)])
def test_what_was_built_from_a_project_is_no_part_of_it(tmp_path, names):
    write(tmp_path, "app.py", "dist/notes.txt")
    make_package(tmp_path / "dist" / "F.zip", *names)
    make_package(tmp_path / "data.zip", "table.csv")

    found, warnings = take(tmp_path)

    assert set(found) == {"app.py", "data.zip", "dist/notes.txt"}
    assert warnings == ("dist/F.zip: left out: a package that was built before",)


def test_what_was_built_for_another_function_below_is_no_part_of_it(tmp_path):
    write(tmp_path, "app.py", "other/main.py", "other/dist/kept.txt")
    place = tmp_path / "other" / "dist"
    make_package(place / "Two.zip", "main.py")
    assert "other/dist/Two.zip" in take(tmp_path)[0]
    row = BuiltPackage("Two", "Two.zip", "", "main.handler", "python3.12", "x86_64", "..", "", "", "yes")
    write_manifest(place, [row])

    files, warnings = take(tmp_path)

    assert "other/dist/Two.zip" not in files
    assert "other/dist/kept.txt" in files
    assert "other/dist/Two.zip: left out: a package that was built before" in warnings


def test_a_package_that_the_code_reads_stays(tmp_path):
    write(tmp_path, "app.py")
    (tmp_path / "app.py").write_text("open('plugin.zip')\n")
    make_package(tmp_path / "plugin.zip", "app.py")

    assert "plugin.zip" in take(tmp_path)[0]


def test_what_git_ignores_is_no_part_of_it_unless_it_is_code_or_read(tmp_path):
    write(
        tmp_path, "app.py", "out/big.bin", "gen/made.py", "model/weights.bin", ".env", "keep.log", "src/x.tmp", "a.tsv"
    )
    (tmp_path / ".gitignore").write_text("out/\ngen/\nmodel/\n.env\n*.log\n!keep.log\n*.tsv\n")
    (tmp_path / "src" / ".gitignore").write_text("*.tmp\n")
    (tmp_path / "app.py").write_text("load('model/weights.bin'); glob('*.tsv')\n")

    found, warnings = take(tmp_path)

    assert set(found) == {
        "app.py", "gen/made.py", "model/weights.bin", ".env", "keep.log", ".gitignore", "src/.gitignore", "a.tsv"
    }  # fmt: skip
    assert "out/: left out: git ignores it" in warnings


def test_a_gitignore_above_counts_and_one_that_ignores_the_handler_does_not(tmp_path):
    write(tmp_path, "src/app.py", "src/dump.sql")
    (tmp_path / ".gitignore").write_text("src/*.sql\n")
    assert set(take(tmp_path, source=tmp_path / "src")[0]) == {"app.py"}

    (tmp_path / ".gitignore").write_text("src/\n")
    assert set(take(tmp_path, source=tmp_path / "src")[0]) == {"app.py", "dump.sql"}


def test_a_gitignore_that_cannot_be_read_stops_a_build(tmp_path):
    write(tmp_path, "app.py", "secret.txt")
    with (tmp_path / ".gitignore").open("wb") as file:
        file.truncate(30 << 30)
    with pytest.raises(PackageError, match=r"\.gitignore` cannot be read") as caught:
        take(tmp_path)
    assert "longer than" in caught.value.cause


def test_the_projects_own_metadata_ships_where_its_code_asks_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    root = write(tmp_path / "code", "app.py", "pyproject.toml")
    (root / "pyproject.toml").write_text('[project]\nname = "My_Orders"\nversion = "1.2"\n')
    (root / "app.py").write_text("from importlib.metadata import version\nversion('other')\n")
    assert not any(".dist-info" in path for path in take(root)[0])

    (root / "app.py").write_text("from importlib.metadata import version\nversion('my-orders')\n")
    found, _ = take(root)
    text = found["my_orders-1.2.dist-info/METADATA"].source.read_text()
    assert text == "Metadata-Version: 2.1\nName: My_Orders\nVersion: 1.2\n"
