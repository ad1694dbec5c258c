# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "polars",
#   "tzdata",
# ]
# ///
import datetime
import io
import polars as pl

frame = pl.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3], "t": [datetime.datetime(2024, 1, day) for day in (1, 2, 3)]})
assert frame.group_by("k").agg(pl.col("v").sum()).sort("k")["v"].to_list() == [4, 2]
assert frame.lazy().filter(pl.col("v") > 1).select(pl.col("v") * 2).collect()["v"].to_list() == [4, 6]
assert pl.read_csv(io.StringIO(frame.write_csv())).shape == (3, 3)
buffer = io.BytesIO()
frame.write_parquet(buffer)
buffer.seek(0)
assert pl.read_parquet(buffer).equals(frame)
assert pl.read_json(io.StringIO(frame.write_json())).shape == (3, 3)
assert frame.join(pl.DataFrame({"k": ["a"], "w": [1]}), on="k").shape == (2, 4)
assert frame["t"].dt.replace_time_zone("Europe/Rome")[0].utcoffset() == datetime.timedelta(hours=1)
assert pl.SQLContext(f=frame).execute("select sum(v) s from f").collect()["s"][0] == 6
assert frame.with_columns(pl.col("v").map_elements(lambda v: v + 1, return_dtype=pl.Int64))["v"].to_list() == [2, 3, 4]
assert "shape: (3, 3)" in str(frame)
try:
    frame.select("nope")
    raise SystemExit("no error")
except pl.exceptions.ColumnNotFoundError:
    pass
assert frame.pivot(on="k", values="v", index="t").shape[0] == 3
