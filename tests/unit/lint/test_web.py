"""Routes are INVOKE code and the module that makes the app is INIT, whatever the framework."""

import textwrap

import pytest

from lambda_slim.lint.judge import lint_sources, read_program
from lambda_slim.lint.modules import Source
from lambda_slim.lint.phases import phases

CLIENT = 'boto3.client("s3").list_buckets()'
APPS = {
    "fastapi": """\
        import boto3
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.get("/")
        async def route():
            return CLIENT
        handler = Mangum(app)
        """,
    "fastapi, a dependency": """\
        from typing import Annotated
        import boto3
        from fastapi import Depends, FastAPI
        from mangum import Mangum
        app = FastAPI()
        def route():
            return CLIENT
        @app.get("/")
        def read(s3: Annotated[object, Depends(route)]):
            return s3
        handler = Mangum(app)
        """,
    "flask": """\
        import boto3
        import serverless_wsgi
        from flask import Flask
        app = Flask(__name__)
        @app.route("/", methods=["POST"])
        def route():
            return CLIENT
        def handler(event, context):
            return serverless_wsgi.handle_request(app, event, context)
        """,
    "flask, a factory": """\
        import boto3
        from apig_wsgi import make_lambda_handler
        from flask import Flask
        def create_app():
            app = Flask(__name__)
            @app.get("/")
            def route():
                return CLIENT
            return app
        handler = make_lambda_handler(create_app())
        """,
    "flask, a view class in a factory": """\
        import boto3
        from apig_wsgi import make_lambda_handler
        from flask import Flask
        from flask.views import MethodView
        def create_app():
            app = Flask(__name__)
            class Route(MethodView):
                def get(self):
                    return CLIENT
            app.add_url_rule("/", view_func=Route.as_view("route"))
            return app
        handler = make_lambda_handler(create_app())
        """,
    "powertools, a middleware": """\
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
        app = APIGatewayHttpResolver()
        def route(app, following):
            print(CLIENT)
            return following(app)
        app.use(middlewares=[route])
        def handler(event, context):
            return app.resolve(event, context)
        """,
    "flask, before each request": """\
        import boto3
        from flask import Flask
        app = Flask(__name__)
        @app.before_request
        def route():
            return CLIENT
        """,
    "flask, a view": """\
        import boto3
        from flask import Flask
        from flask.views import MethodView
        app = Flask(__name__)
        class Buckets(MethodView):
            def get(self):
                return CLIENT
        app.add_url_rule("/", view_func=Buckets.as_view("buckets"))
        """,
    "powertools": """\
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.post("/orders")
        def route():
            return CLIENT
        def handler(event, context):
            return app.resolve(event, context)
        """,
    "powertools, not found": """\
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
        app = APIGatewayHttpResolver()
        @app.not_found
        def route(error):
            return CLIENT
        def handler(event, context):
            return app.resolve(event, context)
        """,
    "powertools, AppSync": """\
        import boto3
        from aws_lambda_powertools.event_handler import AppSyncResolver
        app = AppSyncResolver()
        @app.resolver(type_name="Query", field_name="orders")
        def route():
            return CLIENT
        def handler(event, context):
            return app.resolve(event, context)
        """,
    "chalice": """\
        import boto3
        from chalice import Chalice
        app = Chalice(app_name="orders")
        @app.on_sqs_message(queue="orders")
        def route(event):
            return CLIENT
        """,
    "starlette": """\
        import boto3
        from mangum import Mangum
        from starlette.applications import Starlette
        from starlette.routing import Route
        async def route(request):
            return CLIENT
        app = Starlette(routes=[Route("/", route)])
        handler = Mangum(app)
        """,
    "starlette, an endpoint": """\
        import boto3
        from mangum import Mangum
        from starlette.applications import Starlette
        from starlette.endpoints import HTTPEndpoint
        from starlette.routing import Route
        class Home(HTTPEndpoint):
            async def get(self, request):
                return CLIENT
        handler = Mangum(Starlette(routes=[Route("/", Home)]))
        """,
    "litestar": """\
        import boto3
        from litestar import Litestar, get
        from mangum import Mangum
        @get("/")
        async def route() -> list:
            return CLIENT
        handler = Mangum(Litestar([route]))
        """,
    "litestar, a controller": """\
        import boto3
        from litestar import Controller, Litestar, post
        from mangum import Mangum
        class Orders(Controller):
            path = "/orders"
            @post()
            async def add(self) -> dict:
                return CLIENT
        handler = Mangum(Litestar(route_handlers=[Orders]))
        """,
}


