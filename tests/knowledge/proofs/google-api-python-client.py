# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "google-api-python-client",
# ]
# ///
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpMockSequence

sheets = build("sheets", "v4", credentials=Credentials("token"))
request = sheets.spreadsheets().values().get(spreadsheetId="abc", range="A1:B2")
assert request.uri.startswith("https://sheets.googleapis.com/v4/spreadsheets/abc/values/A1%3AB2")
drive = build("drive", "v3", http=HttpMockSequence([({"status": "200"}, '{"files": [{"id": "1"}]}'), ({"status": "404"}, "{}")]))
assert drive.files().list().execute() == {"files": [{"id": "1"}]}
try:
    drive.files().get(fileId="x").execute()
    raise SystemExit("no error")
except HttpError as error:
    assert error.resp.status == 404
