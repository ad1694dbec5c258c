"""YAML that stands for more than anybody can look at is refused before it is looked at."""

import time

import pytest

from lambda_slim.formats.template import parse_template
from lambda_slim.formats.yaml_text import load_yaml

FUNCTION = "  F: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.b, Runtime: python3.12}}\n"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
CONDITIONS = "".join(f"  C{n}: {{'Fn::And': [{{Condition: C{n + 1}}}, {{Condition: C{n + 1}}}]}}\n" for n in range(45))
CONDITIONS = f"Conditions:\n{CONDITIONS}  C45: {{'Fn::Equals': [a, a]}}\n"
PARAMETERS = "".join(f"  P{n}: {{Default: '${{P{n + 1}}}${{P{n + 1}}}'}}\n" for n in range(60))
ASKS = "Resources:\n  F: {{Type: 'AWS::Serverless::Function', Properties: {{Handler: {}, Runtime: python3.12}}}}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB + ASKS.format("*j"), "aliases stand for more"),
        ("a: &a [*a]\n", "holds itself"),
        ("a: &a {b: *a}\n", "holds itself"),
        ("a: &a " + "x" * 100_000 + "\nb: [" + "*a," * 5000 + "]\n", "aliases stand for more"),
        ("a: [" + "x," * 400_000 + "]\n", "more than"),
        ("[" * 50_000, "nested too deeply"),
        ("- " * 50_000, "nested too deeply"),
        ("{a: " * 5_000, "nested too deeply"),
        ("a: " + "1:" * 2_000 + "1\n", "number is too long"),
        ("a: " + "9" * 2_000 + "\n", "number is too long"),
        ("a: 2001-99-99\nResources: {? [a] : b}\n", "unhashable"),
        ("x" * 5_000_000, "longer than"),
        (
            "Conditions:\n" + CONDITIONS + "  C45: {'Fn::Equals': [a, a]}\n" + ASKS.format("{'Fn::If': [C0, a, b]}"),
            "expand to too much",
        ),
        ("Parameters:\n" + PARAMETERS + ASKS.format("!Sub '${P0}'"), "expand to too much"),
    ],
    ids=lambda value: None if len(value) > 40 else value,
)
def test_it_is_refused_in_a_few_seconds(text, message):
    begun = time.process_time()
    with pytest.raises(ValueError, match=message):
        parse_template(text)
    assert time.process_time() - begun < 5


def test_what_teams_write_is_taken():
    text = "x: &vars {A: 1}\nResources:\n" + "".join(FUNCTION.replace(" F:", f" F{n}:") for n in range(500))
    assert len(parse_template(text)) == 500
    node, value = load_yaml("a: &a {b: 1}\nc: {<<: *a}\nd: [*a, *a]\ne: 2010-09-09\n")
    assert value == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}] * 2, "e": "2010-09-09"}
    assert node.start_mark.line == 0