def findings(*files, handlers=("app.handler",)):
    sources = [Source(path, textwrap.dedent(text).replace("CLIENT", CLIENT)) for path, text in files]
    return {f"{row.rule} {row.file}:{row.line}" for row in lint_sources(sources, handlers) if row.rule != "LS202"}


@pytest.mark.parametrize("handlers", [(), ("app.handler",), ("app.app",)])
@pytest.mark.parametrize("name", APPS)
def test_a_client_in_a_route_is_made_again(name, handlers):
    line = textwrap.dedent(APPS[name]).splitlines().index(next(x for x in APPS[name].splitlines() if "CLIENT" in x)[8:])

    assert findings(("app.py", APPS[name]), handlers=handlers) == {f"LS203 app.py:{line + 1}"}


def test_routers_in_other_modules_are_invoke_code_too():
    powertools = (
        "app.py",
        """\
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        from routes import orders
        app = APIGatewayRestResolver()
        app.include_router(orders.router)
        def handler(event, context):
            return app.resolve(event, context)
        """,
    )
    router = (
        "routes/orders.py",
        """\
        import boto3
        from aws_lambda_powertools.event_handler.router import APIGatewayRouter
        router = APIGatewayRouter()
        SEEN = []
        @router.get("/orders")
        def orders():
            SEEN.append(router.current_event)
            return CLIENT
        """,
    )

    assert findings(powertools, router, ("routes/__init__.py", "")) == {
        "LS203 routes/orders.py:8",
        "LS207 routes/orders.py:7",
    }


CHECKER = (
    "checks.py",
    """\
    import boto3
    class Checker:
        def __init__(self, name):
            self.name = name
        def __call__(self, request):
            return CLIENT
        def look(self, request):
            return CLIENT
    checker = Checker("a")
    """,
)
OBJECTS = {
    "an instance as a route": ('Route("/", Checker("b"))', 6),
    "an instance with a name": ('Route("/", checker)', 6),
    "in a list": ('Mount("/", routes=[Route("/", endpoint=checker)])', 6),
    "a dependency": ("Depends(checker)", 6),
    "a method of an instance": ('Route("/", checker.look)', 8),
    "a method of one that has no name": ('Route("/", Checker("b").look)', 8),
    "another object": ('Route("/", str(checker))', 0),
    "what has no such method": ('Route("/", checker.name)', 0),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_instance_is_called_like_a_function(name):
    call, line = OBJECTS[name]
    app = f"""\
    from mangum import Mangum
    from fastapi import Depends
    from starlette.applications import Starlette
    from starlette.routing import Mount, Route
    from checks import Checker, checker
    def get():
        return 1
    handler = Mangum(Starlette(routes=[{call}]))
    """

    clients = {row for row in findings(CHECKER, ("app.py", app)) if row.startswith("LS203")}
    assert clients == ({f"LS203 checks.py:{line}"} if line else set())


@pytest.mark.parametrize(
    ("value", "line"), [("Service()", 4), ("Service().run", 6), ("service.run", 6), ("service", 4)]
)
def test_a_handler_may_be_an_instance_or_its_method(value, line):
    app = f"""\
    import boto3
    class Service:
        def __call__(self, event, context):
            return CLIENT
        def run(self, event, context):
            return CLIENT
    service = Service()
    handler = {value}
    """

    assert findings(("app.py", app), handlers=("app.handler",)) == {f"LS203 app.py:{line}"}


BASE = (
    "base.py",
    """\
    import boto3
    from abc import ABC
    from typing import Generic, TypeVar
    T = TypeVar("T")
    class Base(ABC, Generic[T]):
        def __call__(self, event, context):
            return CLIENT
    def main(table, event, context):
        return CLIENT
    def lambda_entry(payload, info):
        return CLIENT
    """,
)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Service()", 7),
        ("Again()", 7),
        ("functools.partial(main, {})", 9),
        ("partial(partial(base.main, {}))", 9),
        ("partial(Service())", 7),
        ("base.lambda_entry", 11),
        ("Foreign()", 0),  # its foreign base comes first, and may have a `__call__` of its own
        ("partial(unknown)", 0),
        ("partial(handler)", 0),
    ],
)
def test_a_handler_may_inherit_its_call_or_be_a_partial(value, line):
    app = f"""\
    import functools
    from functools import partial
    import base, elsewhere
    from base import Base, main
    class Service(Base[int]):
        pass
    class Again(Service):
        pass
    class Foreign(elsewhere.Thing, Base):
        pass
    handler = {value}
    """

    assert findings(BASE, ("app.py", app), handlers=("app.handler",)) == ({f"LS203 base.py:{line}"} if line else set())


