# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "confluent-kafka[avro,schemaregistry]",
# ]
# ///
import confluent_kafka
from confluent_kafka.admin import AdminClient, NewTopic
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer

assert confluent_kafka.libversion()[0].split(".")[0].isdigit()
producer = confluent_kafka.Producer({"bootstrap.servers": "localhost:1", "log_level": 0})
producer.produce("t", b"x")
assert len(producer) >= 1  # its own messages about the broker count too
assert producer.purge() is None
assert NewTopic("t", 1).topic == "t"
AdminClient({"bootstrap.servers": "localhost:1", "log_level": 0})
client = SchemaRegistryClient({"url": "http://localhost:1"})
AvroSerializer(client, '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}')
