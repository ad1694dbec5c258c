"""Everything that a rule may look at when it judges a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Reach
from lambda_slim.model.knowledge import Junk, Recipe
from lambda_slim.model.settings import Level, Settings
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
class PlanInputs:
    """What a function's plan is made from.

    Attributes:
        function: As found.
        settings: With the function's own table applied.
        resolution: Its dependency tree.
        inventory: Every file that could ship.
        imports: Their import graph.
        recipes: What is known of the distributions that are installed.
        ignore_lines: The lines of `.lambdaslimignore`.
        trace: What runs of the handler touched; None when nothing was traced.
        restored: Files that failed proofs have brought back, to the reason.
    """

    function: Function
    settings: Settings
    resolution: Resolution
    inventory: Inventory
    imports: Imports
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    ignore_lines: tuple[str, ...] = ()
    trace: Trace | None = None
    restored: Mapping[str, str] = field(default_factory=dict)

    @property
    def traced(self) -> bool:
        """Whether a trace decides what ships."""
        return self.settings.level is Level.TRACE and self.trace is not None


@dataclass(frozen=True, slots=True)
class CodeEvidence:
    """What the import graph says.

    Attributes:
        live: Files of modules that would still be imported if no junk candidate were.
        services: AWS services that the code names; None where a name is only known at run time.
        service_names: AWS services that reached code names, whether all are known or not.
    """

    live: frozenset[str] = frozenset()
    services: frozenset[str] | None = frozenset()
    service_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """Which files the texts in sources name.

    Attributes:
        literals: Words of the string literals in first-party code: file and folder names it may read.
        junk_names: Names of junk candidates that live third-party code mentions in a string, by distribution.
        referenced_junk: Data in folders for documents or examples, which live modules of their distribution name.
        referenced_data: Data in folders without a module that ships, which modules that do ship name.
        languages: Languages whose catalogs a Django project may load; None where that is not known.
        dynamic_path: Where first-party code opens a path that it gets at run time, `src/app.py:7`; "" for nowhere.
    """

    literals: frozenset[str] = frozenset()
    junk_names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    referenced_junk: frozenset[str] = frozenset()
    referenced_data: frozenset[str] = frozenset()
    dynamic_path: str = ""
    languages: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TraceEvidence:
    """What must ship although no traced run used it; empty without a trace.

    Attributes:
        margin: Files that the safety margin of level trace adds to what was seen.
        unvisited: Distributions that first-party code imports only on paths that no run took.
        uncovered: Distributions that first-party functions use which no run entered.
    """

    margin: frozenset[str] = frozenset()
    unvisited: frozenset[str] = frozenset()
    uncovered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """What the files are, by their names and contents.

    Attributes:
        junk: Files that look like junk, to its kind: candidates, not verdicts.
        secrets: Files that look secret, to the reason.
        libraries: Shared libraries that are not modules, to whether a kept library links to them.
        wrong_platform: Programs and libraries made for another system or processor, to its name.
        idle_gpu: Libraries for a GPU that nothing links to.
        read_sources: Modules' files that are opened as text at run time, so the source must travel beside its bytecode.
        in_layers: Distributions that layers of the function hold, file for file.
    """

    junk: Mapping[str, Junk] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, bool] = field(default_factory=dict)
    wrong_platform: Mapping[str, str] = field(default_factory=dict)
    idle_gpu: frozenset[str] = frozenset()
    read_sources: frozenset[str] = frozenset()
    in_layers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(PlanInputs):
    """The evidence for one function's plan. All paths are package paths.

    `imports` is the graph without what junk candidates name that nothing reads.

    Attributes:
        reach: From the handler, over everything that could ship.
        module_of: A module's file to its name.
    """

    reach: Reach
    module_of: Mapping[str, str] = field(default_factory=dict)
    code: CodeEvidence = field(default_factory=CodeEvidence)
    texts: TextEvidence = field(default_factory=TextEvidence)
    unseen: TraceEvidence = field(default_factory=TraceEvidence)
    files: FileEvidence = field(default_factory=FileEvidence)
    sdk: SdkUse = field(default_factory=SdkUse)