@pytest.mark.parametrize("value", ["partial(main, {})", "partial(Service())", "Service()"])
def test_a_route_may_inherit_its_call_or_be_a_partial(value):
    app = f"""\
    from functools import partial
    from mangum import Mangum
    from starlette.applications import Starlette
    from starlette.routing import Route
    from base import Base, main
    class Service(Base[int]):
        pass
    handler = Mangum(Starlette(routes=[Route("/", {value})]))
    """

    line = 9 if "main" in value else 7
    assert findings(BASE, ("app.py", app), handlers=("app.handler",)) == {f"LS203 base.py:{line}"}


def test_a_handler_that_another_module_has_is_followed():
    app = "from base import lambda_entry as handler\n"

    assert findings(BASE, ("app.py", app), handlers=("app.handler",)) == {"LS203 base.py:11"}


TABLE_CALLS = {
    "a loop": "for one in HANDLERS:\n        one(event)",
    "a loop over pairs": "for kind, one in PAIRS:\n        one(event)",
    "a loop over values": "for one in BY_KIND.values():\n        one(event)",
    "a loop over items": "for kind, one in BY_KIND.items():\n        one(event)",
    "a comprehension": "return [one(event) for one in HANDLERS]",
    "a subscript": "return BY_KIND[event['kind']](event)",
    "get": "return BY_KIND.get(event['kind'])(event)",
    "a local name": "one = BY_KIND.get(event['kind'])\n    if one:\n        one(event)",
    "a local name of a name": "one = HANDLERS[0]\n    two = one\n    two(event)",
    "an assignment in a condition": "if one := BY_KIND.get(event['kind']):\n        one(event)",
    "the table of another module": "return more.TABLE[event['kind']](event)",
}
NO_TABLE_CALLS = {
    "its name alone": "return len(HANDLERS)",
    "another list": "for one in event['functions']:\n        one(event)",
    "a list of the function": "HANDLERS = event['functions']\n    HANDLERS[0](event)",
}


@pytest.mark.parametrize("name", [*TABLE_CALLS, *NO_TABLE_CALLS])
def test_functions_in_a_table_are_called_where_the_code_takes_them_out(name):
    body = {**TABLE_CALLS, **NO_TABLE_CALLS}[name]
    app = (
        "import boto3\nimport more\ndef created(event):\n    CLIENT\nHANDLERS = [created]\nPAIRS = [('a', created)]\n"
        f"BY_KIND = {{'created': created}}\ndef handler(event, context):\n    {body}\n"
    )
    table = ("more.py", "from app import created\nTABLE = {'a': created}\n")

    clients = {row for row in findings(("app.py", app), table) if row.startswith("LS203")}
    assert clients == ({"LS203 app.py:4"} if name in TABLE_CALLS else set())


