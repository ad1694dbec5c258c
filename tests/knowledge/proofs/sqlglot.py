# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "sqlglot",
#   "sqlparse",
# ]
# ///
import sqlglot
import sqlparse
from sqlglot import exp, optimizer

assert sqlglot.transpile("select epoch_ms(1)", read="duckdb", write="hive")[0].startswith("SELECT")
for dialect in ("snowflake", "bigquery", "postgres", "tsql", "mysql", "redshift", "spark", "athena"):
    assert sqlglot.transpile("select cast(a as int) from t limit 3", write=dialect)[0], dialect
assert [t.name for t in sqlglot.parse_one("select * from a join b").find_all(exp.Table)] == ["a", "b"]
assert "x" in optimizer.optimize("select a x from t", schema={"t": {"a": "int"}}).sql()
assert sqlparse.format("select 1", keyword_case="upper") == "SELECT 1"
try:
    sqlglot.parse_one("select from from")
    raise SystemExit("no error")
except sqlglot.errors.ParseError:
    pass
