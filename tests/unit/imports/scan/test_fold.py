"""Conditions whose answer is known beforehand."""

import ast

import pytest

from lambda_slim.imports.scan.fold import dotted, truth


def holds(condition, version=(3, 12), constants=""):
    names = {node.targets[0].id: node.value for node in ast.parse(constants).body}
    return truth(ast.parse(condition, mode="eval").body, version, names)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("TYPE_CHECKING", False),
        ("typing.TYPE_CHECKING", False),
        ("not TYPE_CHECKING", True),
        ("anything", None),
        ("not anything", None),
        ("-1", None),
        ("sys.platform == 'win32'", False),
        ("sys.platform != 'win32'", True),
        ("sys.platform.startswith('linux')", True),
        ("sys.platform.startswith(('win', 'darwin'))", False),
        ("sys.platform.endswith(anything)", None),
        ("sys.platform in {'linux', 'linux2'}", True),
        ("sys.platform not in ['win32']", True),
        ("'x' in 3", None),  # what would raise is not known
        ("os.name is 'nt'", False),
        ("os.name is not 'nt'", True),
        ("platform.system() == 'Linux'", True),
        ("platform.system().lower() == 'linux'", True),
        ("platform.system(1) == 'Linux'", None),
        ("bool(six.PY2)", False),
        ("six.PY3 and anything", None),
        ("six.PY2 and anything", False),
        ("six.PY3 or anything", True),
        ("six.PY2 or six.PY3", True),
        ("1 < 2 < 3", None),
        ("sys.maxsize > 2**32", True),
        ("sys.maxsize > 2**100", None),
        ("sys.maxsize > 2 + 3", None),
        ("1 < 'x'", None),
        ("sys.version_info >= (3, 12)", True),
        ("sys.version_info < (3, 12)", False),
        ("sys.version_info >= (3, 12, 4)", None),  # micro releases differ
        ("sys.version_info > (3, 12)", True),
        ("sys.version_info == (3, 12)", False),
        ("sys.version_info >= 3", None),
        ("sys.version_info >= (3, anything)", None),
        ("sys.version_info < (3, 'x')", None),
        ("sys.version_info[0] == 3", True),
        ("sys.version_info[1] < 12", False),
        ("sys.version_info[2] < 12", None),
        ("sys.version_info[:2] >= (3, 11)", True),
        ("sys.version_info[:3] >= (3, 11)", None),
        ("sys.version_info[1:] >= (11,)", None),
        ("table[0]", None),
        ("sys.version_info.major == 2", False),
        ("sys.version_info.minor >= 12", True),
        ("lambda: 1", None),
        ("not " * 20 + "TYPE_CHECKING", None),  # too deep to be looked at
    ],
)
def test_whether_a_condition_holds(condition, expected):
    assert holds(condition) is expected


def test_constants_of_the_module_are_followed_once():
    constants = "PY2 = sys.version_info[0] == 2\nOLD = PY2\n"

    assert holds("PY2", constants=constants) is False
    assert holds("not PY2", constants=constants) is True
    assert holds("OLD", constants=constants) is None


@pytest.mark.parametrize("version", [(3, 9), (3, 12)])
def test_the_version_is_the_target_s(version):
    assert holds("sys.version_info >= (3, 10)", version) is (version >= (3, 10))


@pytest.mark.parametrize(
    ("expression", "name"),
    [("sys.version_info", "sys.version_info"), ("a.b().c", "a.b.c"), ("a", "a"), ("a.b(1).c", ""), ("'a'.b", "")],
)
def test_dotted_names(expression, name):
    assert dotted(ast.parse(expression, mode="eval").body) == name
