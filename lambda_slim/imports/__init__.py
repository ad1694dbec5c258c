"""Which modules can the handler reach? Static, over first-party and third-party code; unknown stays.

See docs/reach.md. `records` has the graph, `scan` reads one file into `facts` that do not depend on where it lives,
`store` keeps those by content, `link` turns them into edges, `walk` follows them.
"""

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.records import Edge, How, Imports, Module, Reach, Unresolved
from lambda_slim.imports.services import AwsServices, services
from lambda_slim.imports.walk import at_init, chain, filtered, in_use, named_modules, reach

__all__ = [
    "AwsServices",
    "Edge",
    "How",
    "Imports",
    "Module",
    "Reach",
    "Unresolved",
    "at_init",
    "chain",
    "filtered",
    "in_use",
    "named_modules",
    "reach",
    "read_imports",
    "services",
]
