"""Everything that a rule may look at when it judges a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Reach
from lambda_slim.model.knowledge import Junk, Recipe
from lambda_slim.model.settings import Settings
from lambda_slim.model.trace import Trace


@dataclass(frozen=True, slots=True)
class SdkUse:
    """What the runtime could give in place of the project's own.

    Attributes:
        parts: The SDK and the distributions that only it brings, which the runtime has too; empty without an SDK.
        needed: Why they ship all the same, as one clause; "" where they can all go.
        declared: `boto3 1.44.8` of each part that the project names itself: the runtime has a version of its own.
    """

    parts: frozenset[str] = frozenset()
    needed: str = ""
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for one function's plan. All paths are package paths.

    Attributes:
        reach: From the handler, over everything that could ship.
        ignore_lines: The lines of `.lambdaslimignore`.
        junk: Files that look like junk, to its kind: candidates, not verdicts.
        secrets: Files that look secret, to the reason.
        live: Files of modules that would still be imported if no candidate were (what "nothing kept imports it" means).
        named: Names of junk candidates that live third-party code mentions in a string, by distribution.
        mentioned: Words of the string literals in first-party code: file and folder names it may read.
        libraries: Shared libraries that are not modules, to whether a kept library links to them.
        foreign: Programs and libraries made for another system or processor, to its name.
        idle_gpu: Libraries for a GPU that nothing links to.
        recipes: What is known of the distributions that are installed.
        read_sources: Modules' files that are opened as text at run time, so the source must travel beside its bytecode.
        module_of: A module's file to its name.
        asked: Data in folders for documents or examples, which live modules of their distribution name.
        beside: Data in folders without a module that ships, which modules that do ship name.
        told: Where own code opens a file of the package by a path that it is told whole, `src/app.py:7`.
        margin: Files that the safety margin of level trace adds to what was seen.
        whole: Distributions that own code leads to on paths that no run took, and of which no run loaded anything.
        unrun: Distributions that own functions use which no run entered.
        service_names: AWS services that reached code names, whether all are known or not.
        sdk: What the runtime's AWS SDK could take the place of.
        services: AWS services that the code names; None where a name is only known at run time.
        trace: None when nothing was traced.
        in_layers: Distributions that layers of the function hold, file for file.
        restored: Files that a failed proof has brought back, to the reason.
    """

    function: Function
    settings: Settings
    resolution: Resolution
    inventory: Inventory
    imports: Imports
    reach: Reach
    ignore_lines: tuple[str, ...] = ()
    junk: Mapping[str, Junk] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    live: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    libraries: Mapping[str, bool] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    idle_gpu: frozenset[str] = frozenset()
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    read_sources: frozenset[str] = frozenset()
    module_of: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    told: str = ""
    margin: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    unrun: frozenset[str] = frozenset()
    service_names: frozenset[str] = frozenset()
    services: frozenset[str] | None = frozenset()
    sdk: SdkUse = field(default_factory=SdkUse)
    trace: Trace | None = None
    in_layers: frozenset[str] = frozenset()
    restored: Mapping[str, str] = field(default_factory=dict)
