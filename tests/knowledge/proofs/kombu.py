# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "kombu",
#   "pyyaml",
#   "msgpack",
#   "kombu[redis]",
# ]
# ///
from kombu import Connection, Exchange, Queue

queue = Queue("q", Exchange("e"), routing_key="k")
for serializer in ("json", "yaml", "msgpack"):
    with Connection("memory://") as connection:
        producer = connection.Producer(serializer=serializer)
        producer.publish({"a": [1]}, exchange=queue.exchange, routing_key="k", declare=[queue], compression="zlib")
        got = []
        with connection.Consumer(queue, callbacks=[lambda body, message: (got.append(body), message.ack())], accept=[serializer]):
            connection.drain_events(timeout=1)
        assert got == [{"a": [1]}], serializer
with Connection("memory://") as connection:
    simple = connection.SimpleQueue("s")
    simple.put("x")
    assert simple.get(timeout=1).payload == "x"
try:
    Connection("nope://").default_channel
    raise SystemExit("no error")
except Exception as error:
    assert "nope" in str(error)
assert Connection("redis://127.0.0.1:9/0").transport.driver_type == "redis"
assert Connection("amqp://127.0.0.1:9").transport.driver_name == "py-amqp"
