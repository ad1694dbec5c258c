# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "psycopg[binary]",
# ]
# ///
import asyncio
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

assert psycopg.pq.__impl__ == "binary"
try:
    psycopg.connect("host=127.0.0.1 port=9 user=x dbname=y connect_timeout=1", row_factory=dict_row)
    raise SystemExit("no error")
except psycopg.OperationalError as error:
    assert "9" in str(error)
async def main():
    try:
        await psycopg.AsyncConnection.connect("host=127.0.0.1 port=9 connect_timeout=1")
        raise SystemExit("no error")
    except psycopg.OperationalError:
        return True
assert asyncio.run(main())
assert sql.SQL("select {} from {}").format(sql.Literal(1), sql.Identifier("t")).as_string(None) == 'select 1 from "t"'
assert psycopg.conninfo.make_conninfo("host=h", user="u") == "host=h user=u"
assert psycopg.errors.lookup("23505") is psycopg.errors.UniqueViolation
assert Jsonb({"a": 1}).obj == {"a": 1}
from psycopg.adapt import Transformer
assert Transformer().as_literal("it's") == b"'it''s'"
import datetime
assert Transformer().as_literal(datetime.date(2024, 1, 2)) == b"'2024-01-02'::date"
assert Transformer().as_literal([1, 2]).startswith(b"'{1,2}'")
