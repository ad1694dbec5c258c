"""Paths that own code is told whole."""

import pytest

from lambda_slim.model.file import File, FileKind
from lambda_slim.plan.evidence.dynamic_paths import find_dynamic_path
from lambda_slim.plan.rules import project
from tests.unit.factory import facts, file

TOLD = [
    "HERE = Path(__file__).parent\ndef handler(event, _):\n    return (HERE / event['path']).read_text()",
    "HERE = Path(__file__).resolve().parent\ndef handler(event, _):\n    open(HERE.joinpath(event.get('path')))",
    "ROOT = os.path.dirname(os.path.abspath(__file__))\ndef handler(e, _):\n    open(os.path.join(ROOT, e['name']))",
    "\ndef handler(event, _):\n    open(os.path.join(os.environ['LAMBDA_TASK_ROOT'], event['path']))",
]
NAMED = [
    "HERE = Path(__file__).parent\ndef handler(event, _):\n    return (HERE / 'data' / event['path']).read_text()",
    "DATA = Path(__file__).parent / 'data'\ndef handler(event, _):\n    return (DATA / event['path']).read_text()",
    "HERE = os.path.dirname(__file__)\ndef handler(e, _):\n    open(os.path.join(HERE, 'data', e['name']))",
    "NAME = 'x.json'\nHERE = Path(__file__).parent\nopen(HERE / NAME)",
    "def handler(event, _):\n    half = event['total'] / event['count']\n    return '/'.join(event['parts'])",
    "TMP = Path('/tmp')\ndef handler(event, _):\n    open(TMP / event['name'])",
]


def told(tmp_path, text, reached=("app.py",)):
    (tmp_path / "app.py").write_text(text)
    return find_dynamic_path([File("app.py", tmp_path / "app.py", 1, "", FileKind.SOURCE)], reached)


@pytest.mark.parametrize("text", TOLD)
def test_a_path_below_the_code_that_only_the_event_knows(text, tmp_path):
    assert told(tmp_path, text) == "app.py:3"
    assert told(tmp_path, text, reached=()) == ""


@pytest.mark.parametrize("text", NAMED)
def test_a_path_whose_folder_is_named(text, tmp_path):
    assert told(tmp_path, text) == ""


@pytest.mark.parametrize(("where", "kept"), [("", False), ("app.py:3", True)])
def test_data_stays_where_any_file_may_be_opened(where, kept):
    files = [file("app.py"), file("content/a.bin", kind=FileKind.DATA)]
    verdict = project.judge(facts(files, ["app.py"], dynamic_path=where))(files[1])
    assert verdict is not None
    assert verdict.keep is kept
