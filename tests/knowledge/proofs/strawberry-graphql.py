# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "strawberry-graphql",
# ]
# ///
import asyncio
import datetime
import strawberry

@strawberry.type
class User:
    name: str
    born: datetime.date | None = None
@strawberry.input
class NewUser:
    name: str
@strawberry.type
class Query:
    @strawberry.field
    def user(self, id: strawberry.ID) -> User:
        return User(name=f"u{id}", born=datetime.date(2000, 1, 1))
@strawberry.type
class Mutation:
    @strawberry.mutation
    async def add(self, user: NewUser) -> User:
        return User(name=user.name)
schema = strawberry.Schema(Query, Mutation)
assert schema.execute_sync('{ user(id: "1") { name born } }').data == {"user": {"name": "u1", "born": "2000-01-01"}}
assert asyncio.run(schema.execute('mutation { add(user: {name: "n"}) { name } }')).data == {"add": {"name": "n"}}
assert schema.execute_sync("{ nope }").errors
assert "input NewUser" in schema.as_str()
