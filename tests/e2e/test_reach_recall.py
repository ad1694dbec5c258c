"""Real wheels, used by code that the static pass does not see: every module that is loaded was reached."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.walk import reach
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.target import Target

pytestmark = [pytest.mark.e2e, pytest.mark.network, pytest.mark.slow]

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"

# What the handler imports (seen by the static pass), and what then happens (not seen).
CASES = {
    "requests": (
        "import requests",
        """
        try: requests.get('http://127.0.0.1:9/')
        except requests.ConnectionError: pass
        requests.Session().prepare_request(requests.Request('POST', 'http://x', json={}, files={'f': b'x'}))
        """,
    ),
    "jinja2": (
        "from jinja2 import Environment, DictLoader",
        """
        a = '{% trans %}x{% endtrans %}{{ 1|tojson }}'
        e = Environment(loader=DictLoader({'a': a}), extensions=['jinja2.ext.i18n'])
        e.install_null_translations()
        e.get_template('a').render()
        try: e.from_string('{% if')
        except Exception as error: str(error)
        """,
    ),
    "pydantic email-validator": (
        "from pydantic import BaseModel, EmailStr, ValidationError",
        """
        class A(BaseModel):
            e: EmailStr
        A.model_json_schema()
        try: A(e=1)
        except ValidationError as error: error.json()
        """,
    ),
    "sqlalchemy": (
        "from sqlalchemy import create_engine, select",
        """
        create_engine('sqlite://').connect().execute(select(1))
        for url in ('postgresql://x', 'mysql+pymysql://x', 'mssql+pyodbc://x', 'oracle://x'):
            try: create_engine(url)
            except Exception: pass
        """,
    ),
    "flask": (
        "from flask import Flask, jsonify, render_template_string",
        """
        app = Flask('x')
        app.route('/', endpoint='a')(lambda: jsonify(a=1))
        app.route('/t', endpoint='b')(lambda: render_template_string('{{ 1 }}'))
        for path in ('/', '/t', '/none'): app.test_client().get(path)
        """,
    ),
    "jsonschema": (
        "import jsonschema",
        """
        list(jsonschema.Draft7Validator({'$ref': '#/d', 'd': {'format': 'email'}}).iter_errors(1))
        jsonschema.validate({}, {'$schema': 'https://json-schema.org/draft/2019-09/schema'})
        """,
    ),
    "cryptography": (
        "from cryptography.fernet import Fernet\nfrom cryptography.hazmat.primitives import serialization",
        """
        f = Fernet(Fernet.generate_key())
        f.decrypt(f.encrypt(b'x'))
        """,
    ),
    "lxml": (
        "from lxml import etree, objectify",
        "etree.fromstring('<a><b/></a>').find('.//b'); objectify.fromstring('<a><b>1</b></a>').b",
    ),
    "markdown pygments": (
        "import markdown",
        "markdown.markdown('```py\\nx\\n```', extensions=['extra', 'codehilite', 'fenced_code', 'toc'])",
    ),
    "openpyxl": (
        "from openpyxl import Workbook, load_workbook",
        """
        import io
        w, b = Workbook(), io.BytesIO()
        w.active.append([1, 'a'])
        w.save(b)
        list(load_workbook(b, read_only=True).active.rows)
        """,
    ),
    "boto3": (
        "import boto3",
        """
        import io
        keys = dict(region_name='x', aws_access_key_id='a', aws_secret_access_key='b', endpoint_url='http://127.0.0.1:9')
        c = boto3.client('s3', **keys)
        c.generate_presigned_url('get_object', Params={'Bucket': 'a', 'Key': 'b'})
        c.get_paginator('list_objects_v2'), c.get_waiter('object_exists'), c.get_object.__doc__
        c.upload_fileobj
        boto3.resource('dynamodb', **keys).Table('x').batch_writer
        """,
    ),
    "opentelemetry-sdk": (
        "from opentelemetry import trace, propagate\nfrom opentelemetry.sdk.trace import TracerProvider",
        """
        trace.set_tracer_provider(TracerProvider())
        with trace.get_tracer('x').start_as_current_span('a'): propagate.inject({})
        """,
    ),
}
CHILD = """
import json, sys, textwrap
sys.path.insert(0, sys.argv[1])
code = json.loads(sys.argv[2])
exec(code[0]); exec(textwrap.dedent(code[1]))
modules = list(sys.modules.values())
files = [getattr(getattr(m, '__spec__', None), 'origin', None) or getattr(m, '__file__', None) for m in modules]
print(json.dumps([f for f in files if f]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("recall")


@pytest.mark.parametrize("requirements", CASES)
def test_everything_that_is_loaded_was_reached(requirements, folder, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(folder / "cache"))
    seen, hidden = CASES[requirements]
    tree = folder / requirements.replace(" ", "_")
    import uv

    command = [uv.find_uv_bin(), "pip", "install", "-q", "--python", sys.executable, "--only-binary", ":all:"]
    subprocess.run([*command, "--target", str(tree), *requirements.split()], check=True, env={**os.environ})
    app = folder / f"{tree.name}.py"
    app.write_text(seen)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", CHILD, str(tree), json.dumps([seen, hidden])],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    loaded = {os.path.relpath(path, tree) for path in json.loads(done.stdout) if Path(path).is_relative_to(tree)}

    reached = reach(read_imports(inventory(tree, app), Target(runtimes()[RUNTIME], "x86_64")), ["app"])

    assert loaded
    assert loaded <= reached.files


def inventory(tree: Path, app: Path) -> Inventory:
    """Every file of the tree, each owned by the distribution whose RECORD lists it, and the handler."""
    owners = {}
    for record in tree.glob("*.dist-info/RECORD"):
        name = record.parent.name.partition("-")[0].lower()
        owners |= {line.partition(",")[0]: name for line in record.read_text().splitlines()}
    files = [File("app.py", app, app.stat().st_size, FIRST_PARTY, FileKind.SOURCE)]
    for path in sorted(p for p in tree.rglob("*") if p.is_file()):
        name = path.relative_to(tree).as_posix()
        files.append(File(name, path, path.stat().st_size, owners.get(name, "unknown"), FileKind.SOURCE))
    return Inventory(tuple(files))
