"""Does a full package that fails here fail on Lambda too?"""

import re

from lambda_slim.model.package_report import Proof

_CODE = re.compile(r"\b(?:ImportModule|ModuleNotFound|Import|Syntax|Name)Error\b|\bHandlerNotFound\b")
# How INIT ends where something is not here that Lambda has: a variable, a service, a file of a layer or of EFS.
_ELSEWHERE = re.compile(
    r"""KeyError:\ '[A-Z][A-Z0-9_]*'|NoneType|'/(?:opt|mnt|efs)/|
    ClientError|NoCredentials|EndpointConnection|ConnectionError|OperationalError|
    (?i:Error:\ .*\b(?:environ|env|variables?|settings?|configur\w*|credentials?|region|endpoints?|connect\w*|resol\w*|
    timed?\ ?out|getaddrinfo|network|socket|host|proxy|ssl|tls|required|validation\ errors?|
    (?:not|must\ be|un)[ -]?(?:set|defined|provided|configured))\b)""",
    re.VERBOSE,
)


def fails_anywhere(proof: Proof, *, layers_here: bool = True) -> bool:
    """Whether INIT of the full package failed, and nothing says that it misses what only Lambda has.

    Args:
        proof: The proof.
        layers_here: Whether all layers lie on this machine; else one of them may have a module that is missing.
    """
    if proof.result != "does-not-start":
        return False
    told = proof.notes[0]
    if not layers_here and "No module named" in told:
        return False
    elsewhere = _ELSEWHERE.search(told) or any(note.startswith("it asked for ") for note in proof.notes)
    return _CODE.search(told) is not None or not elsewhere
