# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "onnxruntime",
# ]
# ///
import numpy as np
import onnxruntime

assert "CPUExecutionProvider" in onnxruntime.get_available_providers()
def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data
def varint(number, value):
    return bytes([number << 3, value])
def value(name):
    shape = field(2, field(1, varint(1, 2)))
    return field(1, name) + field(2, field(1, varint(1, 1) + shape))
node = field(1, b"x") + field(1, b"x") + field(2, b"y") + field(4, b"Add")
graph = field(1, node) + field(2, b"g") + field(11, value(b"x")) + field(12, value(b"y"))
model = varint(1, 8) + field(7, graph) + field(8, field(1, b"") + varint(2, 13))
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
assert session.get_inputs()[0].name == "x"
assert session.run(None, {"x": np.array([1, 2], np.float32)})[0].tolist() == [2, 4]
