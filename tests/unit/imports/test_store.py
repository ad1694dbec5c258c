"""The cache of facts: used when nothing changed, never when something did, never trusted blindly."""

import os

import pytest

from lambda_slim.base.cache import cache_root
from lambda_slim.imports import store


@pytest.fixture
def scans(monkeypatch):
    """The paths that are really scanned."""
    seen = []
    real = store.scan_file

    def scan(task, version):
        seen.append(task[1])
        return real(task, version)

    monkeypatch.setattr(store, "scan_file", scan)
    return seen


def test_a_second_look_scans_nothing(tree, scans):
    tree.write("lib", {"lib/__init__.py": "import other", "lib/a.py": ""}).add(app="import lib.a", other="")
    first = tree.reached()
    assert sorted(scans) == ["app.py", "lib/__init__.py", "lib/a.py", "other.py"]
    scans.clear()
    assert tree.reached() == first == {"app", "lib", "lib.a", "other"}
    assert scans == []


def test_files_that_only_moved_are_known_by_content(tree, scans):
    tree.write("lib", {"lib/a.py": "import app"}).add(app="import lib.a")
    tree.reached()
    scans.clear()
    for file in tree.files:
        copy = file.source.with_suffix(".copy")
        copy.write_bytes(file.source.read_bytes())
        copy.replace(file.source)
    assert tree.reached() == {"app", "lib", "lib.a"}
    assert scans == []


def test_a_change_of_the_same_size_and_time_is_noticed(tree, scans):
    tree.add(app="import one", one="", two="")
    assert tree.reached() == {"app", "one"}
    source = tree.files[0].source
    status = source.stat()
    source.write_text("import two")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert tree.reached() == {"app", "two"}


def test_a_change_of_one_distribution_leaves_the_others(tree, scans):
    tree.write("lib", {"lib.py": ""}).write("tool", {"tool.py": ""}).add(app="import lib, tool")
    tree.reached()
    scans.clear()
    tree.files[0].source.write_text("import tool")
    tree.reached()
    assert scans == ["lib.py"]


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 16 + b"junk", None])
def test_a_damaged_entry_is_scanned_again(tree, scans, damage):
    tree.add(app="import other", other="")
    tree.reached()
    scans.clear()
    for entry in (cache_root() / "imports").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-3] if damage is None else damage)
    assert tree.reached() == {"app", "other"}
    assert sorted(scans) == ["app.py", "other.py"]


def test_another_python_folds_other_branches(tree):
    from lambda_slim.knowledge.runtimes import runtimes
    from lambda_slim.model.target import Target

    tree.add(app="import sys\nif sys.version_info >= (3, 13):\n    import new\nelse:\n    import old", new="", old="")
    assert tree.reached(target=Target(runtimes()["python3.12"], "x86_64")) == {"app", "old"}
    assert tree.reached(target=Target(runtimes()["python3.13"], "x86_64")) == {"app", "new"}


def test_tests_are_scanned_only_when_something_reaches_them(tree, scans):
    tree.write(
        "lib", {"lib/__init__.py": "", "lib/tests/__init__.py": "", "lib/tests/one.py": "import lib.a", "lib/a.py": ""}
    )
    tree.add(app="import lib")
    tree.reached()
    assert "lib/tests/one.py" not in scans
    assert tree.reached("lib.tests.one") == {"lib", "lib.tests", "lib.tests.one", "lib.a"}


def test_a_file_that_is_gone_or_enormous_has_no_imports(tree, monkeypatch):
    monkeypatch.setattr(store, "_LARGEST", 100)
    tree.add(app="import big, gone", big="import other  #" + "x" * 100, gone="import other", other="")
    tree.files[2].source.unlink()
    assert tree.reached() == {"app", "big", "gone"}


def test_data_beside_the_code_is_read_once(tree, monkeypatch):
    from lambda_slim.imports import data

    tree.write("lib", {"lib.py": ""}).write("", {"app.py": "", "s.json": '{"class": "lib.Thing"}'})
    assert tree.reached() == {"app", "lib"}
    monkeypatch.setattr(data, "find_modules", lambda *_: pytest.fail("read again"))
    assert tree.reached() == {"app", "lib"}


def test_workers_are_not_forked_beside_threads():
    import threading

    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert store.start_method() == "spawn"
    finally:
        stop.set()
        thread.join()


def test_many_files_are_scanned_in_processes_with_the_same_result(tree, monkeypatch):
    tree.add(**{f"m{n}": f"import m{n + 1}\n" for n in range(20)})
    alone = store.scan_files(tree.files, (3, 12))
    monkeypatch.setattr(store, "_WORTH_A_PROCESS", 0)
    assert store.scan_files(tree.files, (3, 12)) == alone
