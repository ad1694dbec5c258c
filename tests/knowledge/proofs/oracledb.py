# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "oracledb",
#   "asyncpg",
#   "pymssql",
# ]
# ///
import asyncio
import asyncpg
import oracledb
import pymssql

try:
    oracledb.connect(user="u", password="p", dsn="127.0.0.1:9/x", tcp_connect_timeout=1)
    raise SystemExit("no error")
except oracledb.Error as error:
    assert "127.0.0.1" in str(error) or "DPY" in str(error)
async def main():
    try:
        await asyncpg.connect("postgresql://u:p@127.0.0.1:9/d", timeout=1)
        raise SystemExit("no error")
    except OSError:
        return True
assert asyncio.run(main())
try:
    pymssql.connect("127.0.0.1", "u", "p", port="9", login_timeout=1)
    raise SystemExit("no error")
except pymssql.OperationalError:
    pass
