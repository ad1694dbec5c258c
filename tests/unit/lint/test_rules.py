"""Each rule on code that breaks it, and on code that looks so and does not."""

import textwrap

import pytest

from lambda_slim.lint.judge import lint_sources
from lambda_slim.lint.modules import Source

HANDLER = "def handler(event, context):\n"


def found(*files: str | tuple[str, str], rule: str = "", **options):
    """`rule:line` of what the lints say about some files; the first one is app.py."""
    sources = [Source(*(("app.py", file) if isinstance(file, str) else file)) for file in files]
    sources = [Source(one.path, textwrap.dedent(one.text)) for one in sources]
    findings = lint_sources(sources, **options)
    return [f"{one.rule}:{one.line}" for one in findings if rule in ("", one.rule)]


BREAKS = {
    "LS200": "def handler(event, context:\n",
    "LS201": "import pandas as pd\ndef handler(event, context):\n    return 1\n",
    "LS202": """\
        import pandas as pd
        def handler(event, context):
            if event["action"] == "report":
                return report(event)
            return {}
        def report(event):
            return pd.DataFrame(event["rows"]).to_dict()
        """,
    "LS203": """\
        import boto3
        def handler(event, context):
            s3 = boto3.client("s3")
            return s3.list_buckets()
        """,
    "LS204": """\
        import boto3
        secrets = boto3.client("secretsmanager")
        def handler(event, context):
            return secrets.get_secret_value(SecretId="prod/db")["SecretString"]
        """,
    "LS205": """\
        import requests
        RATES = requests.get("https://example.com").json()
        def handler(event, context):
            return RATES
        """,
    "LS206": """\
        import threading
        def handler(event, context):
            threading.Thread(target=print, args=(event,)).start()
            return 1
        """,
    "LS207": """\
        ROWS = []
        def handler(event, context):
            ROWS.append(event["row"])
            return 1
        """,
    "LS210": "from numpy import *\ndef handler(event, context):\n    return 1\n",
    "LS211": "try:\n    import orjson\nexcept Exception:\n    orjson = None\n",
    "LS212": """\
        from multiprocessing import Pool
        def handler(event, context):
            with Pool(4) as pool:
                return pool.map(str, event["rows"])
        """,
}


@pytest.mark.parametrize("rule", BREAKS)
def test_it_is_found(rule):
    assert len(found(BREAKS[rule], rule=rule)) == 1


@pytest.mark.parametrize("rule", sorted(set(BREAKS) - {"LS200"}))
def test_a_comment_on_the_line_silences_it(rule):
    text = textwrap.dedent(BREAKS[rule])
    line = int(found(text, rule=rule)[0].partition(":")[2])

    def with_comment(comment: str) -> str:
        return "\n".join(f"{part}  {comment}" if n == line else part for n, part in enumerate(text.splitlines(), 1))

    assert not found(with_comment(f"# lambda-slim: ignore[{rule}]"), rule=rule)
    assert not found(with_comment("# lambda-slim: ignore"), rule=rule)
    assert found(with_comment("# lambda-slim: ignore[LS999]"), rule=rule)


def test_settings_silence_by_rule_name_prefix_and_path():
    text = BREAKS["LS203"]
    assert not found(text, ignore=("LS203",))
    assert not found(text, ignore=("client-in-handler",))
    assert not found(text, ignore=("LS2",))
    assert not found(text, ignore=("LS203:*.py",))
    assert found(text, ignore=("LS203:legacy/**", "LS20x", "")) == ["LS203:3"]


