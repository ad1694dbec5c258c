"""Folders that own code puts paths together to: what lies in them may be loaded by its path."""

import pytest

from lambda_slim.facts.folders import below, named_folders
from lambda_slim.inventory import PROJECT, File, Kind


def file(path, folder, text="", kind=Kind.SOURCE, owner=PROJECT):
    place = folder / path.replace("/", "_")
    place.write_text(text)
    return File(path, place, len(text), owner, kind)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Path(__file__).parent / 'db' / 'migrations'", {"db", "migrations"}),
        ("os.path.join(here, 'rules', 'rule_*.py')", {"rules"}),
        ("open('migrations')\nx = 'migrations'", set()),
        ("Path('./sql/steps')", {"steps"}),
        ("config.set_main_option('script_location', 'alembic')", {"alembic"}),
        ("1 / 2\n', '.join(names)\ndef (", set()),
    ],
)
def test_folders_of_paths(source, expected, tmp_path):
    assert named_folders([file("app.py", tmp_path, source)]) == expected


def test_settings_at_the_root_name_folders(tmp_path):
    text = "[alembic]\nscript_location = %(here)s/db/moves\nsqlalchemy.url = driver://u:p@h/x\n"
    files = [file("alembic.ini", tmp_path, text, Kind.DATA), file("lib.ini", tmp_path, text, Kind.DATA, "lib")]
    assert named_folders(files) == {"moves"}


def test_the_sources_of_such_a_folder(tmp_path):
    paths = ["app.py", "moves/env.py", "moves/versions/0001_a.py", "other/x.py"]
    files = [file(path, tmp_path) for path in paths]
    assert below(frozenset({"moves"}), files) == {"moves/env.py", "moves/versions/0001_a.py"}
