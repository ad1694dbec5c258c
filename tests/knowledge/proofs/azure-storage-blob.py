# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "azure-storage-blob",
#   "azure-identity",
# ]
# ///
import azure.core.exceptions
from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.storage.blob import BlobServiceClient, generate_blob_sas

client = BlobServiceClient("http://127.0.0.1:9/acc", credential="a2V5", retry_total=0, connection_timeout=1)
try:
    client.get_blob_client("c", "b").upload_blob(b"x")
    raise SystemExit("no error")
except azure.core.exceptions.AzureError:
    pass
import datetime
assert "sig=" in generate_blob_sas("acc", "c", "b", account_key="a2V5", permission="r", expiry=datetime.datetime(2030, 1, 1))
assert DefaultAzureCredential(exclude_interactive_browser_credential=True) and ClientSecretCredential("t" * 36, "c", "s")
