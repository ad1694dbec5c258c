"""The endpoints of the AWS SDK, cut to the services whose data ships.

Every client reads `botocore/data/endpoints.json`, a megabyte of endpoints of all services. It is looked up by the
endpoint prefix of a service (botocore/client.py, `ClientEndpointBridge`; botocore/session.py, `get_available_regions`).
A client of a service without data cannot be made.
"""

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from lambda_slim.base.files import read_regular
from lambda_slim.formats.json_text import load_table
from lambda_slim.formats.tables import as_table
from lambda_slim.knowledge.aws import service_of
from lambda_slim.model.decision import Plan
from lambda_slim.model.file import File

_DESCRIPTION = re.compile(r"service-2\.json(?:\.gz)?")
_LARGEST = 64 * 1024**2  # bytes of a description
_NAMES = ("endpointPrefix", "signingName")
_LIST = "botocore/data/endpoints.json"


@dataclass(frozen=True, slots=True)
class Cut:
    """Package paths of lists of endpoints that are cut, and the names of services that stay in them."""

    paths: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def cut_in(plan: Plan) -> Cut:
    """The lists of a package that are cut, and the keys that clients of the shipped services look up in them.

    A list stays as it is where the data of all services ships, where the user keeps it, and where a description is not
    understood.
    """
    lists = [decision for decision in plan.decisions if decision.verdict.keep and decision.file.installed_path == _LIST]
    left_out = any(decision.verdict.rule == "services" for decision in plan.dropped)
    paths = frozenset(decision.file.path for decision in lists if decision.verdict.rule != "keep")
    names = _looked_up(plan.kept) if paths and left_out else frozenset()
    return Cut(paths, names) if names else Cut()


def _looked_up(kept: Iterable[File]) -> frozenset[str]:
    """Prefixes, signing names and names of services; empty where a description is not understood."""
    names = set()
    for file in filter(_describes, kept):
        metadata = _metadata(file)
        if "endpointPrefix" not in metadata:
            return frozenset()
        names |= {service_of(file.installed_path), *map(metadata.get, _NAMES)}
    return frozenset(filter(None, names))


def _describes(file: File) -> bool:
    """Whether a file is the description of a service."""
    return bool(service_of(file.installed_path) and _DESCRIPTION.fullmatch(PurePosixPath(file.path).name))


def _metadata(file: File) -> dict[str, str]:
    """What a service's description says of itself; empty where it cannot be read."""
    try:
        data = read_regular(file.source, _LARGEST)
        text = gzip.decompress(data) if file.path.endswith(".gz") else data
    except (OSError, EOFError):
        return {}
    table = load_table(text).get("metadata")
    return {str(key): str(value) for key, value in as_table(table).items()}


def cut_endpoints(data: bytes, names: Iterable[str]) -> bytes:
    """The list with these services alone, everything else as it was; `data` itself where it has another form."""
    wanted = frozenset(names)
    table = load_table(data)
    partitions = table.get("partitions")
    if table.get("version") != 3 or not isinstance(partitions, list):
        return data
    for partition in partitions:
        services = as_table(partition).get("services")
        if not isinstance(services, dict):
            return data
        partition["services"] = {name: row for name, row in services.items() if name in wanted}
    return json.dumps(table, separators=(",", ":")).encode()
