"""Each thing that a plan reads in a source which it does not reach is in the digest of these sources by itself."""

import pytest

from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.plan.evidence.source_facts import facts_digest

TABLE = {"my-data/my-table.json": "{}", "steps/first.py": ""}

# Two texts of `lone.py`, of which nothing else in the digest tells that they differ.
PAIRS = {
    "source that is no Python": ("def (\n", "def ((\n"),
    "an import in a function": ("def f():\n    import json\n", "def f():\n    import csv\n"),
    "a name that is set to a text": ("A = 'one two'\n", "A = 'one six'\n"),
    "a name that is defined": ("'''\ndef one():\n'''\n", "'''\ndef two():\n'''\n"),
    "the installer's list of files": ('# "RECORD"\n', '# "RACORD"\n'),
    "a source that is opened by name": ('# "tool.py"\n', '# "tail.py"\n'),
    "a source that asks for its place": ("# at __file__\n", "# at __fila__\n"),
    "a source that is read by inspect": ("# getsource(f)\n", "# getsauce(f)\n"),
    "a module that a command starts": ("# python -m tool\n", "# python -m tail\n"),
    "its part that is a program": (
        "if __name__ == '__main__':\n    print(1)\n",
        "if __name__ == '__main__':\n    print(2)\n",
    ),
    "a path that is known at run time": (
        "from pathlib import Path\ndef f(n):\n    return Path(__file__).parent / n\n",
        "from pathlib import Path\ndef f(n):\n    return Path(__file__).parent, n\n",
    ),
    **{
        what: (f"def f(x):\n    return [x, {before!r}]\n", f"def f(x):\n    return [x, {after!r}]\n")
        for what, before, after in (
            ("a word that names a file", "my-table.json", "my-table.jsan"),
            ("a word that names a file without its ending", "my-table", "my-tables"),
            ("a word that names a folder", "my-data", "my-date"),
            ("a pattern of files", "*.json", "*.jsan"),
            ("a word of what reads junk", "read-all.po", "read-all.pa"),
        )
    },
    "a folder that a path is joined from": (
        "def f(x):\n    return x * 'steps'\n",
        "def f(x):\n    return x / 'steps'\n",
    ),
    **{
        f"a source with {word}": (f"# {word} 1\n", f"# {word} 2\n")
        for word in ("LANG", "USE_I18N", "INSTALLED_APPS", "translation", "lambda-slim:")
    },
}


@pytest.fixture
def told(tmp_path):
    """The digest of a project with a source of some text."""

    def digest(text, path="lone.py"):
        files = []
        for number, (name, content) in enumerate({**TABLE, path: text}.items()):
            place = tmp_path / f"{len(list(tmp_path.iterdir()))}-{number}"
            place.write_text(content)
            files.append(File(name, place, len(content), FIRST_PARTY, kind_of(name)))
        return facts_digest(files, (3, 12), "code")

    return digest


@pytest.mark.parametrize("what", PAIRS)
def test_what_a_plan_reads_counts(told, what):
    before, after = PAIRS[what]
    assert told(before) == told(before)
    assert told(before) != told(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print(1)\n", "print(2)\n"),
        ("# a comment\n", "# another one\n"),
        ("print('some text')\n", "print('another one')\n"),
        ("import json\n", "\n\nimport json\n"),
    ],
)
def test_what_no_plan_reads_does_not_count(told, before, after):
    assert told(before) == told(after)


def test_where_a_source_lies_counts(told):
    assert told("X = 1\n") != told("X = 1\n", "other.py")


def test_a_secret_by_its_name_and_content_counts(told):
    key = "# -----BEGIN PRIVATE KEY-----\n"
    assert told(key, "id_rsa.py") != told(key.lower(), "id_rsa.py")
