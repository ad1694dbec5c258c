"""The AWS services that the source of a module names."""

from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, COMPUTED, PARAMETER
from lambda_slim.model.imports import Clients, Module, Unresolved

_SDK_WORDS = ("boto", "session", "aws")


def clients_of(module: Module, lookups: Lookups) -> Clients:
    """The AWS services that a module's source names, and the calls whose service is only known at run time."""
    facts = lookups.exports.facts(module)
    names: set[str] = set()
    dynamic: list[Unresolved] = []
    for call in facts.services:
        services, told = _services(module, call, lookups)
        names |= services
        if not told and _makes_clients(facts, call):
            dynamic.append(Unresolved(module.path, call.line, call.expression, "botocore/data"))
    return Clients(frozenset(names), tuple(dynamic))


def _services(module: Module, call: f.Service, lookups: Lookups) -> tuple[set[str], bool]:
    """The services that a call could name, and whether those are all."""
    if call.origin == COMPUTED:
        constant = lookups.constants.first_argument(module, call)
        if constant:
            return {constant}, True
    services = {pattern for pattern in call.patterns if ANY not in pattern}
    if call.origin != PARAMETER:
        return services, not call.origin
    given, told = lookups.helpers.arguments(module.owner, call.function)
    return services | given, told


def _makes_clients(facts: f.SourceFacts, call: f.Service) -> bool:
    """Whether a call of `client`, `resource` … on something is one of botocore's."""
    method = call.method.lower()
    if any(word in method for word in _SDK_WORDS):
        return True
    return any("boto" in statement.module.partition(".")[0] for statement in facts.imports)
