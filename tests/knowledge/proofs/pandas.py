# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pandas",
#   "openpyxl",
#   "lxml",
#   "jinja2",
#   "tabulate",
# ]
# ///
import io
import pandas as pd

frame = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3], "t": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-02-01"])})
assert frame.groupby("k")["v"].sum().to_dict() == {"a": 4, "b": 2}
assert frame.groupby("k").agg({"v": ["mean", "max"]}).shape == (2, 2)
assert frame.set_index("t")["v"].resample("MS").sum().tolist() == [3, 3]
assert frame.merge(pd.DataFrame({"k": ["a"], "w": [9]}), how="left")["w"].isna().sum() == 1
assert frame.pivot_table(index="k", values="v", aggfunc="sum").loc["a", "v"] == 4
assert frame["v"].rolling(2).mean().tolist()[1:] == [1.5, 2.5]
assert frame["v"].ewm(span=2).mean().shape == (3,)
text = frame.to_csv(index=False)
assert pd.read_csv(io.StringIO(text), parse_dates=["t"]).equals(frame)
assert pd.read_json(io.StringIO(frame.to_json(orient="records")))["v"].tolist() == [1, 2, 3]
book = io.BytesIO()
frame.to_excel(book, index=False)
book.seek(0)
assert pd.read_excel(book)["v"].tolist() == [1, 2, 3]
assert pd.read_html(io.StringIO(frame.to_html()))[0].shape == (3, 4)
assert pd.read_xml(io.BytesIO(frame.to_xml().encode())).shape == (3, 4)
assert "<style" in frame.style.highlight_max(subset=["v"]).to_html()
assert "| k" in frame.to_markdown()
import sqlite3
connection = sqlite3.connect(":memory:")
frame.to_sql("f", connection)
assert pd.read_sql("select sum(v) s from f", connection)["s"][0] == 6
assert frame["t"].dt.tz_localize("Europe/Rome").dt.strftime("%H%z")[0] == "00+0100"
assert frame["t"].dt.month_name()[0] == "January"
assert pd.cut(frame["v"], 2).cat.categories.size == 2
assert frame["k"].str.upper().tolist() == ["A", "B", "A"]
assert frame.query("v > 1 and k == 'a'").shape[0] == 1
assert frame.eval("v * 2").tolist() == [2, 4, 6]
pickled = io.BytesIO()
frame.to_pickle(pickled)
pickled.seek(0)
assert pd.read_pickle(pickled).equals(frame)
assert pd.array([1, None], dtype="Int64").isna()[1]
assert pd.date_range("2024-01-01", periods=3, freq="B").size == 3
assert pd.get_dummies(frame["k"]).shape == (3, 2)
assert pd.crosstab(frame["k"], frame["v"]).shape == (2, 3)
assert pd.concat([frame, frame]).drop_duplicates().shape[0] == 3
assert "v" in frame.describe() and "DataFrame" in str(type(frame)) and "dtypes" in (frame.info(buf=(b := io.StringIO())) or b.getvalue())
try:
    pd.read_parquet(io.BytesIO(b""))
    raise SystemExit("no error")
except ImportError as error:
    assert "pyarrow" in str(error)
try:
    frame.plot()
    raise SystemExit("no error")
except ImportError as error:
    assert "matplotlib" in str(error)
pd.testing.assert_frame_equal(frame, frame.copy())
