"""Answers AWS clients with empty successes, so that code which asks AWS at import comes further; no emulation.

Sources: the protocols of botocore (botocore/parsers.py: json, query, rest-json, rest-xml, smithy-rpc-v2-cbor).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_ACTION = re.compile(r"(?:^|&)Action=(\w+)")
_XML = frozenset({"s3", "route53", "cloudfront"})


@dataclass(frozen=True, slots=True)
class Stubbed:
    """An empty success, and which operation it is for: `ssm: GetParameter`."""

    asked: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def stub(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Stubbed:
    """What an AWS client gets for a request.

    Args:
        method: GET, PUT ….
        path: Path and query.
        headers: By lower-case name.
        body: As sent.
    """
    scope = _SCOPE.search(headers.get("authorization", ""))
    service = scope[1] if scope else "aws"
    if target := headers.get("x-amz-target"):
        operation = target.rpartition(".")[2]
        return Stubbed(f"{service}: {operation}", (("Content-Type", "application/x-amz-json-1.1"),), b"{}")
    if headers.get("smithy-protocol"):
        told = (("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor"))
        return Stubbed(f"{service}: {path.rpartition('/')[2]}", told, b"\xa0")
    if action := _ACTION.search(body.decode("latin-1")):
        text = f"<{action[1]}Response><{action[1]}Result/></{action[1]}Response>"
        return Stubbed(f"{service}: {action[1]}", (("Content-Type", "text/xml"),), text.encode())
    operation = f"{method} {path.partition('?')[0]}"
    if service in _XML:
        return Stubbed(f"{service}: {operation}", (("Content-Type", "application/xml"),), b"")
    return Stubbed(f"{service}: {operation}", (("Content-Type", "application/json"),), b"{}")
