"""Libraries that count on imports for their effects answer events that were held back as with eager imports."""

import json
import re
import textwrap

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network]

CELERY = {
    "requirements.txt": "celery\n",
    "worker.py": """\
        from celery import Celery

        app = Celery("worker", broker="memory://", backend="cache+memory://")
        app.conf.task_always_eager = True
    """,
    "tasks.py": "from worker import app\n\n@app.task\ndef add(a, b):\n    return a + b\n",
    "more.py": "from worker import app\n\n@app.task(name='mul')\ndef mul(a, b):\n    return a * b\n",
    "app.py": """\
        from worker import app
        from tasks import add
        from more import mul
        from celery import chain

        def handler(event, context):
            if event["do"] == "add":
                return add.delay(1, 2).get()
            if event["do"] == "name":
                return app.tasks["mul"].apply((3, 4)).get()
            if event["do"] == "all":
                return sorted(name for name in app.tasks if not name.startswith("celery."))
            return chain(add.s(1, 2), mul.s(4))().get()
    """,
}

SQLALCHEMY = {
    "requirements.txt": "sqlalchemy\n",
    "models/__init__.py": "from .base import Base\nfrom .user import User\nfrom .order import Order\n",
    "models/base.py": "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n",
    "models/user.py": """\
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from .base import Base

        class User(Base):
            __tablename__ = "user"
            id: Mapped[int] = mapped_column(primary_key=True)
            orders = relationship("Order", back_populates="user")
    """,
    "models/order.py": """\
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from .base import Base

        class Order(Base):
            __tablename__ = "order"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
            user = relationship("User", back_populates="orders")
    """,
    "app.py": """\
        from models import Base, Order, User
        from sqlalchemy import create_engine, select, text
        from sqlalchemy.dialects import postgresql
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.orm import Session

        def handler(event, context):
            if event["do"] == "ping":
                return "pong"
            if event["do"] == "dialect":
                return str(select(User).compile(dialect=postgresql.dialect()))
            engine = create_engine("sqlite://")
            Base.metadata.create_all(engine)
            with Session(engine) as session:
                session.add(User(orders=[Order(), Order()]))
                session.commit()
                if event["do"] == "error":
                    try:
                        session.execute(text("select nothing"))
                    except SQLAlchemyError as error:
                        return type(error).__name__
                return [len(user.orders) for user in session.scalars(select(User))]
    """,
}

PYDANTIC = {
    "requirements.txt": "pydantic\n",
    "shop.py": """\
        from __future__ import annotations
        from decimal import Decimal
        from pydantic import BaseModel
        import parts

        class Order(BaseModel):
            total: Decimal
            part: parts.Part | None = None
    """,
    "parts.py": """\
        from __future__ import annotations
        from datetime import date
        from pydantic import BaseModel, TypeAdapter

        class Part(BaseModel):
            made: date

        def many(values):
            return TypeAdapter(list[Part]).validate_python(values)
    """,
    "app.py": """\
        from shop import Order
        from parts import many
        from pydantic import ValidationError, create_model
        from pydantic.json_schema import models_json_schema

        def handler(event, context):
            if event["do"] == "make":
                return create_model("M", x=(int, 3))().model_dump()
            if event["do"] == "many":
                return [part.model_dump(mode="json") for part in many([{"made": "2024-01-01"}])]
            if event["do"] == "schema":
                return models_json_schema([(Order, "validation")])[1]
            try:
                return Order.model_validate(event["order"]).model_dump(mode="json")
            except ValidationError as error:
                return [row["type"] for row in error.errors()]
    """,
}

HOOKS = {
    "requirements.txt": "wrapt\nstructlog\n",
    "app.py": """\
        import structlog
        import wrapt

        SEEN = []

        @wrapt.when_imported("colorsys")
        def seen(module):
            SEEN.append(module.__name__)

        def handler(event, context):
            if event["do"] == "hook":
                import colorsys
                return SEEN
            if event["do"] == "log":
                return structlog.dev.ConsoleRenderer(colors=False)(None, "info", {"event": "e", "level": "info"})
            return "pong"
    """,
}

DJANGO = {
    "requirements.txt": "django\n",
    "shop/__init__.py": "",
    "shop/apps.py": """\
        from django.apps import AppConfig

        class Shop(AppConfig):
            name = "shop"

            def ready(self):
                from . import checks
    """,
    "shop/checks.py": """\
        from django.core.checks import register

        @register
        def check(app_configs, **more):
            return []
    """,
    "shop/models.py": """\
        from django.db import models

        class Item(models.Model):
            name = models.CharField(max_length=3)
    """,
    "app.py": """\
        import django
        from django.conf import settings

        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "shop.apps.Shop"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
        django.setup()
        from django.apps import apps
        from django.core.checks import registry, run_checks
        from django.core.exceptions import ValidationError
        from django.db import connection
        from shop.models import Item

        def handler(event, context):
            if event["do"] == "ping":
                return Item._meta.label
            if event["do"] == "models":
                return sorted(model.__name__ for model in apps.get_models())
            if event["do"] == "checks":
                named = [check.__module__ for check in registry.registry.get_checks() if "shop" in check.__module__]
                return [named, len(run_checks())]
            if event["do"] == "query":
                if "shop_item" not in connection.introspection.table_names():
                    with connection.schema_editor() as editor:
                        editor.create_model(Item)
                Item.objects.create(name="a")
                return list(Item.objects.values_list("name", flat=True)[:1])
            try:
                Item(name="long").full_clean()
            except ValidationError as error:
                return error.messages
    """,
}

