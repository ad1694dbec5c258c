import pytest

from lambda_slim.base.errors import UsageError
from lambda_slim.model.file import Inventory
from lambda_slim.model.import_report import ImportNode
from lambda_slim.tasks.cost import import_name, import_time, requirement_name
from tests.unit.factory import file


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("httpx", "httpx"),
        ("httpx[http2]>=0.27", "httpx"),
        ("PyYAML==6.0", "pyyaml"),
        ("ruamel.yaml ; python_version > '3.8'", "ruamel-yaml"),
        ("x @ https://example.org/x.whl", "x"),
        ("zope.interface~=7.0", "zope-interface"),
    ],
)
def test_the_name_of_a_requirement(requirement, name):
    assert requirement_name(requirement) == name


@pytest.mark.parametrize("text", ["", "-r x.txt", "==1.0", "./folder", "httpx requests flask", "httpx>="])
def test_what_is_no_requirement(text):
    with pytest.raises(UsageError, match="is not a requirement"):
        requirement_name(text)


@pytest.mark.parametrize(
    ("distribution", "paths", "module"),
    [
        ("httpx", ["httpx/__init__.py", "httpx/_api.py"], "httpx"),
        ("pyyaml", ["yaml/__init__.py", "_yaml/__init__.py"], "yaml"),
        ("python-dateutil", ["dateutil/__init__.py"], "dateutil"),
        ("pillow", ["PIL/__init__.py", "pillow.libs/x.so"], "PIL"),
        ("six", ["six.py", "six-1.dist-info/METADATA"], "six"),
        ("orjson", ["orjson/orjson.cpython-312-x86_64-linux-gnu.so"], "orjson"),
        ("data-only", ["data-1.dist-info/METADATA", "share/x.json"], ""),
    ],
)
def test_the_module_to_import(distribution, paths, module):
    files = tuple(file(path, distribution) for path in paths)

    assert import_name(Inventory(files), distribution) == module


def test_a_module_that_the_framework_takes_by_itself_is_not_free():
    """fastapi imports orjson where it is installed: after `import app` nothing would be left of it."""
    rows = [("shim", None, 90), ("app", 0, 80), ("fastapi", 1, 70), ("orjson", 2, 30), ("orjson.orjson", 3, 20)]
    rows += [("orjson.more", 0, 5)]
    nodes = [ImportNode(n, name, up, "", "", None, 1, us) for n, (name, up, us) in enumerate(rows)]

    assert import_time(nodes, "orjson") == 35
    assert import_time(nodes, "httpx") == 0
