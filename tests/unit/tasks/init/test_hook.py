"""The hooks go into a pre-commit configuration; comments and every other byte stay."""

import re
from pathlib import Path

import pytest
import yaml

from lambda_slim.tasks.init.hook import hooks_yaml, insert_hooks

OURS = "lambda-slim==1.2.3"
ROOT = Path(__file__).parents[4]
FLAT = "# ours\nrepos:\n- repo: https://example.org/a  # pinned\n  rev: v1\n  hooks:\n  - id: a\n  # the end\n"
DEEP = "repos:\n    - repo: https://example.org/a\n      rev: v1\n      hooks: [{ id: a }]\n\n\nci:\n    skip: [a]\n"


def ids(text):
    return [hook["id"] for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]


def test_the_published_hooks_are_these():
    assert (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8") == hooks_yaml()


@pytest.mark.parametrize("text", [FLAT, DEEP, FLAT.replace("\n", "\r\n"), FLAT.rstrip("\n"), DEEP[:-20]])
def test_they_come_last_and_nothing_else_changes(text):
    made = insert_hooks(text, OURS)

    assert made is not None
    assert ids(made)[0] == "a"
    assert len(ids(made)) == 5
    rest = iter(made.replace("\r\n", "\n").split("\n"))
    assert all(line in rest for line in text.replace("\r\n", "\n").split("\n") if line)
    assert ("\r\n" in text) == ("\r\n" in made)
    if "\r\n" in text:
        assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "repos: []\n", "repos: []", "repos:\n", "fail_fast: true\n"])
def test_a_file_without_repositories_gets_them(text):
    made = insert_hooks(text, OURS)

    if text == "repos:\n":  # nothing there to say how far in its items stand
        assert made is None or ids(made)
    else:
        assert made is not None
        assert ids(made)[0] == "lambda-slim-lint"
        assert "fail_fast" not in text or yaml.safe_load(made)["fail_fast"] is True


@pytest.mark.parametrize(
    "text", ["repos: [{repo: local, hooks: []}]\n", "- a\n", "{repos: []}\n", "repos: 3\n", "a: [\n"]
)
def test_what_cannot_be_changed_as_text_is_not(text):
    assert insert_hooks(text, OURS) is None


def test_twice_is_once_also_from_our_repository():
    made = insert_hooks(FLAT, OURS)

    assert made is not None
    assert insert_hooks(made, OURS) == made
    own = FLAT.replace("id: a", "id: lambda-slim-lock")
    assert insert_hooks(own, OURS) == own


def test_a_project_below_the_repository_is_named():
    made = insert_hooks("", OURS, "services/new api")

    hooks = {hook["id"]: hook for hook in yaml.safe_load(made)["repos"][0]["hooks"]}
    assert hooks["lambda-slim-check"]["args"] == ["services/new api"]
    assert "args" not in hooks["lambda-slim-lint"]
    for path, wanted in (
        ("services/new api/app.py", True),
        ("services/new api/a/b.py", True),
        ("services/b.py", False),
    ):
        assert bool(re.search(hooks["lambda-slim-lint"]["files"], path)) is wanted
        assert bool(re.search(hooks["lambda-slim-check"]["files"], path)) is wanted
    assert hooks["lambda-slim-check"]["name"] == "lambda-slim check: services/new api"
    assert hooks["lambda-slim-check"]["additional_dependencies"] == [OURS]

    more = insert_hooks(made, OURS, "services/other")
    assert len(ids(more)) == 8
    assert insert_hooks(more, OURS, "services/other") == insert_hooks(more, OURS, "services/new api") == more
