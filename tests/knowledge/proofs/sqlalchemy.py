# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "SQLAlchemy",
#   "greenlet",
#   "aiosqlite",
#   "psycopg2-binary",
#   "psycopg[binary]",
#   "PyMySQL",
#   "asyncpg",
# ]
# ///
import asyncio
import datetime
import decimal
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

class Base(DeclarativeBase):
    pass
class Parent(Base):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(30))
    data: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    amount: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(10, 2), default=0)
    when: Mapped[datetime.datetime] = mapped_column(default=lambda: datetime.datetime(2024, 1, 1))
    children: Mapped[list["Child"]] = relationship(back_populates="parent", cascade="all, delete-orphan")
    @hybrid_property
    def upper(self):
        return self.name.upper()
    @upper.inplace.expression
    @classmethod
    def _upper(cls):
        return sa.func.upper(cls.name)
class Child(Base):
    __tablename__ = "child"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(sa.ForeignKey("parent.id"))
    parent: Mapped[Parent] = relationship(back_populates="children")
engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
seen = []
event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(Parent(name="a", data={"x": [1]}, amount=decimal.Decimal("1.50"), children=[Child(), Child()]))
    session.commit()
    parent = session.scalars(sa.select(Parent).options(selectinload(Parent.children)).where(Parent.upper == "A")).one()
    assert len(parent.children) == 2 and parent.data == {"x": [1]} and parent.amount == decimal.Decimal("1.50")
    counted = session.execute(sa.select(Parent.name, sa.func.count(Child.id)).join(Child).group_by(Parent.name)).all()
    assert counted == [("a", 2)]
    cte = sa.select(Child.id).cte("c")
    assert session.scalar(sa.select(sa.func.max(cte.c.id))) == 2
    session.delete(parent)
    session.commit()
    try:
        session.execute(sa.insert(Child).values(id=1, parent_id=None))
        raise SystemExit("no error")
    except sa.exc.IntegrityError:
        pass
assert sa.inspect(engine).get_table_names() == ["child", "parent"]
reflected = sa.MetaData()
reflected.reflect(engine)
assert "parent_id" in reflected.tables["child"].c
query = sa.select(Parent.id).limit(3).with_for_update()
for url in ("postgresql", "mysql", "oracle", "mssql"):
    dialect = sa.engine.make_url(f"{url}://h/d").get_dialect()()
    assert "SELECT" in str(query.compile(dialect=dialect)), url
async def main():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add(Parent(name="b"))
        await session.commit()
        return (await session.scalars(sa.select(Parent.name))).all()
assert asyncio.run(main()) == ["b"]
assert seen
try:
    import greenlet
    sa.create_engine("mssql+pyodbc://u@h/d")
    raise SystemExit("no error")
except ModuleNotFoundError as error:
    assert error.name == "pyodbc"
for url, driver in {"postgresql+psycopg2": "psycopg2", "postgresql+psycopg": "psycopg", "mysql+pymysql": "pymysql"}.items():
    assert sa.create_engine(f"{url}://u@h/d").dialect.dbapi.__name__ == driver, url
assert create_async_engine("postgresql+asyncpg://u@h/d").dialect.driver == "asyncpg"
