"""Projects that fill `sys.modules` themselves."""

import pytest

from lambda_slim.plan.starts.made import made_modules

SYS = "import sys, json\n"


def told(judged):
    return [(one.level, one.line, one.message.split("`")[1]) for one in judged.findings if one.rule == "LS130"]


@pytest.mark.parametrize(
    "line",
    [
        "sys.modules['pandas'] = json",
        "sys.modules.setdefault('pandas', json)",
        "NAME = 'pandas'; sys.modules[NAME] = json",
        "sys.modules['pandas'] = sys.modules.pop('json')",
        "table = sys.modules; table['pandas'] = json",
        "sys.modules[f'{__name__}.fast'] = json; sys.modules['pandas'] = json",
    ],
)
def test_only_what_is_put_there_is_provided(judged, line):
    found = judged(f"{SYS}{line}\nimport pandas\nimport pandas.core\nimport gone\n")

    assert told(found) == [("error", 5, "gone")]
    assert found.report.verdict == "no"


@pytest.mark.parametrize(
    "line",
    [
        "sys.modules[NAME] = json",
        "sys.modules.update(other)",
        "sys.modules |= {'pandas': json}",
        "sys.modules.__setitem__(NAME, json)",
        "sys.meta_path.insert(0, json)",
        "from sys import meta_path",
        "fill(sys.modules)",
        "patch.dict('sys.modules', pandas=json)",
        "def put(NAME):\n    sys.modules[NAME] = json",
        "KEY = 'x'\ndef put(KEY):\n    sys.modules[KEY] = json",
        "for name in 'a', 'b':\n    sys.modules[name] = json",
    ],
)
def test_where_any_name_may_be_put_nothing_is_certain(judged, line):
    found = judged(f"{SYS}{line}\nimport gone\n")

    assert [(level, name) for level, _, name in told(found)] == [("warning", "gone")]
    assert found.report.verdict == "unknown"


@pytest.mark.parametrize(
    "line", ["list(sys.modules)", "sys.modules.pop('x', None)", "del sys.modules['x']", "sys.modules[__name__] = json"]
)
def test_what_puts_no_other_name_there(judged, line):
    assert told(judged(f"{SYS}{line}\nimport gone\n")) == [("error", 3, "gone")]


def test_code_that_is_no_python_may_do_anything():
    assert made_modules(b"sys.modules['x'] = (", "app") is None
