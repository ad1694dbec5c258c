# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tortoise-orm",
#   "aiosqlite",
# ]
# ///
import asyncio
from tortoise import Tortoise, fields
from tortoise.models import Model


class Event(Model):
    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    data = fields.JSONField(null=True)


async def main():
    await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["__main__"]})
    await Tortoise.generate_schemas()
    await Event.create(name="a", data={"x": 1})
    assert (await Event.get(name="a")).data == {"x": 1}
    assert await Event.filter(name__icontains="A").count() == 1
    await Tortoise.close_connections()


asyncio.run(main())
