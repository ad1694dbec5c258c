"""`lint --fix`: what it changes behaves the same, keeps every other byte, and is left alone the second time."""

import ast
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lambda_slim.base.errors import SlimError
from lambda_slim.lint.fixes import edit
from lambda_slim.lint.fixes.mend import mend_files, write_mended
from lambda_slim.lint.fixes.safe import FixKind, SafeChange

pytest.importorskip("libcst")

# What is imported in the tests: quiet ones by name, each says when it was loaded.
STUB = """
import builtins
builtins.LOADED.append(__name__)
def frame(value):
    return ['{name}', value]
DataFrame = frame
"""
RUN = """
import builtins, json, sys
builtins.LOADED = []
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import app
at_init = list(LOADED)
answers = []
for event in json.loads(sys.argv[3]):
    try:
        answers.append(repr(app.handler(event, None)))
    except Exception as error:
        answers.append(repr(error))
print(json.dumps([at_init, answers, sorted(set(LOADED))]))
"""
EVENTS = [{}, {"action": "report"}, {"action": "other"}, {"action": "report", "n": 3}, {"n": 0}]


class Project:
    """Files in a folder; `fix` mends some of them."""

    def __init__(self, folder):
        self.folder = folder / "project"
        self.folder.mkdir()
        self.stubs = folder / "stubs"
        self.stubs.mkdir()
        for name in ("pandas", "numpy", "boto3", "requests"):
            (self.stubs / f"{name}.py").write_text(STUB.format(name=name))

    def write(self, text, name="app.py"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(textwrap.dedent(text).encode() if isinstance(text, str) else text)
        return path

    def fix(self, *names):
        files = [self.folder / name for name in names or ("app.py",)]
        mended, refused = mend_files(files, self.folder, {})
        write_mended(mended)
        self.refused = [f"{one.finding.rule}: {one.why}" for one in refused]
        return [line for one in mended for line in one.done]

    def text(self, name="app.py"):
        return (self.folder / name).read_text()

    def run(self):
        command = [sys.executable, "-I", "-c", RUN, str(self.folder), str(self.stubs), json.dumps(EVENTS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


HANDLER = """\
{top}

def handler(event, context):
{body}
"""
# Before; what must be in the file afterwards.
MENDED = {
    "deferred to the branch that uses it": (
        """\
        import pandas as pd

        def handler(event, context):
            if event.get("action") == "report":
                return pd.frame(event.get("n"))
            return {}
        """,
        """\
        def handler(event, context):
            if event.get("action") == "report":
                import pandas as pd
                return pd.frame(event.get("n"))
            return {}
        """,
    ),
    "several names of one statement": (
        """\
        import json
        from pandas import (  # why
            DataFrame,  # one
            frame as make,
        )

        def handler(event, context):
            '''Docs.'''
            if event.get("action") == "report":
                # a comment
                first = DataFrame(1)
                return first, make(2)
            return json.dumps(event)
        """,
        """\
        import json

        def handler(event, context):
            '''Docs.'''
            if event.get("action") == "report":
                from pandas import (  # why
                    DataFrame,  # one
                    frame as make,
                )
                # a comment
                first = DataFrame(1)
                return first, make(2)
            return json.dumps(event)
        """,
    ),
    "above what is more than a branch": (
        """\
        import pandas

        def handler(event, context):
            if event.get("n"):
                try:
                    for number in range(event["n"]):
                        with open("/dev/null"):
                            found = pandas.frame(number)
                except ImportError:
                    found = None
                return found
            return 1
        """,
        """\
        def handler(event, context):
            if event.get("n"):
                import pandas
                try:
                    for number in range(event["n"]):
                        with open("/dev/null"):
                            found = pandas.frame(number)
                except ImportError:
                    found = None
                return found
            return 1
        """,
    ),
    "elif, whose test uses it": (
        """\
        import pandas
        # stays
        def handler(event, context):
            if event.get("action") == "other":
                return 1
            if not event:
                pass
            elif pandas.frame(1):
                return 2
            return 3
        """,
        """\
        # stays
        def handler(event, context):
            if event.get("action") == "other":
                return 1
            import pandas
            if not event:
                pass
            elif pandas.frame(1):
                return 2
            return 3
        """,
    ),
    "a helper, closures and match": (
        """\
        from functools import cache
        import numpy as np  # fast

        @cache
        def work(action):
            match action:
                case "report":
                    def inner(value):
                        return np.frame(value)
                    return [inner(n) for n in range(2)]
                case _:
                    return []

        def handler(event, context):
            return work(event.get("action")) if event else None
        """,
        """\
        from functools import cache

        @cache
        def work(action):
            match action:
                case "report":
                    import numpy as np  # fast
                    def inner(value):
                        return np.frame(value)
                    return [inner(n) for n in range(2)]
                case _:
                    return []

        def handler(event, context):
            return work(event.get("action")) if event else None
        """,
    ),
    "never used": (
        """\
        # The head.

        # about requests
        import requests
        import boto3, numpy
        import json

        def handler(event, context):
            return json.dumps(event)
        """,
        """\
        # The head.

        # about requests
        import json

        def handler(event, context):
            return json.dumps(event)
        """,
    ),
    "a wildcard of the project": (
        """\
        from helpers import *  # noqa: F403

        def handler(event, context):
            return double(len(event)) + LIMIT
        """,
        """\
        from helpers import LIMIT, double  # noqa: F403

        def handler(event, context):
            return double(len(event)) + LIMIT
        """,
    ),
}
HELPERS = "LIMIT = 3\n_own = 1\n\n\ndef double(x):\n    return 2 * x\n\n\ndef triple(x):\n    return 3 * x\n"


@pytest.mark.parametrize("name", MENDED)
def test_mended_code_behaves_the_same(project, name):
    before, after = (textwrap.dedent(text) for text in MENDED[name])
    project.write(HELPERS, "helpers.py")
    project.write(before)
    init, answers, _ = project.run()

    assert project.fix()
    assert project.text() == after
    new_init, new_answers, _ = project.run()
    assert new_answers == answers
    assert "wildcard" in name or len(new_init) < len(init)

    assert project.fix() == []
    assert project.text() == after


def test_bytes_that_no_editor_would_keep_are_kept(project):
    text = (
        "# -*- coding: latin-1 -*-\r\nimport pandas\r\n\r\n\r\n\r\nX = 'caf\xe9'  ;  Y=1 # \t odd\r\n\x0c\r\n"
        "def handler( event,context ) :\r\n\tif event :\r\n\t\treturn pandas . frame( 1 )\r\n\treturn X"
    )
    path = project.write(text.encode("latin-1"))
    path.chmod(0o755)

    assert project.fix()
    expected = text.replace("import pandas\r\n", "", 1).replace(
        "\t\treturn pandas", "\t\timport pandas\r\n\t\treturn pandas"
    )
    assert path.read_bytes() == expected.encode("latin-1")
    assert path.stat().st_mode & 0o777 == 0o755


USE = "    if event.get('action') == 'report':\n        return pd.frame(1)\n    return 0\n"
PLAIN = "import pandas as pd\n\n\ndef handler(event, context):\n" + USE
OTHER = "def one():\n    return 1\n"
# File(s), what the reason says. Every one of them would be mended without what is odd about it.
REFUSED = {
    "not known to be quiet": (PLAIN.replace("pandas", "tensorflow"), "may change something outside"),
    "two functions": (
        PLAIN.replace("return 0", "return second(event) if event else 0")
        + "def second(event):\n    return pd.frame(2)\n",
        "2 functions use it",
    ),
    "globals()": (PLAIN.replace("return 0", "return globals()"), "calls `globals`"),
    "eval": (PLAIN.replace("return 0", "return eval('1')"), "calls `eval`"),
    "sys.modules": ("import sys\n" + PLAIN.replace("return 0", "return sys.modules[__name__]"), "`modules`"),
    "module __getattr__": (PLAIN + "def __getattr__(name):\n    return 1\n", "its own `__getattr__`"),
    "__all__": (PLAIN + "__all__ = ['pd', 'handler']\n", "`__all__`"),
    "a type comment": (PLAIN + "X = 1  # type: pd.DataFrame\n", "a type comment"),
    "a quoted annotation": (PLAIN + "def one(a: 'pd.DataFrame'):\n    return a\n", "a string in line"),
    "a doctest": (PLAIN.replace("):\n    if", "):\n    '''\n    >>> pd.frame(1)\n    '''\n    if"), "a string in line"),
    "bound in a try": (
        "try:\n    import numpy as pd\nexcept ImportError:\n    pd = None\n" + PLAIN,
        None,
    ),
    "global": (PLAIN + "def reset():\n    global pd\n    pd = None\n", None),
    "TYPE_CHECKING": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as pd\n" + PLAIN,
        "bound in another place",
    ),
    "a parameter of that name": (PLAIN + "def one(pd):\n    return pd\n", None),
    "called during INIT": (
        PLAIN + "def start():\n    return handler({}, None)\nSTART = start()\n",
        None,
    ),
    "named during INIT": (PLAIN + "TABLE = {'a': handler}\n", "named at module level"),
    "a decorator that may read it": (
        "def jit(f):\n    return f\n" + PLAIN.replace("def handler", "@jit\ndef handler"),
        "the decorator",
    ),
    "the environment": (
        "import os\n" + PLAIN.replace("import pandas as pd\n", "import pandas as pd\nos.environ['A'] = '1'\n"),
        "changes `os.environ`",
    ),
    "the path": ("import sys\n" + PLAIN.replace("\n\n\n", "\nsys.path.insert(0, 'x')\n\n\n"), "`sys.path.insert`"),
    "warnings": (
        "import warnings\n" + PLAIN.replace("return 0", "return warnings.simplefilter('error')"),
        "`warnings.simplefilter`",
    ),
    "what patches": ("import ddtrace\n" + PLAIN, "may patch what is imported"),
    "patching": (PLAIN + "def patch_all():\n    return 1\npatch_all()\n", "calls `patch_all`"),
    "a loud import behind it": (
        PLAIN.replace("\n\n\n", "\nimport fastapi\n\n\n") + "A = fastapi\n",
        "imports `fastapi`",
    ),
    "the same package again": (
        PLAIN.replace("return 0", "return other()") + "def other():\n    import pandas.io\n    return pandas.io\n",
        "imports it too",
    ),
    "one line": (
        "import json; import pandas as pd\ndef handler(event, context):\n" + USE + "X = json\n",
        "on its line",
    ),
    "a function on one line": (
        "import pandas as pd\ndef handler(event, context):\n    return f(1) if event else 0\ndef f(a): return pd.x\n",
        "written on one line",
    ),
    "unused beside used": (
        "from pandas import DataFrame, frame\n\n\ndef handler(event, context):\n    return frame(1)\n",
        "also imports `frame`",
    ),
    "a wildcard of others": (
        "from pandas import *\n\n\ndef handler(event, context):\n    return frame(1)\n",
        "only known",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_behave_otherwise_is_refused(project, name):
    text, why = REFUSED[name]
    project.write(text)

    assert project.fix() == []
    assert project.text() == text
    if why:
        assert any(why in line for line in project.refused), project.refused


def test_without_what_is_odd_it_is_mended(project):
    project.write(PLAIN)

    assert project.fix() == ["LS202: `import pandas as pd` moved into the function that uses it"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("other.py", "from app import pd\n"),
        ("other.py", "import app\nX = app.pd\n"),
        ("other.py", "import app as a\nX = a.pd.frame\n"),
        ("other.py", "from app import *\n"),
        ("pkg/other.py", "from ..app import handler, pd\n"),
        ("tests/test_app.py", "from unittest.mock import patch\n@patch('app.pd')\ndef test(pd):\n    pass\n"),
        ("tests/test_app.py", "from unittest.mock import patch\n@patch('app.pd.frame')\ndef test(pd):\n    pass\n"),
        ("tests/test_app.py", "import app\ndef test(monkeypatch):\n    monkeypatch.setattr(app, 'pd', None)\n"),
        ("tests/test_app.py", "import importlib\nX = importlib.import_module('app').pd\n"),
        ("broken.py", "import app (\npd\n"),
    ],
)
def test_a_name_that_another_file_may_use_stays(project, name, text):
    project.write(PLAIN)
    project.write(text, name)

    assert project.fix() == []
    assert any("may use `app.pd`" in line for line in project.refused)


@pytest.mark.parametrize(
    ("helpers", "why"),
    [
        ("from os import *\ndef double(x):\n    return x\n", "a wildcard of its own"),
        ("globals()['double'] = abs\n", "at run time"),
        ("__all__ = ['double'] + ['x']\ndef double(x):\n    return x\n", "at run time"),
        ("if True:\n    def double(x):\n        return x\n", "not always there"),
        ("match {'a': 1}:\n    case {**double}:\n        pass\n", "not always there"),
        ("import app\ndef double(x):\n    return x\n", "import each other"),
        ("def other(x):\n    return x\n", "none of its names"),
    ],
)
def test_a_wildcard_whose_names_are_not_certain_stays(project, helpers, why):
    project.write("from helpers import *\n\n\ndef handler(event, context):\n    return double(1)\n")
    project.write(helpers, "helpers.py")

    assert project.fix() == []
    assert any(why in line for line in project.refused), project.refused


def test_a_wildcard_whose_names_others_take_from_here_stays(project):
    project.write("from helpers import *\n\n\ndef handler(event, context):\n    return double(1)\n")
    project.write(HELPERS, "helpers.py")
    project.write("from app import triple\n", "other.py")

    assert project.fix() == []


def test_silenced_findings_and_other_files_are_left_alone(project):
    silenced = PLAIN.replace("as pd\n", "as pd  # lambda-slim: ignore[LS202]\n")
    project.write(silenced)
    project.write(PLAIN, "second/app.py")

    assert project.fix() == []
    assert project.text("second/app.py") == PLAIN


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(project):
    path = project.write(PLAIN)
    mended, _ = mend_files([path], project.folder, {})
    path.write_text("mine = 1\n")

    with pytest.raises(SlimError, match="changed meanwhile"):
        write_mended(mended)
    assert path.read_text() == "mine = 1\n"


def test_an_edit_that_did_more_is_thrown_away(monkeypatch):
    """The last line of defence: what comes out is compared with what went in, as code."""
    source = b"import numpy\nX = 1\n"
    monkeypatch.setattr(edit, "_without", lambda module, index: module.with_changes(body=[]))

    with pytest.raises(edit.CannotEditError, match="not be the same"):
        edit.edit(source, SafeChange(FixKind.DELETE, 1))


def test_nothing_but_the_statement_moves():
    """Over the tool's own code: whatever import is taken out, the rest is the same, byte for byte."""
    source = Path(ast.__file__).read_bytes()
    lines = source.splitlines(keepends=True)
    for node in [one for one in ast.parse(source).body if isinstance(one, ast.Import)][:3]:
        after = edit.edit(source, SafeChange(FixKind.DELETE, node.lineno))
        kept = b"".join([*lines[: node.lineno - 1], *lines[node.end_lineno :]])
        assert after.split() == kept.split()
