"""Libraries that count on imports for their effects answer events that were held back as with eager imports."""

import json
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

PROJECTS = {
    "celery": (CELERY, [{"do": "add"}], [{"do": "name"}, {"do": "all"}, {"do": "chain"}]),
    "sqlalchemy": (SQLALCHEMY, [{"do": "ping"}], [{"do": "query"}, {"do": "error"}, {"do": "dialect"}]),
    "pydantic": (
        PYDANTIC,
        [{"do": "order", "order": {"total": "1.5"}}],
        [{"do": "order", "order": {"total": "x"}}, {"do": "make"}, {"do": "many"}, {"do": "schema"}],
    ),
    "hooks": (HOOKS, [{"do": "ping"}], [{"do": "hook"}, {"do": "log"}]),
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

    assert "lazy: INIT" in said["lazy"]
    assert answers["lazy"] == answers["eager"]
