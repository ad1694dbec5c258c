"""What variables of Serverless files stand for."""

import pytest

from lambda_slim.formats.serverless_variables import Variables
from lambda_slim.formats.tables import UNKNOWN

DOCUMENT = {
    "service": "shop",
    "custom": {
        "size": 512, "on": True, "list": ["a", "b"], "table": {"dev": "d", 7: "seven"}, "same": "${self:service}",
    },
    "params": {"prod": {"host": "p"}, "default": {"host": "x", "port": 80}},
    "stages": {"default": {"params": {"key": "k"}}, "prod": {"params": {"key": "pk"}}},
    "circle": "${self:circle}",
    "many": ["${self:many2}"] * 9,
}  # fmt: skip
FILES = {"a.yml": "x:\n  y: ${self:service}-1\n", "a.json": '{"z": 3}', "a.txt": "plain\n", "bad.yml": "a: [\n"}


def variables(stage="dev"):
    return Variables(DOCUMENT, stage, {"HOME": "/home"}, FILES.get)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        (7, 7),
        ("${self:service}", "shop"),
        ("${self:custom.size}", 512),
        ("${self:custom.same}", "shop"),
        ("${self:custom.list.1}", "b"),
        ("${self:custom.list.2}", UNKNOWN),
        ("${self:custom.list.x}", UNKNOWN),
        ("${self:custom.table.7}", "seven"),
        ("${self:custom.table.${opt:stage}}", "d"),
        ("${self:custom.absent}", UNKNOWN),
        ("${self:custom.absent, 'other'}", "other"),
        ('${self:custom.absent, self:custom.size}', 512),
        ("${self:custom.absent, 3}", 3),
        ("${self:custom.absent, true}", True),
        ("${self:custom.absent, 'a, b'}", "a, b"),
        ("x-${self:service}-${sls:stage}", "x-shop-dev"),
        ("x-${self:custom.on}", "x-true"),
        ("x-${self:custom.list}", UNKNOWN),
        ("x-${self:custom.absent}", UNKNOWN),
        ("${env:HOME}", "/home"),
        ("${env:ABSENT}", UNKNOWN),
        ("${opt:region}", "us-east-1"),
        ("${aws:region}", "us-east-1"),
        ("${ssm:/a}", UNKNOWN),
        ("${param:port}", 80),
        ("${param:key}", "k"),
        ("${param:absent}", UNKNOWN),
        ("${file(a.yml):x.y}", "shop-1"),
        ("${file('a.json'):z}", 3),
        ("${file(a.json)}", {"z": 3}),
        ("${file(a.txt)}", "plain\n"),
        ("${file(absent.yml):x, 'none'}", "none"),
        ("${file(bad.yml):a, 1.5}", 1.5),
        ("${self:circle}", UNKNOWN),
        ({"a": ["${self:service}"]}, {"a": ["shop"]}),
    ],
)  # fmt: skip
def test_what_a_variable_stands_for(text, value):
    assert variables().value(text) == value


def test_parameters_of_the_stage_come_first():
    assert variables("prod").value("${param:host}") == "p"
    assert variables("dev").value("${param:host}") == "x"
    assert variables("prod").value("${param:key}") == "pk"


def test_what_unfolds_without_end_is_refused():
    wide = ["x"]
    for _ in range(7):
        wide = [wide] * 9

    with pytest.raises(ValueError, match="unfold to too much"):
        variables().value(wide)
