import asyncio

import orjson
import redis
import sqlalchemy as sa
import strawberry
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import create_async_engine

cache = redis.Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2)
cipher = Fernet(b"A" * 43 + b"=")
loop = asyncio.new_event_loop()


@strawberry.type
class Answer:
    text: str
    rows: list[int]


@strawberry.type
class Query:
    @strawberry.field
    async def ask(self, n: int, secret: str = "") -> Answer:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            rows = (await connection.execute(sa.text("select value from json_each(:x)"), {"x": str(list(range(n)))})).scalars().all()
        await engine.dispose()
        try:
            cache.get("x")
        except redis.ConnectionError:
            text = "no cache"
        return Answer(text=text + cipher.decrypt(cipher.encrypt(secret.encode())).decode(), rows=rows)


schema = strawberry.Schema(Query)


def handler(event, context):
    done = loop.run_until_complete(schema.execute(event["query"], variable_values=event.get("variables")))
    return orjson.loads(orjson.dumps({"data": done.data, "errors": [error.message for error in done.errors or []]}))
