# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pynamodb",
# ]
# ///
import datetime
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.models import Model

class Thing(Model):
    class Meta:
        table_name = "t"
        region = "eu-west-1"
        host = "http://127.0.0.1:9"
        aws_access_key_id = "a"
        aws_secret_access_key = "b"
        connect_timeout_seconds = 1
        max_retry_attempts = 0
    id = UnicodeAttribute(hash_key=True)
    n = NumberAttribute(default=0)
    data = JSONAttribute(null=True)
    when = UTCDateTimeAttribute(null=True)
thing = Thing("1", n=3, data={"a": 1}, when=datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc))
assert thing.serialize()["n"] == {"N": "3"}
assert Thing.from_raw_data({"id": {"S": "1"}, "n": {"N": "5"}}).n == 5
try:
    thing.save()
    raise SystemExit("no error")
except Exception as error:
    assert type(error).__name__ == "PutError", error
