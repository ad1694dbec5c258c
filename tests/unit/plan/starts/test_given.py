"""Functions of one's own that import what their callers name: `load("pkg.module")`."""

import pytest

IMPORTLIB = "from importlib import import_module\n"
LOAD = "def load(name):\n    return import_module(name)\n"


def errors(judged):
    return [
        (one.rule, one.file, one.line, one.message.split("`")[1]) for one in judged.findings if one.level == "error"
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"{LOAD}M = load('pandas.core')", 4),
        (f"{LOAD}M = load(name='pandas')", 4),
        (f"{LOAD}NAME = 'pandas'\nM = load(NAME)", 5),
        (f"{LOAD}for name in ('json', 'pandas'):\n    load(name)", 5),
        (f"{LOAD}def setup():\n    return load('pandas')\nM = setup()", 5),
        (f"{LOAD}class A:\n    m = load('pandas')", 5),
        ("def load(name, attribute):\n    return getattr(__import__(name), attribute)\nload('pandas', 'X')", 4),
        ("def load(part, *, base='pandas'):\n    return import_module(f'{base}.{part}')\nX = load('core')", 4),
        ("def load(name='pandas'):\n    return import_module(name)\nX = load()", 4),
        (f"{LOAD}def first(which):\n    return load(which)\nX = first('pandas')", 6),
        (f"{LOAD}def part(which):\n    return load('pandas.' + which)\nX = part('core')", 6),
        ("load = lambda name: import_module(name)\nX = load('pandas')", 3),
        ("class Plugin:\n    def __init__(self, name):\n        self.m = import_module(name)\nP = Plugin('pandas')", 5),
        ("def plugin(name):\n    import_module(name)\n    return print\n@plugin('pandas')\ndef run(): ...", 5),
        (f"{LOAD}load('json')\nload('pandas')", 5),
    ],
)  # fmt: skip
def test_a_literal_that_a_helper_imports(judged, source, line):
    assert errors(judged(IMPORTLIB + source)) == [("LS130", "app.py", line, "pandas")]


@pytest.mark.parametrize(
    "source",
    [
        f"{LOAD}M = load(NAME)",
        f"{LOAD}M = load('json')",
        f"{LOAD}M = load(*['pandas'])",
        f"{LOAD}def later():\n    load('pandas')",
        f"{LOAD}load = print\nload('pandas')",
        f"{LOAD}if x:\n    load('pandas')",
        f"{LOAD}try:\n    load('pandas')\nexcept ImportError:\n    pass",
        f"{LOAD}def first(which):\n    return load(which)\nX = first(NAME)",
        "def load(name):\n    name = 'json'\n    return import_module(name)\nload('pandas')",
        "def load(name):\n    if name in {}:\n        return None\n    return import_module(name)\nload('pandas')",
        "def load(name):\n    try:\n        return import_module(name)\n    except ImportError: ...\nload('pandas')",
        "def load(name, parts):\n    for part in parts.split():\n        import_module(part)\nload('x', 'json')",
        "def load(name='pandas'):\n    return import_module(name)\nX = load(NAME)",
        "def load(name='pandas', flag=0):\n    return import_module(name)\nX = load(NAME, 'flag')",
        "def load(name, package):\n    return import_module(name, package)\nX = load('.core', 'pandas')",
        "def load(name):\n    def inner():\n        return import_module(name)\n    return inner\nload('pandas')",
        "def load(name):\n    return [import_module(name) for name in ['json']]\nload('pandas')",
        "def load(name):\n    return (lambda name: import_module(name))('json')\nload('pandas')",
        "def load(name):\n    return load(name)\nload('pandas')",
        "def load(import_module, name):\n    return import_module(name)\nload(print, 'pandas')",
    ],
)  # fmt: skip
def test_a_name_that_may_not_be_imported(judged, source):
    assert errors(judged(IMPORTLIB + source)) == []


def test_a_helper_of_another_module(judged):
    tools = "from importlib import import_module\ndef load(name):\n    return import_module(name)\n"
    source = "from lib.tools import load\nA = load('lib.there')\nB = load('lib.gone')"

    found = judged({"app.py": source, "lib/__init__.py": "", "lib/tools.py": tools, "lib/there.py": "import pandas\n"})

    assert errors(found) == [("LS130", "app.py", 3, "lib.gone"), ("LS130", "lib/there.py", 1, "pandas")]


def test_a_name_that_is_relative_to_the_helper(judged):
    tools = "from importlib import import_module\ndef load(name):\n    return import_module('.' + name, __package__)\n"
    source = "from lib.tools import load\nA = load('there')\nB = load('gone')"

    found = judged({"app.py": source, "lib/__init__.py": "", "lib/tools.py": tools, "lib/there.py": ""})

    assert errors(found) == [("LS130", "lib/tools.py", 3, "lib.gone")]
