# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "duckdb",
#   "numpy",
#   "pandas",
# ]
# ///
import os
import tempfile
import duckdb

connection = duckdb.connect()
connection.execute("create table t as select range as n, 'x' || range as s from range(5)")
assert connection.execute("select sum(n) from t").fetchall() == [(10,)]
assert connection.sql("select * from t where n > 2").fetchall() == [(3, "x3"), (4, "x4")]
assert connection.execute("select n from t").fetchnumpy()["n"].tolist() == [0, 1, 2, 3, 4]
folder = tempfile.mkdtemp()
os.environ["HOME"] = folder
path = os.path.join(folder, "t.parquet")
connection.execute(f"copy t to '{path}' (format parquet)")
assert connection.execute(f"select count(*) from '{path}'").fetchall() == [(5,)]
csv = os.path.join(folder, "t.csv")
open(csv, "w").write("a,b\n1,2\n")
assert connection.read_csv(csv).fetchall() == [(1, 2)]
connection.create_function("plus", lambda x: x + 1, ["BIGINT"], "BIGINT")
assert connection.execute("select plus(1)").fetchall() == [(2,)]
assert connection.execute("select json_extract('{\"a\": 1}', '$.a')").fetchall()
import datetime
assert connection.execute("select date '2024-01-02', 1.5::decimal(4,2), [1,2]").fetchall()[0][0] == datetime.date(2024, 1, 2)
try:
    connection.execute("select nope")
    raise SystemExit("no error")
except duckdb.BinderException:
    pass
frame = connection.execute("select * from t where n < 2").df()
assert type(frame).__module__.startswith("pandas") and frame["s"].tolist() == ["x0", "x1"]
assert connection.from_df(frame).filter("n = 1").fetchall() == [(1, "x1")]