OPENTELEMETRY = {
    "requirements.txt": "opentelemetry-sdk\nopentelemetry-instrumentation-requests\nrequests\n",
    "app.py": """\
        import requests
        from opentelemetry import trace
        from opentelemetry.instrumentation.requests import RequestsInstrumentor
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(kept))
        trace.set_tracer_provider(provider)
        RequestsInstrumentor().instrument()

        def handler(event, context):
            if event["do"] == "ping":
                return "pong"
            if event["do"] == "wrapped":
                return hasattr(requests.Session.send, "__wrapped__")
            try:
                requests.get("http://127.0.0.1:9/x", timeout=1)
            except requests.ConnectionError as error:
                return [type(error).__name__, [span.name for span in kept.get_finished_spans()][-1:]]
    """,
}

NEW_RELIC = {
    "requirements.txt": "newrelic\nrequests\n",
    "app.py": """\
        import os
        os.environ.update(NEW_RELIC_MONITOR_MODE="false", NEW_RELIC_LOG="/dev/null")
        import newrelic.agent
        newrelic.agent.initialize()
        import requests

        @newrelic.agent.background_task(name="t")
        def task():
            return newrelic.agent.current_transaction() is None

        def handler(event, context):
            if event["do"] == "ping":
                return "pong"
            if event["do"] == "task":
                return task()
            return hasattr(requests.sessions.Session.request, "__wrapped__")
    """,
}

DDTRACE = {
    "requirements.txt": "ddtrace\njinja2\n",
    "app.py": """\
        import os
        os.environ.update(DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false")
        os.environ["DD_TRACE_ENABLED"] = "false"
        from ddtrace import patch
        patch(jinja2=True)
        from ddtrace.trace import tracer
        import jinja2

        def handler(event, context):
            if event["do"] == "ping":
                return "pong"
            if event["do"] == "span":
                with tracer.trace("s") as span:
                    span.set_tag("a", "b")
                    return [span.name, span.get_tag("a")]
            return [hasattr(jinja2.Environment.compile, "__wrapped__"), jinja2.Template("{{ a }}").render(a=1)]
    """,
}

PROJECTS = {
    "celery": (CELERY, [{"do": "add"}], [{"do": "name"}, {"do": "all"}, {"do": "chain"}]),
    "sqlalchemy": (SQLALCHEMY, [{"do": "ping"}], [{"do": "query"}, {"do": "error"}, {"do": "dialect"}]),
    "pydantic": (
        PYDANTIC,
        [{"do": "order", "order": {"total": "1.5"}}],
        [{"do": "order", "order": {"total": "x"}}, {"do": "make"}, {"do": "many"}, {"do": "schema"}],
    ),
    "hooks": (HOOKS, [{"do": "ping"}], [{"do": "hook"}, {"do": "log"}]),
    "django": (
        DJANGO,
        [{"do": "ping"}],
        [{"do": "models"}, {"do": "checks"}, {"do": "query"}, {"do": "invalid"}],
    ),
    "opentelemetry": (OPENTELEMETRY, [{"do": "ping"}], [{"do": "wrapped"}, {"do": "request"}]),
    "newrelic": (NEW_RELIC, [{"do": "ping"}], [{"do": "task"}, {"do": "wrapped"}]),
    "ddtrace": (DDTRACE, [{"do": "ping"}], [{"do": "span"}, {"do": "render"}]),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_held_back_events_are_answered_as_with_eager_imports(tool, tmp_path, name):
    sources, events, held = PROJECTS[name]
    project = tmp_path / "project"
    for path, text in sources.items():
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text))
    for kind, rows in (("events", events), ("held", held)):
        (tmp_path / kind).mkdir()
        for number, event in enumerate(rows):
            (tmp_path / kind / f"{number}.json").write_text(json.dumps(event))
    flags = ("--handler", "app.handler", "--python", PYTHON, "--level", "safe", "-e", tmp_path / "events")

    answers, said = {}, {}
    for startup in ("eager", "lazy"):
        out = tool.folder / f"{startup}.zip"
        said[startup] = tool("build", project, *flags, "--startup", startup, "-v", "-o", out)
        package = tool.unpack(out)
        answers[startup] = [
            tool.invoke(package, "app.handler", [event]) for event in sorted((tmp_path / "held").iterdir())
        ]

    assert ("the proof took every lazy import back" if name == "ddtrace" else "lazy: INIT") in said["lazy"]
    assert answers["lazy"] == answers["eager"]
    told = tool("why", "app", project, *flags, "--startup", "lazy")  # runs nothing, and knows what the build found
    assert re.search(r"^  (lazy|eager) +app\.py:\d+", told, re.MULTILINE)
