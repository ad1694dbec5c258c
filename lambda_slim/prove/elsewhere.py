"""Does a full package that fails here fail on Lambda too?"""

import re

from lambda_slim.model.package_report import Proof

_CODE = re.compile(r"\b(?:ImportModule|ModuleNotFound|Import|Syntax|Name)Error\b|\bHandlerNotFound\b")
# How INIT ends where something is not here that Lambda has: a variable, a service, a file of a layer or of EFS.
_ELSEWHERE = re.compile(
    r"""KeyError:\ '(?:AWS)?_[A-Z0-9_]*'|NoneType|'/(?:opt|mnt|efs)/|
    ClientError|NoCredentials|EndpointConnection|ConnectionError|OperationalError|
    (?i:Error:\ .*\b(?:environ|env|variables?|settings?|configur\w*|credentials?|region|endpoints?|connect\w*|resol\w*|
    timed?\ ?out|getaddrinfo|network|socket|host|proxy|ssl|tls|required|validation\ errors?|
    (?:not|must\ be|un)[ -]?(?:set|defined|provided|configured))\b)""",
    re.VERBOSE,
)
_VARIABLE = re.compile(r"\bKeyError: '(?!AWS_|_)([A-Z][A-Z0-9_]*)'")


def missing_variable(error: str) -> str:
    """The variable of the environment that an error seems to miss: `KeyError: 'TABLE'`; "" for other errors."""
    found = _VARIABLE.search(error)
    return found[1] if found else ""


def variable_hint(function: str, error: str) -> str:
    """How to set the variable that an error of a function here seems to miss; "" for other errors."""
    name = missing_variable(error)
    return name and f'for runs here, set environment = {{ {name} = "…" }} in [functions.{function}] of lambda-slim.toml'


def fails_anywhere(proof: Proof, *, layers_here: bool = True, variables_here: bool = False) -> bool:
    """Whether INIT of the full package failed, and nothing says that it misses what only Lambda has.

    Args:
        proof: The proof.
        layers_here: Whether all layers lie on this machine; else one of them may have a module that is missing.
        variables_here: Whether the run had all variables of the environment that the function has on Lambda.
    """
    if proof.result != "does-not-start":
        return False
    told = proof.notes[0]
    if not layers_here and "No module named" in told:
        return False
    if missing_variable(told) and not variables_here:
        return False
    elsewhere = _ELSEWHERE.search(told) or any(note.startswith("it asked for ") for note in proof.notes)
    return _CODE.search(told) is not None or not elsewhere
