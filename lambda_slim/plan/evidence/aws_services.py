"""Which AWS services does reached code name?"""

from lambda_slim.imports.services import services
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Imports, Reach


def find_services(imports: Imports, reached: Reach) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The AWS services that reachable code names, or None where a name is only known at run time; and all names.

    A project that imports the SDK and names no service gets the name, or a client, from elsewhere. That is as good as
    a name that is only known at run time.
    """
    named = services(imports, reached)
    open_ended = bool(named.dynamic) or _names_elsewhere(imports, reached)
    return None if open_ended else named.names, named.names


def _names_elsewhere(imports: Imports, reached: Reach) -> bool:
    """Whether first-party code imports the SDK and names no service itself."""
    own = [name for name in reached.modules if imports.modules[name].owner == FIRST_PARTY]
    clients = filter(None, map(imports.services.get, own))
    if any(client.names for client in clients):
        return False
    entrances = load_aws().entrances
    return any(edge.target in entrances for name in own for edge in imports.edges.get(name, ()))
