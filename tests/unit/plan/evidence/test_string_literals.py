"""What first-party code may read, it names."""

import pytest

from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.string_literals import find_mentions, mentions


def words(tmp_path, source, environment=()):
    path = tmp_path / "app.py"
    path.write_text(source)
    return find_mentions([File("app.py", path, 1, FIRST_PARTY, FileKind.SOURCE)], environment)


def test_names_stems_folders_and_globs(tmp_path):
    found = words(tmp_path, '"""docs/readme"""\nopen("content/guide.md"); glob("*.csv"); x = "table"')

    assert mentions(found, "content/other.md")
    assert mentions(found, "guide.md")
    assert mentions(found, "data/a.csv")
    assert mentions(found, "table.json")
    assert not mentions(found, "docs/readme.txt")
    assert not mentions(found, "template.yaml")


def test_values_of_the_environment_count(tmp_path):
    assert mentions(words(tmp_path, "", ["/var/task/models"]), "models/a.bin")


@pytest.mark.parametrize("source", ["print 'rules/a.yml'", 'x = f"{d["rules/a.yml"]}"\nprint 1'])
def test_code_for_another_python_mentions_its_strings(tmp_path, source):
    assert mentions(words(tmp_path, source), "rules/b.yml")


def test_data_that_is_read_may_name_more_data(tmp_path):
    texts = {
        "app.py": b'open("manifest.json")',
        "manifest.json": b'{"welcome": "mail/welcome.j2"}',
        "mail/welcome.j2": b'{% extends "layouts/base.html" %}',
        "layouts/base.html": b"",
        "notebooks/a.ipynb": b'"scratch/x.csv"',
        "scratch/x.csv": b"notebooks/a.ipynb",
        "model.bin": b"\0 weights/w.bin",
    }
    files = []
    for path, text in texts.items():
        (place := tmp_path / path).parent.mkdir(exist_ok=True)
        place.write_bytes(text)
        files.append(File(path, place, len(text), FIRST_PARTY, FileKind.SOURCE if path == "app.py" else FileKind.DATA))

    found = find_mentions(files, ())

    named = {path for path in texts if "/" in path and mentions(found, path)}
    assert named == {"mail/welcome.j2", "layouts/base.html"}
    assert not mentions(found, "weights/w.bin")
