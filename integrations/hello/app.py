"""The function that all examples deploy."""

import idna


def handler(event, context):
    """Gives a host name as it goes over the wire."""
    return {"host": idna.encode(event["host"]).decode()}