def test_a_blueprint_that_create_app_imports_is_invoke_code():
    files = (
        ("app.py", "from shop import create_app\nhandler = make_lambda_handler(create_app())\n"),
        (
            "shop/__init__.py",
            (
                "from flask import Flask\ndef create_app():\n    from .views import bp\n    app = Flask(__name__)\n"
                "    app.register_blueprint(bp)\n    return app\ndef other():\n    from .unused import bp\n"
            ),
        ),
        (
            "shop/views.py",
            (
                "import boto3\nfrom flask import Blueprint\nbp = Blueprint('a', __name__)\n"
                "@bp.route('/')\ndef view():\n    CLIENT\n"
            ),
        ),
        (
            "shop/unused.py",
            (
                "import boto3\nfrom flask import Blueprint\nbp = Blueprint('b', __name__)\n"
                "@bp.route('/')\ndef view():\n    CLIENT\n"
            ),
        ),
    )

    assert findings(*files, handlers=["app.handler"]) == {"LS203 shop/views.py:6"}


def test_django_views_are_found_by_the_url_table():
    files = (
        (
            "shop/wsgi.py",
            """\
            import os
            from apig_wsgi import make_lambda_handler
            from django.core.wsgi import get_wsgi_application
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
            handler = make_lambda_handler(get_wsgi_application())
            """,
        ),
        (
            "shop/urls.py",
            """\
            from django.urls import include, path
            from shop import views
            urlpatterns = [path("", views.home), path("buckets", views.Buckets.as_view()), path("x", include("x.urls"))]
            """,
        ),
        (
            "shop/views.py",
            """\
            import boto3
            from django.views import View
            def home(request):
                return CLIENT
            class Buckets(View):
                def get(self, request):
                    return CLIENT
            def unused(request):
                return CLIENT
            """,
        ),
    )

    assert findings(*files, handlers=("shop.wsgi.handler",)) == {"LS203 shop/views.py:4", "LS203 shop/views.py:7"}


def test_background_work_of_a_route_is_told():
    app = """\
        import asyncio
        import threading
        from fastapi import BackgroundTasks, FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.post("/a")
        async def a(tasks: BackgroundTasks):
            tasks.add_task(print, "sent")
            asyncio.create_task(asyncio.sleep(1))
            return {}
        @app.post("/b")
        def b():
            threading.Thread(target=print).start()
            return {}
        class Queue:
            def add_task(self, task): ...
        @app.post("/c")
        def c(queue: Queue):
            queue.add_task(print)
        handler = Mangum(app)
        """

    assert findings(("app.py", app)) == {"LS206 app.py:8", "LS206 app.py:9", "LS206 app.py:13"}


def test_a_background_task_is_invoke_code_and_is_told_where_a_response_gets_it():
    app = """\
        import boto3
        from mangum import Mangum
        from starlette.applications import Starlette
        from starlette.background import BackgroundTask
        from starlette.responses import JSONResponse
        from starlette.routing import Route
        def task():
            CLIENT
        async def home(request):
            return JSONResponse({}, background=BackgroundTask(task))
        handler = Mangum(Starlette(routes=[Route("/", home)]))
        """

    assert findings(("app.py", app)) == {"LS203 app.py:8", "LS206 app.py:10"}


def test_what_no_framework_calls_is_no_route():
    app = """\
        import atexit
        import boto3
        from flask import Flask
        app = Flask(__name__)
        s3 = boto3.client("s3")
        @app.cli.command("seed")
        def seed():
            return CLIENT
        def helper():
            return CLIENT
        class Store:
            def get(self):
                return CLIENT
        """

    assert findings(("app.py", app), handlers=("app.app",)) == set()


def test_the_phases_of_an_app():
    text = textwrap.dedent(APPS["flask, a factory"]).replace("CLIENT", CLIENT)
    program, _ = read_program([Source("app.py", text)], ["app.handler"])

    assert {(row.name, row.init, row.invoke) for row in phases(program)} == {
        ("(module)", True, ""),
        ("create_app", True, ""),
        ("create_app.<locals>.route", False, "sometimes"),
    }


def test_a_slow_import_of_one_route_can_wait():
    app = """\
        import pandas as pd
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.get("/report")
        def report():
            return pd.DataFrame().to_dict()
        @app.get("/health")
        def health():
            return {}
        handler = Mangum(app)
        """
    rows = lint_sources([Source("app.py", textwrap.dedent(app))], ["app.handler"])

    assert [(row.rule, row.line) for row in rows] == [("LS202", 1)]
