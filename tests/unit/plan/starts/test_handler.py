"""What is said of a handler that is not there."""

from pathlib import Path

import pytest

from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Module
from lambda_slim.model.target import Target
from lambda_slim.plan.starts.handler import handler_findings
from lambda_slim.plan.starts.places import Places
from lambda_slim.plan.starts.providers import UnknownLayers

MODULES = {name: Module(name, f"{name}.py", package=False) for name in ("app", "orders", "secret")}
FACTS = SourceFacts(bound=("handler", "helper"))


def findings(handler, *, script="", layers=()):
    """The findings for a handler of a package that ships app and orders, but not secret."""
    places = Places(
        Imports(MODULES, {}, sources=dict.fromkeys(MODULES, FACTS)), {"app.py", "orders.py"}, [UnknownLayers(layers)]
    )
    target = Target(runtimes()["python3.12"], "x86_64")
    return list(handler_findings(Function("F", handler, Path("/nowhere"), target, script=script), places))


@pytest.mark.parametrize(
    ("handler", "rule", "message", "hint"),
    [
        ("ap.handler", "LS130", "module `ap` is not in the package", "did you mean `app.handler`?"),
        ("order.run", "LS130", "module `order` is not in the package", "did you mean `orders.run`?"),
        ("secret.handler", "LS130", "module `secret` is not in the package", "give --handler, or fix it there"),
        ("app.handle", "LS131", "handler `handle` is not in `app.py`", "did you mean `app.handler`?"),
        ("app.unlike", "LS131", "handler `unlike` is not in `app.py`", "give --handler, or fix it there"),
    ],
)
def test_a_handler_that_is_not_there(handler, rule, message, hint):
    (finding,) = findings(handler)

    assert (finding.rule, finding.level, finding.hint) == (rule, "error", hint)
    assert message in finding.message
    assert (finding.file, finding.line) == (("app.py", 1) if rule == "LS131" else ("", 0))


def test_nothing_is_said_where_the_handler_is_there_or_may_be():
    assert findings("app.handler") == []
    assert findings("secret.handler", layers=("arn",)) == []
    assert findings("ap.handler", script="run.sh") == []
