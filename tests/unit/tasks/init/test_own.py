"""Hooks and CI install the lambda-slim that wrote them."""

import json

import pytest

from lambda_slim import __version__
from lambda_slim.tasks.init.own import own_requirement
from lambda_slim.tasks.init.workflow import workflow_yaml

GIT = {
    "url": "https://example.org/a.git",
    "vcs_info": {"vcs": "git", "commit_id": "c0ffee"},
}
OF_INDEX = f"lambda-slim=={__version__}"


@pytest.mark.parametrize(
    ("noted", "wanted"),
    [
        (json.dumps(GIT), "lambda-slim @ git+https://example.org/a.git@c0ffee"),
        (json.dumps({**GIT, "url": "file:///home/me/a"}), OF_INDEX),
        ('{"url": "file:///home/me/a", "dir_info": {"editable": true}}', OF_INDEX),
        ("", OF_INDEX),
        ("[", OF_INDEX),
        ("[]", OF_INDEX),
    ],
)
def test_the_requirement_is_of_the_index_or_the_commit(noted, wanted):
    assert own_requirement(noted) == wanted


def test_the_workflow_runs_that_one():
    assert "pipx run lambda-slim==1.2 check --format" in workflow_yaml(["3.12"], "lambda-slim==1.2")
    made = workflow_yaml(["3.12"], own_requirement(json.dumps(GIT)), "services/a")
    spec = "'lambda-slim @ git+https://example.org/a.git@c0ffee'"
    assert f"pipx run --spec {spec} lambda-slim check services/a --format" in made
