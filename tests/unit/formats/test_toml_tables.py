"""Tables go into TOML text; the rest stays byte for byte."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.formats.toml_edit import Block, insert_tables

BUDGETS = Block("tool.lambda-slim.budgets", ('unzipped = "1 MiB"',), "as of today")
PREFIX = "tool.lambda-slim"


def test_new_tables_come_last_behind_an_empty_line():
    made = insert_tables("[project]\nname = 'a'", [BUDGETS])

    assert made == "[project]\nname = 'a'\n\n# as of today\n[tool.lambda-slim.budgets]\nunzipped = \"1 MiB\"\n"


def test_new_tables_come_behind_those_of_the_same_tool():
    text = "[tool.lambda-slim]\nlevel = 'safe'  # ours\n\n# of ruff\n[tool.ruff]\nline-length = 90\n"
    made = insert_tables(text, [BUDGETS])

    assert made is not None
    assert made.index("lambda-slim.budgets") < made.index("# of ruff")
    assert made.replace('\n# as of today\n[tool.lambda-slim.budgets]\nunzipped = "1 MiB"\n', "") == text


def test_keys_go_into_the_table_that_is_there():
    made = insert_tables("[tool.lambda-slim]\nlevel = 'safe'\n", [Block(PREFIX, ('python = "3.12"',))])

    assert made == "[tool.lambda-slim]\nlevel = 'safe'\npython = \"3.12\"\n"


def test_keys_of_no_table_come_before_the_first_table():
    made = insert_tables("\ufefflevel = 'safe'\n[functions]\n", [Block("", ('python = "3.12"',))])

    assert made == "\ufefflevel = 'safe'\npython = \"3.12\"\n\n[functions]\n"


def test_line_ends_stay():
    made = insert_tables("[a]\r\nb = 1\r\n", [BUDGETS])

    assert made is not None
    assert made.count("\n") == made.count("\r\n")


def test_a_header_inside_a_string_fools_nobody():
    text = "[tool.lambda-slim]\nnote = '''\n[tool.lambda-slim.x]\nstill the note\n'''\nlevel = 'safe'\n"
    made = insert_tables(text, [BUDGETS])

    assert made is not None
    assert tomllib.loads(made)["tool"]["lambda-slim"]["note"] == "[tool.lambda-slim.x]\nstill the note\n"
    assert tomllib.loads(made)["tool"]["lambda-slim"]["budgets"] == {"unzipped": "1 MiB"}


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nlambda-slim = { level = 'safe' }\n",  # an inline table is closed
        "[tool.lambda-slim.budgets]\nunzipped = '2 MiB'\n",  # what is there is never replaced
        "tool.lambda-slim.budgets = 3\n",
    ],
)
def test_what_cannot_be_put_in_as_text_is_not(text):
    assert insert_tables(text, [BUDGETS]) is None


LINES = st.sampled_from(
    ["[a]", "[tool.lambda-slim]", "[tool.lambda-slim.functions]", "[tool.b]", "", "# note", "   ", "[[c]]"]
)


@given(st.lists(LINES, max_size=12), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_what_is_put_in_is_all_that_changes(lines, ended, newline):
    text = newline.join(f"{line}{number}" if line == "# note" else line for number, line in enumerate(lines))
    text += newline if ended else ""
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    made = insert_tables(text, [BUDGETS])

    assert made is not None
    old, new = text.rstrip("\r\n").split("\n"), made.split("\n")
    assert [row.rstrip("\r") for row in old if row.strip()] == [
        row.rstrip("\r")
        for row in new
        if row.strip() and row.rstrip("\r") not in ("# as of today", "[tool.lambda-slim.budgets]", 'unzipped = "1 MiB"')
    ]
    after = tomllib.loads(made)
    assert after["tool"]["lambda-slim"].pop("budgets") == {"unzipped": "1 MiB"}
    assert {**before, "tool": 0} == {**after, "tool": 0}
