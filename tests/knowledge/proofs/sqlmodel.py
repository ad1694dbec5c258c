# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "sqlmodel",
# ]
# ///
from sqlmodel import Field, Session, SQLModel, create_engine, select

class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
engine = create_engine("sqlite://")
SQLModel.metadata.create_all(engine)
with Session(engine) as session:
    session.add(Hero(name="a"))
    session.commit()
    assert session.exec(select(Hero)).one().name == "a"
assert Hero.model_validate({"name": "b"}).model_dump()["name"] == "b"
