"""What a kept file becomes in the package."""

import gzip
import importlib.util
import marshal
import sys
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError, PackageError
from lambda_slim.bundle.shape import shape
from lambda_slim.formats.pyc import parse_pyc
from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.settings import Bytecode, Level, Settings
from lambda_slim.model.target import Target
from tests.binaries import make_elf

HERE = Target(runtimes()[f"python3.{sys.version_info[1]}"], "x86_64")
TAG = f"cpython-3{sys.version_info[1]}"


@pytest.fixture
def made(tmp_path):
    def make(name, data, owner=FIRST_PARTY):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return File(name, place, len(data), owner, kind_of(name))

    return make


def shaped(files, bytecode=Bytecode.ALL, target=HERE, strip=True, release=False, interpreter=None, **more):
    settings = Settings(root=Path("/nowhere"), bytecode=bytecode, strip=strip, release=release, interpreter=interpreter)
    return shape(files, target, settings, **more)


def names(result):
    return sorted(member.name for member in result.members)


def test_bytecode_lies_beside_its_source(made):
    result = shaped([made("app.py", b"x = 1\n"), made("svc/a.py", b"y = 2\n"), made("words.txt", b"w")])

    assert names(result) == [
        f"__pycache__/app.{TAG}.pyc",
        "app.py",
        f"svc/__pycache__/a.{TAG}.pyc",
        "svc/a.py",
        "words.txt",
    ]
    assert result.bytecode == "all"
    assert {m.origin for m in result.members if m.name.endswith(".pyc")} == {"app.py", "svc/a.py"}


def test_bytecode_compares_no_dates_and_names_var_task(made):
    (compiled,) = (m for m in shaped([made("svc/a.py", b"y = 2\n")]).members if m.name.endswith(".pyc"))

    header = parse_pyc(compiled.data)
    assert header
    assert header.kind == "unchecked-hash"
    assert compiled.data[:4] == importlib.util.MAGIC_NUMBER
    assert b"/var/task/svc/a.py" in compiled.data


def test_only_ships_bytecode_but_sources_that_are_read(made):
    files = [made("app.py", b"x = 1\n"), made("read.py", b"y = 2\n"), made("broken.py", b"not python (\n")]

    result = shaped(files, Bytecode.ONLY, read_sources=frozenset({"read.py"}))

    assert names(result) == [f"__pycache__/read.{TAG}.pyc", "app.pyc", "broken.py", "read.py"]


def test_only_leaves_what_nobody_is_likely_to_import_as_it_is(made):
    files = [made("app.py", b"x = 1\n"), made("rare.py", b"y = 2\n")]

    assert names(shaped(files, Bytecode.ONLY, chosen=frozenset({"app.py"}))) == ["app.pyc", "rare.py"]


def test_init_compiles_what_init_loads(made):
    files = [made("app.py", b"x = 1\n"), made("later.py", b"y = 2\n")]

    assert names(shaped(files, Bytecode.INIT, chosen=frozenset({"app.py"}))) == [
        f"__pycache__/app.{TAG}.pyc",
        "app.py",
        "later.py",
    ]


def test_auto_takes_the_place_of_sources_that_nothing_reads(made):
    files = [made("lib/a.py", b"x = 1\n", "lib"), made("lib/later.py", b"y = 2\n", "lib"), made("app.py", b"z = 3\n")]
    chosen, read = frozenset({"lib/a.py", "app.py"}), frozenset({"app.py"})

    assert names(shaped(files, Bytecode.AUTO, chosen=chosen, read_sources=read)) == [
        f"__pycache__/app.{TAG}.pyc",
        "app.py",
        "lib/a.pyc",
        "lib/later.py",
    ]


def test_level_safe_takes_no_source_away(made):
    settings = Settings(root=Path("/nowhere"), level=Level.SAFE)
    result = shape([made("app.py", b"x = 1\n"), made("b.py", b"")], HERE, settings, chosen=frozenset({"app.py"}))

    assert (names(result), result.bytecode) == ([f"__pycache__/app.{TAG}.pyc", "app.py", "b.py"], "init")


