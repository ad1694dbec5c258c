import asyncio

import feedparser
import httpx
import jsonschema
from bs4 import BeautifulSoup
from dateutil import parser as dates
from tenacity import AsyncRetrying, RetryError, stop_after_attempt, wait_none

SCHEMA = {"type": "object", "properties": {"mode": {"enum": ["feed", "page", "fetch"]}}, "required": ["mode"]}


async def fetch(url):
    async with httpx.AsyncClient(http2=True, timeout=1) as client:
        async for attempt in AsyncRetrying(stop=stop_after_attempt(2), wait=wait_none()):
            with attempt:
                return (await client.get(url)).text


def handler(event, context):
    try:
        jsonschema.validate(event, SCHEMA)
    except jsonschema.ValidationError as error:
        return {"error": error.message}
    if event["mode"] == "feed":
        found = feedparser.parse(event["text"])
        return [[entry.title, dates.parse(entry.published).isoformat()] for entry in found.entries]
    if event["mode"] == "page":
        soup = BeautifulSoup(event["text"], event.get("parser", "lxml"))
        return [a["href"] for a in soup.select("a[href]:not(.x)")]
    try:
        return asyncio.run(fetch(event["url"]))
    except RetryError as error:
        return type(error.last_attempt.exception()).__name__
