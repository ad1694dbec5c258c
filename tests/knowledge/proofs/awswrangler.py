# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "awswrangler",
# ]
# ///
import awswrangler as wr
import boto3
import pandas as pd

session = boto3.Session(region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
wr.config.s3_endpoint_url = "http://127.0.0.1:9"
wr.config.botocore_config = __import__("botocore.config").config.Config(retries={"max_attempts": 0}, connect_timeout=1)
for call in (lambda: wr.s3.list_objects("s3://b/", boto3_session=session), lambda: wr.s3.to_parquet(pd.DataFrame({"a": [1]}), "s3://b/k.parquet", boto3_session=session)):
    try:
        call()
        raise SystemExit("no error")
    except Exception as error:
        assert "127.0.0.1" in str(error) or "connect" in str(error).lower(), error
assert wr.catalog.sanitize_column_name("Some Name") == "some_name"
assert wr._data_types.pyarrow2athena(__import__("pyarrow").int64()) == "bigint"