@pytest.mark.parametrize("room", [9_000, 4_000, 100])
def test_bytecode_takes_the_place_of_source_where_both_do_not_fit(made, monkeypatch, room):
    """`words` compile to less than half of their source."""
    monkeypatch.setattr("lambda_slim.bundle.shape.UNZIPPED_LIMIT", room)
    result = shaped([made("app.py", b"# a long remark that no bytecode has\n" * 200)], Bytecode.ALL)

    assert names(result) == {9_000: [f"__pycache__/app.{TAG}.pyc", "app.py"]}.get(room, ["app.pyc"])
    assert bool(result.notes) is (room != 9_000)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no column numbers")
def test_bytecode_without_source_has_lines_and_no_columns(made):
    file = made("lib/a.py", b"def f(a, b):\n    return a.b + b.c\n", "lib")
    (alone,) = shaped([file], Bytecode.AUTO).members
    beside = next(member for member in shaped([file], Bytecode.ALL).members if member.name.endswith(".pyc"))

    def places(member):
        code = next(const for const in marshal.loads(member.data[16:]).co_consts if hasattr(const, "co_positions"))
        return {(line, column) for line, _, column, _ in code.co_positions() if line == 2}

    assert places(alone) == {(2, None)}
    assert len(places(beside)) > 1


def test_none_is_none(made):
    assert names(shaped([made("app.py", b"x = 1\n")], Bytecode.NONE)) == ["app.py"]


def test_modules_whose_names_are_no_identifiers_are_compiled(made):
    """Lambda imports a handler by its path, `my-script.handler`; only a dot in the name cannot be imported."""
    files = [made("my-script.py", b"x = 1\n"), made("data/2024.py", b"x = 1\n"), made("a.b.py", b"x = 1\n")]

    assert sorted(names(shaped(files))) == [
        f"__pycache__/my-script.{TAG}.pyc",
        "a.b.py",
        "data/2024.py",
        f"data/__pycache__/2024.{TAG}.pyc",
        "my-script.py",
    ]


def test_without_a_python_of_the_target_source_ships_and_it_is_said(made, monkeypatch, tmp_path):
    for name in ("PATH", "HOME", "PYENV_ROOT", "ASDF_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path))

    result = shaped([made("app.py", b"x = 1\n")], target=Target(runtimes()["python3.15"], "x86_64"))

    assert (names(result), result.bytecode) == (["app.py"], "none")
    assert "no Python 3.15 on this machine" in result.notes[0]


def test_an_interpreter_of_another_version_is_a_mistake(made, tmp_path):
    with pytest.raises(ConfigError, match=r"is not a CPython 3\.9"):
        shaped(
            [made("app.py", b"")], target=Target(runtimes()["python3.9"], "x86_64"), interpreter=Path(sys.executable)
        )


def test_the_same_input_gives_the_same_members(made):
    files = [made(f"m{n}.py", b"x = {1, 2, 'three'}\n" * n) for n in range(1, 5)]

    assert shaped(files).members == shaped(files).members
    assert sorted(shaped(files[::-1]).members, key=lambda m: m.name) == sorted(
        shaped(files).members, key=lambda m: m.name
    )


def test_libraries_lose_symbols_and_are_executable(made):
    data = make_elf(symbols=b"debug" * 3000)
    library = made("x.so", data, "lib")

    (plain,) = shaped([library], strip=False).members
    (small,) = shaped([library]).members

    assert plain.data == data
    assert plain.executable
    assert len(small.data) < len(data) - 14_000


def test_gzip_data_of_distributions_is_packed_better_and_ours_is_left_alone(made):
    data = gzip.compress(b"some text " * 3000, 1, mtime=0)

    (theirs,), (ours,) = shaped([made("lib/a.gz", data, "lib")]).members, shaped([made("b.gz", data)]).members

    assert len(theirs.data) < len(data)
    assert gzip.decompress(theirs.data) == gzip.decompress(data)
    assert ours.data == data


@pytest.mark.parametrize(("data", "executable"), [(b"#!/bin/sh\n", True), (make_elf(), True), (b"text", False)])
def test_modes_come_from_contents(made, data, executable):
    (member,) = shaped([made("tool", data)]).members

    assert member.executable is executable


def test_a_file_that_is_gone_is_said(made):
    gone = made("app.py", b"x")
    gone.source.unlink()

    with pytest.raises(PackageError, match=r"cannot read `app.py`"):
        shaped([gone])
