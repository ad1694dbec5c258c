# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "google-cloud-bigquery",
#   "google-cloud-pubsub",
#   "google-cloud-firestore",
#   "firebase-admin",
# ]
# ///
import firebase_admin
from firebase_admin import auth, messaging
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, firestore, pubsub_v1

client = bigquery.Client("p", credentials=AnonymousCredentials(), client_options={"api_endpoint": "http://127.0.0.1:9"})
config = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter("a", "INT64", 1)])
assert config.to_api_repr()["query"]["queryParameters"][0]["parameterValue"]["value"] == "1"
try:
    client.query("select 1", job_config=config, retry=None, job_retry=None, timeout=1)
    raise SystemExit("no error")
except Exception as error:
    assert "127.0.0.1" in str(error), error
assert bigquery.SchemaField("a", "STRING").to_api_repr()["type"] == "STRING"
database = firestore.Client("p", credentials=AnonymousCredentials())
assert database.collection("c").document("d").path == "c/d"
assert database.collection("c").where(filter=firestore.FieldFilter("a", "==", 1)) is not None
publisher = pubsub_v1.PublisherClient(credentials=AnonymousCredentials())
assert publisher.topic_path("p", "t") == "projects/p/topics/t"
from google.pubsub_v1.types import PubsubMessage
assert PubsubMessage.from_json('{"data": "eA=="}').data == b"x"
import grpc
class Key:
    pass
app = firebase_admin.initialize_app(type("C", (firebase_admin.credentials.Base,), {"get_credential": lambda self: AnonymousCredentials()})(), {"projectId": "p"})
assert messaging.Message(topic="t").topic == "t" and app.project_id == "p"
