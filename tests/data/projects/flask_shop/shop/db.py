import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

session = scoped_session(sessionmaker())


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    cents: Mapped[int]
    since: Mapped[str] = mapped_column(default="")


def init(url):
    engine = sa.create_engine(url, poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    session.configure(bind=engine)
    session.add_all([Product(name="pen", cents=120), Product(name="ink", cents=990)])
    session.commit()
