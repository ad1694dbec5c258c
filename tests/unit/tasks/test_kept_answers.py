"""A package is taken again only where a fresh build would make the same one."""

import os
import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.base.cache import cache_root
from lambda_slim.base.progress import silent
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.file import File
from lambda_slim.plan.evidence.source_syntax import SourceSyntax, read_syntax
from lambda_slim.tasks import build_fresh
from lambda_slim.tasks.build import BuildOptions
from lambda_slim.tasks.check import CheckOptions, check_project
from lambda_slim.tasks.shared_layer import LayerWork, build_with_layer
from tests.unit.tasks.folders import RandomFolder, build_folder

_FEW = settings(max_examples=int(os.environ.get("LAMBDA_SLIM_TESTS_FOLDERS", "6")), deadline=None)


@pytest.fixture
def made(monkeypatch):
    """The functions that are really built."""
    seen = []
    real = build_fresh.make_build

    def make(prepared, *rest):
        seen.append(prepared.function.name)
        return real(prepared, *rest)

    monkeypatch.setattr(build_fresh, "make_build", make)
    return seen


@pytest.fixture
def project(tmp_path):
    """Two functions of one folder: `a` and `b`."""
    (source := tmp_path / "project" / "src").mkdir(parents=True)
    for name in ("a", "b"):
        (source / f"{name}.py").write_text(f"import shared\n\n\ndef handler(event, context):\n    return '{name}'\n")
    (source / "shared.py").write_text("VALUE = 1\n")
    rows = (f'[functions.{name}]\nhandler = "{name}.handler"\nsource = "src"\n' for name in ("a", "b"))
    (tmp_path / "project" / "lambda-slim.toml").write_text('level = "reach"\nruntime = "python3.12"\n' + "".join(rows))
    return tmp_path / "project"


def again(project: Path, monkeypatch, **how):
    """What a build gives now, and what a build with an empty cache gives."""
    now = build_folder(project, project.parent / "out", **how)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(project.parent / "fresh"))
    fresh = build_folder(project, project.parent / "fresh out", **how)
    return now, fresh


@pytest.fixture
def first(tmp_path, monkeypatch):
    """The first build of a project, after which nothing counts as built."""

    def build(project, made, **how):
        monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
        answers = build_folder(project, tmp_path / "out", **how)
        assert made
        made.clear()
        return answers

    return build


@pytest.mark.parametrize(
    "edit",
    ["# a comment\n", "print('some text', 7)\n", "\n\n\nprint(12345)\n"],
)
def test_an_edit_in_one_handler_leaves_the_other_functions_as_they_are(project, made, first, monkeypatch, edit):
    before = first(project, made)
    source = project / "src" / "a.py"
    source.write_text(edit + source.read_text())

    now = build_folder(project, project.parent / "out")
    assert made == ["a"]
    assert now["b"][0] == before["b"][0]
    assert again(project, monkeypatch)[1] == now


def test_the_proof_tells_what_else_a_function_reads(project, made, first, monkeypatch):
    (project / "src" / "b.py").write_text(
        "import contextlib\nfrom pathlib import Path\n\n\ndef handler(event, context):\n"
        "    with contextlib.suppress(OSError):\n        (Path(__file__).parent / ('a' + '.py')).read_text()\n"
        "    return 1\n"
    )
    (project / "event.json").write_text("{}")
    rows = (
        (project / "lambda-slim.toml").read_text().replace('source = "src"', 'source = "src"\nevents = ["event.json"]')
    )
    (project / "lambda-slim.toml").write_text(rows.replace("3.12", "{}.{}".format(*sys.version_info[:2])))
    first(project, made, prove=True)
    with (project / "src" / "a.py").open("a") as file:
        file.write("# read by b\n")

    build_folder(project, project.parent / "out", prove=True)
    assert made == ["a", "b"]


