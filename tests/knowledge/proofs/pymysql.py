# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "PyMySQL[rsa]",
# ]
# ///
import pymysql
import pymysql.cursors

try:
    pymysql.connect(host="127.0.0.1", port=9, user="u", password="p", cursorclass=pymysql.cursors.DictCursor, connect_timeout=1)
    raise SystemExit("no error")
except pymysql.err.OperationalError as error:
    assert error.args[0] == 2003
connection = pymysql.connections.Connection(defer_connect=True, charset="utf8mb4")
connection.server_status = 0
assert connection.escape("it's") == r"'it\'s'"
assert connection.literal([1, None]) in ("(1,NULL)", "(1, NULL)")
cursor = connection.cursor()
assert cursor.mogrify("select %s, %s", (1, "x")) == "select 1, 'x'"
assert pymysql.install_as_MySQLdb() is None
import MySQLdb
assert MySQLdb is pymysql
from pymysql import _auth
assert len(_auth.scramble_native_password(b"p", b"0" * 20)) == 20
assert len(_auth.scramble_caching_sha2(b"p", b"0" * 20)) == 32
assert pymysql.charset.charset_by_name("utf8mb4").encoding == "utf8"
