"""What expressions of Terraform's language stand for."""

import pytest

from lambda_slim.formats.hcl import parse_hcl
from lambda_slim.formats.hcl_calls import call
from lambda_slim.formats.hcl_value import Expressions
from lambda_slim.formats.tables import UNKNOWN

VARIABLES = {
    ("var", "name"): "shop",
    ("var", "table"): {"a": 1, "b": 2},
    ("var", "rows"): [{"id": "x"}, {"id": "y"}],
    ("var", "none"): None,
    ("path", "module"): "/code",
    ("aws_s3_object", "z", "[0]", "key"): "z.zip",
    ("aws_s3_object", "z", "[blue]", "key"): "blue.zip",
}

CASES = [
    ("1", 1),
    ("1.5", 1.5),
    ("true", True),
    ("null", None),
    ('"plain"', "plain"),
    (r'"a\n\"b\"\\c"', 'a\n"b"\\c'),
    ('"$${x}"', "${x}"),
    ('"${var.name}-${1 + 1}-${true}"', "shop-2-true"),
    ('"${var.rows}"', UNKNOWN),
    ('"${var.absent}"', UNKNOWN),
    ("var.name", "shop"),
    ("var.absent", UNKNOWN),
    ("[1, var.name]", [1, "shop"]),
    ('{a = 1, "b" = 2, (var.name) = 3}', {"a": 1, "b": 2, "shop": 3}),
    ('var.table["b"]', 2),
    ("var.rows[1]", {"id": "y"}),
    ("var.rows[7]", UNKNOWN),
    ("var.rows[1].id", "y"),
    ("var.absent[0].id", UNKNOWN),
    ("var.rows[*].id", ["x", "y"]),
    ("var.rows.*.id", ["x", "y"]),
    ("aws_s3_object.z[0].key", "z.zip"),
    ('aws_s3_object.z["blue"].key', "blue.zip"),
    ('var.name == "shop" ? 1 : 2', 1),
    ("var.absent ? 1 : 2", UNKNOWN),
    ("1 < 2 && 2 >= 2", True),
    ("7 % 4 - 2 * 3", -3),
    ("1 / 0", UNKNOWN),
    ("1 + var.absent", UNKNOWN),
    ("!true", False),
    ("-3", -3),
    ("!var.absent", UNKNOWN),
    ("(1 + 2) * 3", 9),
    ("[for row in var.rows : row.id]", ["x", "y"]),
    ('[for row in var.rows : row.id if row.id != "x"]', ["y"]),
    ("[for row in var.rows : row.id if var.absent]", UNKNOWN),
    ("[for place, row in var.rows : place]", [0, 1]),
    ("{for key, value in var.table : value => key}", {"1": "a", "2": "b"}),
    ("[for row in var.absent : row]", UNKNOWN),
    ("{for row in var.absent : row => row}", UNKNOWN),
    ('join("-", [1, "b"])', "1-b"),
    ("<<EOT\ntext\nmore\nEOT\n", "text\nmore\n"),
    ("<<EOT\n${var.name}\nEOT\n", "shop\n"),
    ("<<EOT\n${var.nowhere}\nEOT\n", UNKNOWN),
]


def test_expressions():
    text = "x {\n" + "\n".join(f"  a{number} = {said}" for number, (said, _) in enumerate(CASES)) + "\n}\n"
    (block,) = parse_hcl(text)
    values = Expressions(lambda path: VARIABLES.get(path, UNKNOWN), call)

    for number, (said, expected) in enumerate(CASES):
        assert (said, values.value(block.attributes[f"a{number}"])) == (said, expected)


def test_loops_in_loops_come_to_an_end():
    inner = "x"
    for depth in range(9):
        inner = f"[for v{depth} in range : {inner}]"
    (block,) = parse_hcl(f"x {{\n  a = {inner}\n}}\n")
    rows = list(range(20))
    values = Expressions(lambda path: rows if path == ("range",) else 1, call)

    assert UNKNOWN in str(values.value(block.attributes["a"]))


@pytest.mark.parametrize(
    ("name", "values", "given"),
    [
        ("format", ["%s-%v-%q", "a", 1, "b"], 'a-1-"b"'),
        ("lookup", [{"a": 1}, "a"], 1),
        ("lookup", [{"a": 1}, "b"], UNKNOWN),
        ("lookup", [{"a": 1}, "b", 2], 2),
        ("merge", [{"a": 1}, None, {"a": 2, "b": 3}], {"a": 2, "b": 3}),
        ("concat", [[1], [2, 3]], [1, 2, 3]),
        ("flatten", [[1, [2, [3]]]], [1, 2, 3]),
        ("distinct", [[1, 2, 1]], [1, 2]),
        ("compact", [["a", "", None]], ["a"]),
        ("values", [{"b": 1, "a": 2}], [2, 1]),
        ("keys", [{"b": 1, "a": 2}], ["a", "b"]),
        ("element", [["a", "b"], 3], "b"),
        ("element", [[], 3], UNKNOWN),
        ("dirname", ["a/b.zip"], "a"),
        ("dirname", ["b.zip"], "."),
        ("basename", ["a/b.zip"], "b.zip"),
        ("trimsuffix", ["a.zip", ".zip"], "a"),
        ("trimprefix", ["a.zip", "a."], "zip"),
        ("split", [",", "a,b"], ["a", "b"]),
        ("zipmap", [["a", 1], [1, 2]], {"a": 1, "1": 2}),
        ("contains", [["a"], "a"], True),
        ("tostring", [True], "true"),
        ("tonumber", ["x"], UNKNOWN),
        ("coalesce", [None, "", UNKNOWN, "a"], "a"),
        ("try", [UNKNOWN, ""], ""),
        ("try", [UNKNOWN], UNKNOWN),
        ("upper", [UNKNOWN], UNKNOWN),
        ("upper", ["a"], "A"),
        ("timestamp", [], UNKNOWN),
    ],
)
def test_functions_of_the_language(name, values, given):
    assert call(name, values) == given


def test_blocks_say_where_they_begin():
    (block,) = parse_hcl('\nresource "a" "b" {\n  inner {\n    x = 1\n  }\n  other {}\n}')

    assert (block.kind, block.labels, block.line) == ("resource", ("a", "b"), 2)
    assert [inner.line for inner in block.inner("inner")] == [3]
    with pytest.raises(ValueError, match="not understood"):
        parse_hcl("resource {{{\n}}}")