READS = {
    "a word that names a file": ({"data/table.json": "{}"}, "open('table.json')\n"),
    "a folder that sources are loaded from": (
        {"steps/first.py": "X = 1\n"},
        "from pathlib import Path\nplace = Path(__file__).parent / 'steps'\n",
    ),
    "a module that a command starts": ({"tool.py": "X = 1\n"}, "# python -m tool\n"),
    "what a helper is called with": (
        {
            "b.py": "from helper import fetch\n\n\ndef handler(event, context):\n    return fetch(event['name'])\n",
            "helper.py": "import importlib\n\n\ndef fetch(name):\n    return importlib.import_module(name)\n",
            "tool.py": "X = 1\n",
        },
        "from helper import fetch\nfetch('tool')\n",
    ),
}


@pytest.mark.parametrize("what", READS)
def test_what_another_function_names_counts_for_all(project, made, first, monkeypatch, what):
    files, edit = READS[what]
    for path, text in files.items():
        (place := project / "src" / path).parent.mkdir(exist_ok=True)
        place.write_text(text)
    before = first(project, made)
    source = project / "src" / "a.py"
    source.write_text(edit + source.read_text())

    now, fresh = again(project, monkeypatch)
    assert now == fresh
    assert now["b"][0] != before["b"][0], "the edit was to make a difference"


def test_a_name_that_data_asks_for_counts_where_it_is_defined(project, made, first, monkeypatch):
    (project / "src" / "tasks.py").write_text("X = 1\n")
    (project / "src" / "flow.json").write_text('{"run": "tasks.send"}')
    before = first(project, made)
    (project / "src" / "tasks.py").write_text("X = 1\n\n\ndef send():\n    return 1\n")

    now, fresh = again(project, monkeypatch)
    assert now == fresh
    assert now["b"][0] != before["b"][0]


def test_a_check_takes_what_holds(project, made, first, tmp_path, monkeypatch):
    first(project, made)
    with (project / "src" / "a.py").open("a") as file:
        file.write("# changed\n")
    settings = load(project)

    def check():
        checked = check_project(find_project(project, settings), settings, CheckOptions("none", run=False))
        return [row.facts for row in checked]

    now = check()
    assert made == ["a"]
    for zipped in (cache_root() / "builds").rglob("package.zip"):
        zipped.unlink()
    assert check() == now
    assert made == ["a"], "what a check says does not need the zip"
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "fresh"))
    assert check() == now


def test_a_build_with_a_layer_takes_what_holds(project, made, first, tmp_path):
    first(project, made)
    with (project / "src" / "a.py").open("a") as file:
        file.write("# changed\n")
    settings = load(project)
    options = BuildOptions(prove=False)
    work = LayerWork(settings, options, silent, tmp_path / "layer.zip", lambda row: tmp_path / f"{row.name}.zip")
    build_with_layer(find_project(project, settings).functions, work)
    assert made == ["a"]


@pytest.mark.parametrize("path", ["shared.py", "notes.txt", "new.py"])
def test_what_ships_and_what_there_is_counts(project, made, first, path):
    (project / "src" / "notes.txt").write_text("one")
    first(project, made)
    (project / "src" / path).write_text("VALUE = 2\n")

    build_folder(project, project.parent / "out")
    assert made == ["a", "b"]


def test_settings_and_a_damaged_answer_count(project, made, first):
    first(project, made)
    (project / "src" / "a.py").write_text("def handler(event, context):\n    return 3\n")
    for entry in (cache_root() / "answers").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-3])
    build_folder(project, project.parent / "out")
    assert made == ["a", "b"]
    made.clear()

    (project / "src" / "a.py").write_text("def handler(event, context):\n    return 4\n")
    place = project / "lambda-slim.toml"
    place.write_text("guard = false\n" + place.read_text())
    build_folder(project, project.parent / "out")
    assert made == ["a", "b"]


def test_a_function_alone_keeps_no_answer(project, made, first):
    first(project, made, names=["b"])
    with (project / "src" / "a.py").open("a") as file:
        file.write("# changed\n")

    build_folder(project, project.parent / "out", names=["b"])
    assert made == ["b"]
    assert not (cache_root() / "answers").exists()


