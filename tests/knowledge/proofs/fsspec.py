# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "fsspec",
#   "s3fs",
#   "requests",
# ]
# ///
import os
import tempfile
import fsspec

folder = tempfile.mkdtemp()
with fsspec.open(f"memory://a/b.txt", "w") as file:
    file.write("x")
assert fsspec.filesystem("memory").cat("/a/b.txt") == b"x"
with fsspec.open(f"file://{folder}/z.gz", "wb", compression="gzip") as file:
    file.write(b"gz")
with fsspec.open(f"{folder}/z.gz", "rb", compression="infer") as file:
    assert file.read() == b"gz"
import zipfile
with zipfile.ZipFile(folder + "/z.zip", "w") as archive:
    archive.writestr("in.txt", "inside")
with fsspec.open(f"zip://in.txt::file://{folder}/z.zip") as file:
    assert file.read() == b"inside"
with fsspec.open(f"simplecache::file://{folder}/z.gz", simplecache={"cache_storage": folder + "/c"}) as file:
    assert file.read(2) == bytes([31, 139])
assert fsspec.filesystem("dir", path=folder, fs=fsspec.filesystem("file")).exists("z.zip")
assert "s3" in fsspec.available_protocols()
try:
    fsspec.filesystem("gcs")
    raise SystemExit("no error")
except ImportError as error:
    assert "gcsfs" in str(error)
assert type(fsspec.filesystem("s3", anon=True, skip_instance_cache=True)).__name__ == "S3FileSystem"
assert type(fsspec.filesystem("http")).__name__ == "HTTPFileSystem"
