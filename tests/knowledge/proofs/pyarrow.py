# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pyarrow",
#   "pandas",
# ]
# ///
import io
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq

table = pa.table({"a": [1, 2, 3], "s": ["x", "y", None], "l": [[1], [], [2, 3]]})
buffer = io.BytesIO()
pq.write_table(table, buffer, compression="zstd")
buffer.seek(0)
assert pq.read_table(buffer, columns=["a"], filters=None).column("a").to_pylist() == [1, 2, 3]
assert pc.sum(table["a"]).as_py() == 6 and pc.utf8_upper(table["s"]).to_pylist() == ["X", "Y", None]
assert table.to_pandas().shape == (3, 3)
assert pa.Table.from_pandas(table.to_pandas()).num_rows == 3
assert pyarrow.csv.read_csv(io.BytesIO(b"a,b\n1,2\n")).to_pydict() == {"a": [1], "b": [2]}
import tempfile
folder = tempfile.mkdtemp()
ds.write_dataset(table.select(["a", "s"]), folder, format="parquet")
assert ds.dataset(folder).to_table(filter=ds.field("a") > 1).num_rows == 2
sink = pa.BufferOutputStream()
with pa.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table)
assert pa.ipc.open_stream(sink.getvalue()).read_all().equals(table)
assert table.group_by("s").aggregate([("a", "sum")]).num_rows == 3
import pyarrow.fs
assert pyarrow.fs.LocalFileSystem().get_file_info(folder).is_file is False
import pandas as pd
frame = pd.DataFrame({"a": [1, 2]})
frame.to_parquet(folder + "/x.parquet")
assert pd.read_parquet(folder + "/x.parquet").equals(frame)
frame.to_feather(folder + "/x.feather")
assert pd.read_feather(folder + "/x.feather").equals(frame)
import pyarrow.json
assert pyarrow.json.read_json(io.BytesIO(b'{"a": 1}')).num_rows == 1