FINE = {
    "used in a string annotation": "import pandas as pd\ndef f(x: 'pd.DataFrame'): ...\n" + HANDLER + "    return 1\n",
    "imported for others": "from pandas import DataFrame as DataFrame\n" + HANDLER + "    return 1\n",
    "on purpose": "import pandas  # noqa: F401\n" + HANDLER + "    return 1\n",
    "a plugin": "import psycopg2\n" + HANDLER + "    return 1\n",
    "an optional import": "try:\n    import orjson\nexcept ImportError:\n    orjson = None\n"
    + HANDLER
    + "    return 1\n",
    "not loaded by a handler": "import pandas\nprint(1)\n",
    "used by both branches": """\
        import pandas as pd
        def handler(event, context):
            if event["a"]:
                return pd.DataFrame()
            else:
                return pd.Series()
        """,
    "used at module level": """\
        import pandas as pd
        EMPTY = pd.DataFrame()
        def handler(event, context):
            if event["a"]:
                return pd.DataFrame()
        """,
    "used in a signature": """\
        import pandas as pd
        def handler(event, context):
            if event["a"]:
                return report(None)
        def report(frame: pd.DataFrame):
            return pd.DataFrame()
        """,
    "used after a guard": """\
        import pandas as pd
        def handler(event, context):
            if "rows" not in event:
                return 400
            return pd.DataFrame(event["rows"]).to_dict()
        """,
    "used in a method whose calls are not known": """\
        import pandas as pd
        class Report:
            def run(self):
                return pd.DataFrame()
        def handler(event, context):
            if event["a"]:
                return pd.Series()
            return Report().run()
        """,
    "a client of the event's region": """\
        import boto3
        def handler(event, context):
            return boto3.client("s3", region_name=event["region"]).list_buckets()
        """,
    "a client with assumed credentials": """\
        import boto3
        sts = boto3.client("sts")
        def handler(event, context):
            keys = sts.assume_role(RoleArn=event["arn"])["Credentials"]
            s3 = boto3.client("s3", aws_access_key_id=keys["AccessKeyId"])
            return s3.list_buckets()
        """,
    "a client that is kept in a global": """\
        import boto3
        _s3 = None
        def handler(event, context):
            global _s3
            if _s3 is None:
                _s3 = boto3.client("s3")
            return _s3.list_buckets()
        """,
    "a cached maker": """\
        import functools
        import boto3
        @functools.lru_cache(maxsize=None)
        def client():
            return boto3.client("s3")
        def handler(event, context):
            return client().list_buckets()
        """,
    "a cache by hand": """\
        import boto3
        CLIENTS = {}
        def handler(event, context):
            if "s3" not in CLIENTS:
                CLIENTS["s3"] = boto3.client("s3")
            return CLIENTS["s3"].list_buckets()
        """,
    "a connection that is closed": """\
        import psycopg
        def handler(event, context):
            with psycopg.connect("dbname=x") as connection:
                return connection.execute("select 1").fetchall()
        """,
    "a local called boto3": """\
        def handler(event, context):
            boto3 = event["sdk"]
            return boto3.client("s3")
        """,
    "a secret of the event": """\
        import boto3
        secrets = boto3.client("secretsmanager")
        def handler(event, context):
            return secrets.get_secret_value(SecretId=event["tenant"])["SecretString"]
        """,
    "powertools keep it": """\
        from aws_lambda_powertools.utilities import parameters
        def handler(event, context):
            return parameters.get_parameters(Path="/x")
        """,
    "a script": "import requests\nif __name__ == '__main__':\n    requests.get('x')\n"
    + HANDLER
    + "    return requests\n",
    "the network in the handler": """\
        import requests
        def handler(event, context):
            return requests.get("https://example.com").json()
        """,
    "a joined thread": """\
        import threading
        def handler(event, context):
            thread = threading.Thread(target=print)
            thread.start()
            thread.join()
        """,
    "threads in a list": """\
        import threading
        def handler(event, context):
            threads = []
            for row in event["rows"]:
                thread = threading.Thread(target=print)
                thread.start()
                threads.append(thread)
            for thread in threads:
                thread.join()
        """,
    "an executor in with": """\
        from concurrent.futures import ThreadPoolExecutor
        def handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.submit(print, event)
        """,
    "a task group": """\
        import asyncio
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(1))
        def handler(event, context):
            return asyncio.run(main())
        """,
    "a checked cache": """\
        CACHE = {}
        def handler(event, context):
            if event["id"] not in CACHE:
                CACHE[event["id"]] = event["id"] * 2
            return CACHE[event["id"]]
        """,
    "a list that is emptied": """\
        BATCH = []
        def handler(event, context):
            BATCH.clear()
            BATCH.append(event)
        """,
    "a local of the same name": """\
        ROWS = []
        def handler(event, context):
            ROWS = list(event["rows"])
            ROWS.append(1)
            return ROWS
        """,
    "a failure that is told": """\
        import logging
        try:
            import orjson
        except Exception as error:
            logging.warning("no orjson: %s", error)
        """,
    "a pool of threads": """\
        from multiprocessing.pool import ThreadPool
        def handler(event, context):
            return ThreadPool(4).map(str, event["rows"])
        """,
}


@pytest.mark.parametrize("case", FINE)
def test_it_is_fine(case):
    assert found(FINE[case]) == []


def test_names_are_followed_into_other_files():
    app = "from lib.db import load\ndef handler(event, context):\n    return load()\n"
    library = "import boto3\ndef load():\n    return boto3.resource('dynamodb').Table('x')\n"
    assert found(app, ("lib/db.py", library)) == ["LS203:3"]
    assert found(("src/app.py", app), ("src/lib/db.py", library)) == ["LS203:3"]


def test_an_import_that_other_files_take_is_used():
    app = "from shared import DataFrame\ndef handler(event, context):\n    return DataFrame()\n"
    assert found(app, ("shared.py", "from pandas import DataFrame\n")) == []
    assert found(app, ("shared.py", "from pandas import DataFrame, Series\n")) == ["LS201:1"]


def test_routes_are_paths_of_their_own():
    text = """\
        import pandas as pd
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/report")
        def report():
            return pd.DataFrame().to_dict()
        @app.get("/health")
        def health():
            return {}
        def handler(event, context):
            return app.resolve(event, context)
        """
    assert found(text) == ["LS202:1"]


def test_handlers_can_be_named():
    text = "import boto3\ndef run(payload, runtime):\n    return boto3.client('s3')\n"
    assert found(text) == []
    assert found(text, handlers=["app.run"]) == ["LS203:3"]


def test_root_modules_that_hide_the_standard_library():
    assert found(("queue.py", "")) == ["LS111:1"]
    assert found(("shop/queue.py", ""), ("queue_of_shop.py", ""), ("test.py", "")) == []


def test_pth_files_at_the_root():
    text = "# comment\n\nimport site_setup\n../vendor\n"
    assert found(("a.pth", text)) == ["LS209:3", "LS209:4"]
    assert found(("lib/a.pth", text)) == []


def test_a_package_hands_names_on_with_a_wildcard():
    assert found(("shop/__init__.py", "from shop.models import *\n"), ("shop/models.py", "")) == []


def test_what_no_parser_takes_is_a_finding():
    assert found("a = '\0'") == ["LS200:1"]
    assert found("(" * 5000) == ["LS200:1"]


def test_places_are_exact():
    (one,) = lint_sources([Source("app.py", textwrap.dedent(BREAKS["LS203"]))])
    assert (one.file, one.line, one.column, one.level) == ("app.py", 3, 10, "warning")
    assert "in every invocation" in one.message
    assert one.hint
