"""A list grows; nothing else changes."""

import tomllib

import pytest

from lambda_slim.formats.toml_edit import append_to_list

TABLE = "tool.lambda-slim"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[tool.lambda-slim]\nexclude = ['x']\n"),
        ("[project]\nname = 'a'", "[project]\nname = 'a'\n\n[tool.lambda-slim]\nexclude = ['x']\n"),
        (
            "[tool.lambda-slim]  # ours\nlevel = 'reach'\n\n[tool.b]\n",
            "[tool.lambda-slim]  # ours\nlevel = 'reach'\nexclude = ['x']\n\n[tool.b]\n",
        ),
        ("[tool.lambda-slim]\nexclude = []\n", "[tool.lambda-slim]\nexclude = ['x']\n"),
        ("[tool.lambda-slim]\nexclude = ['a'] # why\n", "[tool.lambda-slim]\nexclude = ['a', 'x'] # why\n"),
        ("[tool.lambda-slim]\nexclude = 'a'\n", "[tool.lambda-slim]\nexclude = ['a', 'x']\n"),
        (
            "[tool.lambda-slim]\nexclude = [\n  'a',  # ] no end\n  'b]'  # last\n]\nlevel = 'safe'\n",
            "[tool.lambda-slim]\nexclude = [\n  'a',  # ] no end\n  'b]',  # last\n  'x'\n]\nlevel = 'safe'\n",
        ),
        ("[tool.lambda-slim]\nexclude = [\n  'a',\n]\n", "[tool.lambda-slim]\nexclude = [\n  'a',\n  'x',\n]\n"),
        ("[tool.lambda-slim]\nexclude = ['a',\n'b']\n", "[tool.lambda-slim]\nexclude = ['a',\n'b',\n'x']\n"),
        ("[tool]\nlambda-slim.exclude = ['a']\n", "[tool]\nlambda-slim.exclude = ['a', 'x']\n"),
        ("[tool]\nlambda-slim = { exclude = ['a'] }\n", "[tool]\nlambda-slim = { exclude = ['a', 'x'] }\n"),
        (
            '[tool]\nlambda-slim.level = "safe"\n',
            "[tool]\nlambda-slim.level = \"safe\"\nlambda-slim.exclude = ['x']\n",
        ),
        ("[tool.lambda-slim]\nexclude = [\n# none\n]\n", "[tool.lambda-slim]\nexclude = [\n# none\n'x'\n]\n"),
        (
            "[tool.lambda-slim]\nlevel = 'safe'\n\n# of b\n[tool.b]\n",
            "[tool.lambda-slim]\nlevel = 'safe'\nexclude = ['x']\n\n# of b\n[tool.b]\n",
        ),
        (
            "[tool.lambda-slim.functions.A]\nexclude = ['a']\n",
            "[tool.lambda-slim]\nexclude = ['x']\n\n[tool.lambda-slim.functions.A]\nexclude = ['a']\n",
        ),
    ],
)
def test_it_changes_that_list_alone(before, after):
    assert append_to_list(before, TABLE, "exclude", ["x"]) == after.replace("'x'", '"x"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "exclude = ['x']\n"),
        ("# settings\nlevel = 'safe'\n", "# settings\nlevel = 'safe'\nexclude = ['x']\n"),
        ("level = 'safe'\n\n[functions]\n", "level = 'safe'\nexclude = ['x']\n\n[functions]\n"),
        ("# about\n[functions]\nA = 'a.b'\n", "# about\nexclude = ['x']\n\n[functions]\nA = 'a.b'\n"),
        ("exclude = ['a']\r\nlevel = 'safe'\r\n", "exclude = ['a', 'x']\r\nlevel = 'safe'\r\n"),
        ("level = 'safe'\r\n", "level = 'safe'\r\nexclude = ['x']\r\n"),
    ],
)
def test_the_top_table(before, after):
    assert append_to_list(before, "", "exclude", ["x"]) == after.replace("'x'", '"x"')


@pytest.mark.parametrize(
    "text",
    [
        "tool = 3\n",
        "[tool.lambda-slim]\nexclude = 3\n",
        "[[tool.lambda-slim]]\nlevel = 'safe'\n",
        "not toml",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        append_to_list(text, TABLE, "exclude", ["x"])


def test_odd_names_are_quoted():
    odd = ['a "b" \\c', "é/ü*.py"]

    assert tomllib.loads(append_to_list("", "", "exclude", odd))["exclude"] == odd
