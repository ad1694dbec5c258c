# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "snowflake-connector-python",
# ]
# ///
import snowflake.connector

try:
    snowflake.connector.connect(user="u", password="p", account="a", host="127.0.0.1", port=9, protocol="http", login_timeout=1, network_timeout=1)
    raise SystemExit("no error")
except snowflake.connector.errors.Error as error:
    assert error.errno
assert snowflake.connector.paramstyle == "pyformat"
