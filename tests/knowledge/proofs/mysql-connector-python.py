# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "mysql-connector-python",
# ]
# ///
import mysql.connector

try:
    mysql.connector.connect(host="127.0.0.1", port=9, user="u", password="p", connection_timeout=1)
    raise SystemExit("no error")
except mysql.connector.Error as error:
    assert error.errno == 2003
try:
    mysql.connector.connect(host="127.0.0.1", port=9, user="u", use_pure=True, connection_timeout=1)
    raise SystemExit("no error")
except mysql.connector.Error as error:
    assert error.errno == 2003
assert "IntegrityError" in type(mysql.connector.errors.get_mysql_exception(1062, sqlstate="23000")).__name__
from mysql.connector.conversion import MySQLConverter
assert MySQLConverter().escape("it's") == "it" + chr(92) + "'s"
from mysql.connector.plugins import get_auth_plugin
for name in ("mysql_native_password", "caching_sha2_password", "sha256_password"):
    assert get_auth_plugin(name, None)
