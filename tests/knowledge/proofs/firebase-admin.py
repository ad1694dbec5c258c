# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "firebase-admin",
# ]
# ///
import firebase_admin
from firebase_admin import auth, credentials, db, firestore, messaging
from google.auth.credentials import AnonymousCredentials


class Anonymous(credentials.Base):
    def get_credential(self):
        return AnonymousCredentials()


app = firebase_admin.initialize_app(Anonymous(), {"projectId": "p", "databaseURL": "https://p.firebaseio.com"})
client = firestore.client(app)
assert client.collection("c").document("d").path == "c/d"
assert client.collection("c").where(filter=firestore.FieldFilter("a", "==", 1)).limit(2)._to_protobuf().limit == 2
assert db.reference("x/y").path == "/x/y"
message = messaging.Message(notification=messaging.Notification("t", "b"), topic="x")
assert '"topic": "x"' in str(message)
try:
    auth.verify_id_token("nope")
except auth.InvalidIdTokenError:
    pass
