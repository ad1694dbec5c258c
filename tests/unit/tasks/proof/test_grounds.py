"""What functions of one run share while they are proved."""

from lambda_slim.bundle.layout import file_states
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import Member
from lambda_slim.tasks.proof.grounds import Grounds, ProvedImports, third_party

TAG = "cpython-312"


def files(folder, **sources):
    folder.mkdir(exist_ok=True)
    found = []
    for name, text in sources.items():
        (folder / f"{name}.py").write_text(text)
        found.append(File(f"{name}.py", folder / f"{name}.py", len(text), FIRST_PARTY, FileKind.SOURCE))
    return found


def test_functions_with_one_full_package_share_its_folder_until_somebody_writes_to_it(tmp_path):
    grounds, given = Grounds(), files(tmp_path / "src", app="a = 1", lib="b = 1")
    first = grounds.full(given, {"app.py": b"code"}, TAG)
    assert {path.name for path in first.folder.iterdir()} == {"app.py", "lib.py"}
    assert [path.name for path in first.bytecode.rglob("*.pyc")] == [f"app.{TAG}.pyc"]

    assert grounds.full(given, {"lib.py": b"more"}, TAG) is first
    assert len(list(first.bytecode.rglob("*.pyc"))) == 2

    (first.folder / "written.txt").write_text("by a handler")
    second = grounds.full(given, {}, TAG)
    assert second.folder != first.folder
    assert not first.folder.exists()
    assert {path.name for path in second.folder.iterdir()} == {"app.py", "lib.py"}

    (tmp_path / "src/lib.py").write_text("b = 2222")
    assert (grounds.full(given, {}, TAG).folder / "lib.py").read_text() == "b = 2222"


def test_slim_packages_lie_one_after_the_other_and_have_nothing_of_the_one_before(tmp_path):
    grounds = Grounds()
    place = grounds.slim([Member("a/x.py", b"1"), Member("lib.py", b"same"), Member("run", b"#!", executable=True)])
    number = (place / "lib.py").stat().st_ino

    again = grounds.slim([Member("a.py", b"1"), Member("lib.py", b"same"), Member("run", b"#!")])
    assert again == place
    assert file_states(place).keys() == {"a.py", "lib.py", "run"}
    assert not (place / "a").exists()
    assert (place / "lib.py").stat().st_ino == number
    assert not (place / "run").stat().st_mode & 0o100

    (place / "lib.py").write_text("by a handler")
    clean = grounds.slim([Member("a.py", b"1"), Member("lib.py", b"same")])
    assert file_states(clean).keys() == {"a.py", "lib.py"}
    assert (clean / "lib.py").read_bytes() == b"same"


def test_imports_are_proved_once_for_equal_distributions_beside_one_full_package(tmp_path):
    grounds = Grounds()
    full = grounds.full(files(tmp_path / "src", app="a = 1"), {}, TAG)
    owners = {"lib.py": "lib", "app.py": FIRST_PARTY}
    members = third_party([Member("lib.py", b"1", origin="lib.py"), Member("app.py", b"2", origin="app.py")], owners)
    assert members == {"lib.py": b"1"}
    row = ("group", "name", "lib:main")
    grounds.note(ProvedImports(full, members, ("env",), frozenset({"lib"}), frozenset({row}), frozenset()))

    known = grounds.proved(full, {"lib.py": b"1"}, ("env",))
    assert known is not None
    request = {"modules": ["app", "lib"], "entry_points": [[*row]], "libraries": ["lib.so"], "own": ["app"]}
    assert known.rest(request) == {"modules": ["app"], "entry_points": [], "libraries": ["lib.so"], "own": ["app"]}

    other = grounds.full(files(tmp_path / "other", app="a = 2"), {}, TAG)
    assert grounds.proved(full, {"lib.py": b"2"}, ("env",)) is None
    assert grounds.proved(full, {}, ("env",)) is None
    assert grounds.proved(full, {"lib.py": b"1"}, ("another",)) is None
    assert grounds.proved(other, {"lib.py": b"1"}, ("env",)) is None


def test_the_second_function_with_the_very_same_files_is_told_once():
    grounds, these, those = Grounds(), [1], [1]
    assert [grounds.is_first_shared(thing) for thing in (these, those, these, these, those)] == [
        False,
        False,
        True,
        False,
        True,
    ]
