"""What the packages of several functions have in common, and new plans for a split or a layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.rows import total_size
from lambda_slim.model.file import FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.report import PROJECT, FunctionReport
from lambda_slim.model.settings import Settings
from lambda_slim.model.sharing import LayerProposal, Sharing, Split
from lambda_slim.model.trace import Trace
from lambda_slim.plan.sharing import SharedItem, Side, Unneeded, compare, is_worth, propose_layer, spare_of
from lambda_slim.tasks.prepare import Planned, Shared, plan_function, replan

_CODE = frozenset({FileKind.SOURCE.value, FileKind.BYTECODE.value, FileKind.LIBRARY.value})
_MOST = 10  # functions of which a split is planned


@dataclass(frozen=True, slots=True)
class Plans:
    """How the functions of a run are planned again.

    Attributes:
        functions: Of the project.
        settings: As the run had them.
        shared: What the run has read.
        trace: By which it decided.
    """

    functions: Sequence[Function]
    settings: Settings
    shared: Shared = field(default_factory=Shared)
    trace: Trace | None = None
    progress: Progress = silent

    def of(self, report: FunctionReport) -> Planned:
        """The plan that a report is of: with the files that its proof brought back."""
        function = next(function for function in self.functions if function.name == report.name)
        planned = plan_function(function, self.settings, self.progress, trace=self.trace, shared=self.shared)
        restored = {row.path: row.why for row in report.files if row.rule == "restored"}
        return replan(planned, restored) if restored else planned


def sharing_of(functions: Sequence[FunctionReport], plans: Plans | None, *, layer: bool = False) -> Sharing | None:
    """What several functions have in common; None for a single one.

    Args:
        functions: With their files.
        plans: For what a split or a layer would bring, which is not told without them.
        layer: Whether to look for a layer to share, for which the files must be as they ship.

    Raises:
        SlimError: files of the project have changed meanwhile.
    """
    if len(functions) < 2:
        return None
    sides = [_side(function) for function in functions]
    if plans is None:
        return Sharing(compare(sides))
    spares = spare_of(sides)
    most = sorted(spares, key=lambda name: (-spares[name].bytes, name))[:_MOST]
    splits = tuple(split_of(row.name, plans.of(row), spares[row.name]) for row in functions if row.name in most)
    proposal = propose_layer(sides) if layer else None
    return Sharing(compare(sides), splits, _planned_layer(proposal, functions, plans) if proposal else None)


def layer_for(functions: Sequence[FunctionReport]) -> LayerProposal | None:
    """The layer that promises to save most; the true saving has to be planned or built."""
    return propose_layer([_side(function) for function in functions]) if len(functions) > 1 else None


def split_of(name: str, planned: Planned, spare: Unneeded) -> Split:
    """A function's plan, and its plan in a project without what only other functions need."""
    # Loaded here: an unchanged build decides nothing.
    from lambda_slim.tasks.frees import plan_without

    apart = plan_without(planned, spare.distributions, spare.paths)
    full, slim = _bytes(planned)
    full_apart, slim_apart = _bytes(apart)
    return Split(name, full, full - full_apart, slim, max(0, slim - slim_apart))


def plan_with_layer(planned: Planned, distributions: frozenset[str]) -> Planned:
    """The plan of a function that has some distributions at /opt."""
    from lambda_slim.plan.decide import decide

    files = replace(planned.facts.files, in_layers=planned.facts.files.in_layers | distributions)
    facts = replace(planned.facts, files=files)
    return replace(planned, facts=facts, plan=decide(facts))


def _bytes(planned: Planned) -> tuple[int, int]:
    """Unzipped bytes of all files that could ship, and of those that do."""
    return total_size(planned.inventory.files), total_size(planned.plan.kept)


def _planned_layer(proposal: LayerProposal, functions: Sequence[FunctionReport], plans: Plans) -> LayerProposal | None:
    """The proposal with what leaves each zip by a plan with the layer; None where that is too little."""
    names = frozenset(label.rpartition(" ")[0] for label in proposal.distributions)
    rows = [row for row in functions if row.name in proposal.functions]
    leaves = {row.name: _leaving(row, plans.of(row), names) for row in rows}
    apart = sum(leaves.values())
    weight = sum(row.zipped_bytes for report in rows for row in report.files)
    if not is_worth(apart - proposal.zipped_bytes, weight):
        return None
    return replace(proposal, apart_zipped_bytes=apart)


def _leaving(report: FunctionReport, planned: Planned, names: frozenset[str]) -> int:
    """Zipped bytes that leave a function's zip with a layer."""
    rest = plan_with_layer(planned, names).plan.kept_paths
    return sum(row.zipped_bytes for row in report.shipped if row.path not in rest)


def _side(function: FunctionReport) -> Side:
    versions: Mapping[str, str] = {row.name: row.version for row in function.distributions}
    items = tuple(
        SharedItem(
            row.path,
            "" if row.distribution == PROJECT else row.distribution,
            versions.get(row.distribution, ""),
            row.bytes,
            row.zipped_bytes,
            row.kind in _CODE,
            row.decision == "kept",
            row.reached,
        )
        for row in function.files
    )
    return Side(function.name, f"{function.runtime} {function.architecture}", items)
