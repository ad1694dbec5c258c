# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "psycopg2-binary",
# ]
# ///
import psycopg2
import psycopg2.extras
from psycopg2 import sql

try:
    psycopg2.connect("host=127.0.0.1 port=9 user=x dbname=y connect_timeout=1")
    raise SystemExit("no error")
except psycopg2.OperationalError as error:
    assert "refused" in str(error) or "connect" in str(error)
assert psycopg2.extensions.adapt("it's").getquoted() == b"'it''s'"
assert psycopg2.extras.Json({"a": 1}).getquoted() == b"'{\"a\": 1}'"
assert psycopg2.extensions.parse_dsn("host=h user=u") == {"host": "h", "user": "u"}
assert psycopg2.errors.UniqueViolation.__mro__[1] is psycopg2.IntegrityError
assert psycopg2.errors.lookup("23505") is psycopg2.errors.UniqueViolation
assert repr(sql.SQL("select {}").format(sql.Identifier("a"))).startswith("Composed")
assert psycopg2.extras.NumericRange(1, 3).lower == 1
from psycopg2.pool import SimpleConnectionPool
assert SimpleConnectionPool(0, 1).maxconn == 1
import datetime
assert b"2024" in psycopg2.extensions.adapt(datetime.datetime(2024, 1, 1)).getquoted()
