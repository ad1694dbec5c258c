"""Which AWS services does reached code ask botocore for?"""

from collections.abc import Iterable
from dataclasses import dataclass

from lambda_slim.model.imports import Imports, Reach, Unresolved

# These hand on the name that their callers give.
_FORWARDING = frozenset({"boto3", "botocore", "aioboto3", "aiobotocore", "s3transfer", "aws_xray_sdk"})


@dataclass(frozen=True, slots=True)
class AwsServices:
    """The services that reached code names.

    Attributes:
        names: Literal names given to `client()`, `resource()` and their kin; some may be no service at all.
        dynamic: Calls whose service is only known at run time; any at all means that every service stays.
        users: The modules that name each service, sorted.
    """

    names: frozenset[str]
    dynamic: tuple[Unresolved, ...]
    users: tuple[tuple[str, tuple[str, ...]], ...] = ()


def services(imports: Imports, reached: Reach | Iterable[str]) -> AwsServices:
    """The services named in reached first- and third-party code."""
    modules = reached.modules if isinstance(reached, Reach) else frozenset(reached)
    users: dict[str, set[str]] = {}
    dynamic: set[Unresolved] = set()
    for module in sorted(modules):
        clients = imports.services.get(module)
        if clients is None:
            continue
        for name in clients.names:
            users.setdefault(name, set()).add(module)
        if module.partition(".")[0] not in _FORWARDING:
            dynamic.update(clients.dynamic)
    rows = tuple((name, tuple(sorted(users[name]))) for name in sorted(users))
    return AwsServices(frozenset(users), tuple(sorted(dynamic, key=lambda u: (u.path, u.line))), rows)
