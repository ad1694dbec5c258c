"""The package indexes that Pipfile, Pipfile.lock and pyproject.toml (PDM) list as sources."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lambda_slim.formats.tables import as_rows


def sources_of(rows: Any) -> list[dict[str, Any]]:
    """The sources that have an address."""
    return [row for row in as_rows(rows) if row.get("url")]


def source_name(source: Mapping[str, Any]) -> str:
    """What a source is called; its address where it has no name."""
    return str(source.get("name") or source["url"])


def source_urls(sources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The addresses of sources by name."""
    return {source_name(source): str(source["url"]) for source in sources}


def insecure_hosts(sources: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The hosts whose certificates are not to be checked."""
    addresses = [str(source["url"]) for source in sources if source.get("verify_ssl") is False]
    return tuple(urlsplit(address).netloc.rpartition("@")[2] for address in addresses)
