"""entry_points.txt."""

from lambda_slim.formats.entry_points import parse_entry_points

TEXT = """\
# written by hand
[opentelemetry_context]
contextvars_context = opentelemetry.context.contextvars_context:ContextVarsRuntimeContext

[console_scripts]
tool = x:main
[gui_scripts]
window = x:show
[ pytest11 ]
  plug = x.plugin [extra]  # comment
no equals sign here
"""


def test_scripts_are_left_out():
    assert list(parse_entry_points(TEXT)) == [
        (
            "opentelemetry_context",
            "contextvars_context",
            "opentelemetry.context.contextvars_context:ContextVarsRuntimeContext",
        ),
        ("pytest11", "plug", "x.plugin [extra]"),
    ]


def test_lines_before_any_group_say_nothing():
    assert list(parse_entry_points("a = b\n")) == []
