"""What first-party code may read, it names."""

from lambda_slim.facts.mentions import find_mentions, mentions
from lambda_slim.inventory import PROJECT, File, Kind


def words(tmp_path, source, environment=()):
    path = tmp_path / "app.py"
    path.write_text(source)
    return find_mentions([File("app.py", path, 1, PROJECT, Kind.SOURCE)], environment)


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


def test_code_that_cannot_be_parsed_mentions_nothing(tmp_path):
    assert words(tmp_path, "def (") == frozenset()
