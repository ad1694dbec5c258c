"""Everything a rule may look at when it judges a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_slim.imports import Imports, Reach
from lambda_slim.inventory import Inventory
from lambda_slim.project import Function
from lambda_slim.resolve import Resolution
from lambda_slim.settings import Settings
from lambda_slim.trace import Trace


@dataclass(frozen=True, slots=True)
class Facts:
    """The evidence for one function's plan.

    Attributes:
        reach: From the handler, over everything that could ship.
        live: Modules that anything not itself a candidate for removal imports (what "nothing kept imports it" means).
        trace: None when nothing was traced.
        restored: Package paths that a failed proof has brought back, to the reason.
    """

    function: Function
    settings: Settings
    resolution: Resolution
    inventory: Inventory
    imports: Imports
    reach: Reach
    trace: Trace | None = None
    restored: Mapping[str, str] = field(default_factory=dict)
