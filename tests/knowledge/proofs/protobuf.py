# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "protobuf",
# ]
# ///
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, duration_pb2, json_format, message_factory, struct_pb2, text_format, timestamp_pb2, wrappers_pb2
from google.protobuf.internal import api_implementation

assert api_implementation.Type() == "upb"
struct = struct_pb2.Struct()
json_format.ParseDict({"a": [1, "x", None]}, struct)
assert json_format.MessageToDict(struct) == {"a": [1.0, "x", None]}
again = struct_pb2.Struct.FromString(struct.SerializeToString())
assert again == struct and "fields" in text_format.MessageToString(struct)
packed = any_pb2.Any()
packed.Pack(wrappers_pb2.StringValue(value="v"))
assert json_format.MessageToDict(packed)["value"] == "v"
stamp = timestamp_pb2.Timestamp()
stamp.FromJsonString("2024-01-02T03:04:05Z")
assert stamp.ToDatetime().year == 2024
assert duration_pb2.Duration(seconds=3).ToTimedelta().total_seconds() == 3
file = descriptor_pb2.FileDescriptorProto(name="t.proto", package="t", syntax="proto3")
message = file.message_type.add(name="M")
message.field.add(name="n", number=1, type=5, label=1)
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
M = message_factory.GetMessageClass(pool.FindMessageTypeByName("t.M"))
assert M.FromString(M(n=5).SerializeToString()).n == 5
try:
    M.FromString(bytes([255]))
    raise SystemExit("no error")
except Exception as error:
    assert type(error).__name__ == "DecodeError"
