# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "s3fs",
# ]
# ///
import fsspec
import s3fs

filesystem = s3fs.S3FileSystem(key="a", secret="b", client_kwargs={"region_name": "eu-west-1"}, endpoint_url="http://127.0.0.1:9", config_kwargs={"retries": {"max_attempts": 0}, "connect_timeout": 1})
assert filesystem.split_path("s3://bucket/a/b.txt")[:2] == ("bucket", "a/b.txt")
assert filesystem.url("bucket/key").startswith("http://127.0.0.1:9/bucket/key")
assert type(fsspec.filesystem("s3", anon=True)) is s3fs.S3FileSystem
try:
    filesystem.ls("bucket")
    raise SystemExit("no error")
except Exception as error:
    assert "connect" in str(error).lower(), error
