"""The AWS services that reached code names."""

import pytest

from lambda_slim.imports.services import services
from lambda_slim.imports.walk import reach


def found(tree, *roots):
    imports = tree.imports()
    result = services(imports, reach(imports, roots or ["app"]))
    return set(result.names), [gap.line for gap in result.dynamic]


@pytest.mark.parametrize(
    ("source", "names", "dynamic"),
    [
        ("boto3.client('s3')", {"s3"}, []),
        ("boto3.resource(service_name='dynamodb')", {"dynamodb"}, []),
        ("boto3.session.Session().client('sqs', region_name='x')", {"sqs"}, []),
        ("session.create_client('sts')", {"sts"}, []),
        ("NAME = 's' + '3'\nboto3.client(NAME)", {"s3"}, []),
        ("for n in ('s3', 'sns'):\n    boto3.client(n)", {"s3", "sns"}, []),
        ("class A:\n    SERVICE = 'ssm'\n    def f(self):\n        return boto3.client(self.SERVICE)", {"ssm"}, []),
        ("def make(name):\n    return boto3.client(name)\nmake('s3')\nmake('sqs')", {"s3", "sqs"}, []),
        ("def make(name):\n    return boto3.client(name)\nmake(event['x'])", set(), [2]),
        ("def make(name):\n    return boto3.client(name)\nmake('s3')\nmake(f'{x}db')", {"s3"}, [2]),
        ("def make(name):\n    return boto3.client(name)", set(), [2]),
        ("def create_client(name):\n    return boto3.client(name)\nx = create_client('s3')", {"s3"}, []),
        ("class R:\n  def client(self, n):\n    return self.session.client(n, 'eu')\nR().client('s3')", {"s3"}, []),
        ("class R:\n  def client(self, n):\n    return self.session.client(n, 'eu')\nR().client(event)", set(), [3]),
        ("def make(name='s3'):\n    return boto3.client(name)\nmake('sqs')", {"s3", "sqs"}, []),
        ("import os\nboto3.client(os.environ['SERVICE'])", set(), [2]),
        ("boto3.client(f'{x}db')", set(), [1]),
        ("getattr(boto3, 'client')('s3')", {"s3"}, []),
        ("from boto3 import client as make\nmake('s3')", {"s3"}, []),
        ("http.client(anything)", set(), []),
        ("import json\nthing.client(anything)", set(), []),
        ("import json, boto3\nthing.client(anything)", set(), [2]),
        ("boto3.client(**settings)", set(), [1]),
        ("boto3.client(*given)", set(), [1]),
        ("make = boto3.client\nmake('s3')", set(), [1]),
        ("make = functools.partial(boto3.client, 's3')", set(), [1]),
        ("self.client.get(1)\nself.client\nx = self.session.client('s3')", {"s3"}, []),
    ],
)
def test_services_are_found(tree, source, names, dynamic):
    tree.write("", {"app.py": source})
    assert found(tree) == (names, dynamic)


@pytest.mark.parametrize(
    ("constants", "call", "names", "dynamic"),
    [
        ("NAME = 's3'", "from .names import NAME\ns.create_client(NAME, x)", {"s3"}, []),
        ("NAME: str = 's3'", "from lib import names as n\ns.Session(y).client(service_name=n.NAME)", {"s3"}, []),
        ("NAME = 's3'\nNAME = 'sns'", "from .names import NAME\ns.create_client(NAME)", set(), [2]),
        ("NAME = f()", "from .names import NAME\ns.create_client(NAME)", set(), [2]),
    ],
)
def test_a_constant_of_another_module_names_a_service(tree, constants, call, names, dynamic):
    tree.write("lib", {"lib/__init__.py": "", "lib/names.py": constants, "lib/use.py": f"import boto3; {call}"})
    tree.add(app="import lib.use")
    assert found(tree) == (names, dynamic)


def test_only_reached_modules_count(tree):
    tree.add(app="import used", used="boto3.client('s3')", unused="boto3.client('sns')\nboto3.client(x)")
    assert found(tree) == ({"s3"}, [])


def test_the_sdk_itself_only_hands_names_on(tree):
    tree.write("boto3", {"boto3/__init__.py": "def client(*a):\n    return session.client(*a)\nsession.client(a)\n"})
    tree.write("botocore", {"botocore/tokens.py": "session.create_client('sso-oidc')\nsession.create_client(name)\n"})
    tree.add(app="import boto3, botocore.tokens")
    assert found(tree) == ({"sso-oidc"}, [])
