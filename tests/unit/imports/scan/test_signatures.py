"""What happens when Lambda calls a function, a class or an object."""

import ast

import pytest

from lambda_slim.imports.scan.facts import ANSWER, CALL, VALUE
from lambda_slim.imports.scan.signatures import of_class, of_function, of_value


@pytest.mark.parametrize(
    ("source", "kind", "text"),
    [
        ("def f(): ...", CALL, "takes no argument, and"),
        ("def f(event): ...", CALL, "takes one argument, and"),
        ("def f(a, b, c): ...", CALL, "needs 3 arguments, and"),
        ("def f(event, context, *, key): ...", CALL, "needs the keyword argument `key`"),
        ("async def f(event, context): ...", ANSWER, "is `async def`: Lambda does not await it, and a coroutine"),
        ("async def f(event, context): yield 1", ANSWER, "is an async generator, which"),
        ("def f(event, context): yield 1", ANSWER, "is a generator function: it returns a generator, which"),
        ("@logger.inject_lambda_context(log_event=True)\ndef f(): ...", CALL, "takes no argument"),
        ("@event_source\ndef f(event): ...", CALL, "takes one argument"),
    ],
)
def test_a_function_that_cannot_be_a_handler(source, kind, text):
    outcome = of_function(ast.parse(source).body[0])

    assert outcome[0] == kind
    assert outcome[1].startswith(text)


@pytest.mark.parametrize(
    "source",
    [
        "def f(event, context): ...",
        "def f(*args): ...",
        "def f(event, *rest): ...",
        "def f(event, context, more=None): ...",
        "def f(event, context, *, key=None): ...",
        "def f(event, context):\n    def inner():\n        yield 1",
        "@functools.wraps(g)\ndef f(): ...",
        "@table['x']\ndef f(): ...",
    ],
)
def test_a_function_that_may_be_a_handler(source):
    assert of_function(ast.parse(source).body[0]) is None


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("'x'", VALUE, "is a string"),
        ("f'{x}'", VALUE, "is a string"),
        ("b'x'", VALUE, "is a bytes object"),
        ("1.5", VALUE, "is a number"),
        ("True", VALUE, "is a truth value"),
        ("None", VALUE, "is None"),
        ("...", VALUE, "is a constant"),
        ("{}", VALUE, "is a dictionary"),
        ("[x for x in y]", VALUE, "is a list"),
        ("(x for x in y)", VALUE, "is a generator"),
        ("lambda: 1", CALL, "takes no argument, and Lambda gives two: event and context"),
    ],
)
def test_a_value_that_is_no_handler(value, kind, text):
    assert of_value(ast.parse(value, mode="eval").body) == (kind, text)


@pytest.mark.parametrize("value", ["lambda e, c: 1", "make()", "other.handler", "f if x else g"])
def test_a_value_that_may_be_a_handler(value):
    assert of_value(ast.parse(value, mode="eval").body) is None


def outcomes(body, head="class A:"):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return {key: outcome[1] for key, outcome in of_class(ast.parse(f"{head}\n{lines}").body[0])}


def test_a_class_is_no_handler_and_its_methods_may_be():
    told = outcomes("def __init__(self, a, b, c): ...\ndef run(self, event, context): ...\ndef one(self): ...")

    assert told["A"].startswith("is a class whose `__init__` needs 3 arguments")
    assert told["A()"] == "is an object of the class `A`, which has no `__call__`"
    assert told["A.run"].startswith("needs 3 arguments")
    assert told["A().one"].startswith("takes no argument")
    assert "A().run" not in told


@pytest.mark.parametrize(
    ("body", "key", "text"),
    [
        ("x = 1", "A", "is a class that takes no arguments"),
        ("def __init__(self, e, c): ...", "A", "is a class: calling it makes an object, which"),
        ("def __call__(self, e): ...", "A()", "is an object of `A`, whose `__call__` takes one argument"),
        ("@staticmethod\ndef run(e): ...", "A.run", "takes one argument"),
        ("@classmethod\nasync def run(cls, e, c): ...", "A().run", "is `async def`"),
    ],
)
def test_what_a_class_and_its_objects_are(body, key, text):
    assert outcomes(body)[key].startswith(text)


@pytest.mark.parametrize(
    ("body", "head", "silent"),
    [
        ("x = 1", "class A(Base):", {"A", "A()"}),
        ("x = 1", "@decorated\nclass A:", {"A", "A()"}),
        ("x = 1", "class A(metaclass=M):", {"A", "A()"}),
        ("def __new__(cls): ...", "class A:", {"A", "A()"}),
        ("from other import __call__", "class A:", {"A()"}),
        ("__init__ = make()", "class A:", {"A"}),
        ("def run(self): ...\nif X:\n    def run(self, e, c): ...", "class A:", {"A.run", "A().run"}),
        ("def run(self): ...\ndef set(self):\n    self.run = g", "class A:", {"A.run", "A().run"}),
        ("@property\ndef run(self): ...", "class A:", {"A.run", "A().run"}),
        ("def __call__(self, e, c): ...", "class A:", {"A()"}),
    ],
)
def test_nothing_is_said_where_something_else_may_decide(body, head, silent):
    assert silent.isdisjoint(outcomes(body, head))
