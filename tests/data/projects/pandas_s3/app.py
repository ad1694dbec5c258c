import io
import os

import pandas as pd

STORAGE = {"key": "a", "secret": "b", "endpoint_url": os.environ.get("ENDPOINT", "http://127.0.0.1:9"), "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1}, "client_kwargs": {"region_name": "eu-west-1"}}


def load(event):
    if "uri" in event:
        return pd.read_csv(event["uri"], storage_options=STORAGE)
    return pd.read_csv(io.StringIO(event["csv"]), parse_dates=["day"])


def handler(event, context):
    try:
        frame = load(event)
    except Exception as error:
        return {"error": type(error).__name__}
    kind = event.get("to", "json")
    if kind == "json":
        return frame.groupby("who")["n"].agg(["sum", "mean"]).to_dict()
    out = io.BytesIO()
    writer = getattr(frame, f"to_{kind}")
    if kind == "markdown":
        return writer(index=False)
    if kind in ("xlsx", "excel"):
        frame.to_excel(out, index=False, engine=event.get("engine"))
        return pd.read_excel(io.BytesIO(out.getvalue())).shape
    writer(out)
    return getattr(pd, f"read_{kind}")(io.BytesIO(out.getvalue()))["n"].tolist()