@_FEW
@given(seed=st.integers(0, 1 << 30))
def test_any_edits_give_what_a_fresh_build_gives(tmp_path_factory, seed):
    place = tmp_path_factory.mktemp("folder")
    folder = RandomFolder(place / "project", seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAMBDA_SLIM_CACHE", str(place / "cache"))
        build_folder(folder.root, place / "out")
        edits = [folder.edit() for _ in range(folder.dice.randint(1, 2))]
        now = build_folder(folder.root, place / "out")
        patch.setenv("LAMBDA_SLIM_CACHE", str(place / "fresh"))
        assert now == build_folder(folder.root, place / "fresh out"), edits


# What reads a source that a function does not reach, and where what it says is part of `facts_digest`.
READERS = {
    "lambda_slim.imports.store:digest_of",
    "lambda_slim.imports.store:scan_file",
    "lambda_slim.plan.evidence.source_facts:_source",
    "lambda_slim.plan.evidence.source_readers:_read",
    "lambda_slim.plan.evidence.source_syntax:_read",
    "lambda_slim.plan.evidence.started:_text",
    "lambda_slim.plan.evidence.junk_candidates:_bytes",
    "lambda_slim.tasks.own_content:_file_digest",  # to tell whether it changed
    "lambda_slim.bundle.reading:read_file",  # for the size of the full package, and its bytecode
}
PARSERS = {
    "lambda_slim.plan.evidence.source_facts:_read",
    "lambda_slim.plan.evidence.string_literals:_known_words",
    "lambda_slim.plan.evidence.path_folders:_joined_in",
    "lambda_slim.plan.evidence.dynamic_paths:_lines",
    "lambda_slim.plan.evidence.started:_programs_in",
}


class Watch:
    """Notes which functions of lambda-slim open and parse a file, as long as it is `on`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.on = True
        self.readers = set[str]()
        self.parsers = set[str]()

    def opened(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and self.on and str(arguments[0]) == str(self.place):
            self.readers.add(caller(sys._getframe(1)))

    def parsed(self, file: File) -> SourceSyntax:
        if file.source == self.place:
            self.parsers.add(caller(sys._getframe(1)))
        return read_syntax(file)


def caller(frame: FrameType | None) -> str:
    """The innermost function of lambda-slim that is not just a helper for files."""
    while frame:
        name = frame.f_globals.get("__name__", "")
        if name.startswith("lambda_slim.") and name != "lambda_slim.base.files":
            return f"{name}:{frame.f_code.co_name}"
        frame = frame.f_back
    return ""


def test_nothing_else_reads_a_source_that_is_not_reached(project, first, made, monkeypatch):
    """A reader that is new here has to be part of `source_facts.py`, or a package may be wrong."""
    (lone := project / "src" / "lone.py").write_text("def start():\n    return 1\n")
    watch = Watch(lone)
    for module in [module for name, module in sys.modules.items() if name.startswith("lambda_slim.")]:
        if getattr(module, "read_syntax", None) is read_syntax:
            monkeypatch.setattr(module, "read_syntax", watch.parsed)
    sys.addaudithook(watch.opened)
    try:
        first(project, made)
    finally:
        watch.on = False

    assert watch.readers == READERS
    assert watch.parsers == PARSERS


def test_distributions_in_the_code_folder_count_as_all_its_files_do(project, made, first):
    source = project / "src"
    for path, text in {
        "lib/__init__.py": "VALUE = 1\n",
        "lib-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n",
        "lib-1.0.dist-info/RECORD": "lib/__init__.py,,\nlib-1.0.dist-info/METADATA,,\nlib-1.0.dist-info/RECORD,,\n",
    }.items():
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text(text)
    (source / "shared.py").write_text("import lib\n")
    first(project, made)
    (source / "lib" / "__init__.py").write_text("VALUE = 2\n")

    build_folder(project, project.parent / "out")
    assert made == ["a", "b"]
