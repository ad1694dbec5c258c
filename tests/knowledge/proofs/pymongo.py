# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pymongo",
# ]
# ///
import asyncio
import datetime
import uuid
import bson
import gridfs
import pymongo
from bson import Binary, Decimal128, ObjectId, json_util

document = {"_id": ObjectId(), "n": 1, "d": datetime.datetime(2024, 1, 1), "x": Decimal128("1.5"), "u": Binary.from_uuid(uuid.UUID(int=5)), "l": [1, {"a": None}]}
assert bson.decode(bson.encode(document)) == document
assert bson.has_c() and pymongo.has_c()
assert json_util.loads(json_util.dumps(document))["_id"] == document["_id"]
client = pymongo.MongoClient("mongodb://u:p@127.0.0.1:9/d?serverSelectionTimeoutMS=200", compressors="zlib")
assert client.get_default_database().name == "d"
try:
    client.d.c.find_one()
    raise SystemExit("no error")
except pymongo.errors.ServerSelectionTimeoutError:
    pass
assert isinstance(gridfs.GridFSBucket(client.d), gridfs.GridFSBucket)
assert pymongo.uri_parser.parse_uri("mongodb://a,b/x")["database"] == "x"
try:
    pymongo.MongoClient("mongodb+srv://no.such.invalid", serverSelectionTimeoutMS=200)
    raise SystemExit("no error")
except (pymongo.errors.ConfigurationError, pymongo.errors.PyMongoError) as error:
    assert "dnspython" not in str(error), error
async def main():
    client = pymongo.AsyncMongoClient("mongodb://127.0.0.1:9/d?serverSelectionTimeoutMS=200")
    try:
        await client.d.c.insert_one({})
        raise SystemExit("no error")
    except pymongo.errors.ServerSelectionTimeoutError:
        await client.close()
asyncio.run(main())
assert pymongo.UpdateOne({"a": 1}, {"$set": {"b": 2}})
client.close()
