"""What a recipe in `knowledge/packages/` says of the files of a distribution."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from lambda_slim.base.package_paths import nearest
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.knowledge import AppliesAt, Drop, Keep, Recipe
from lambda_slim.model.settings import Level, Margin


def judge(evidence: Evidence) -> Judge:
    """Keeps and drops what recipes name. A drop does not hold where a reached module needs the files.

    A drop is void where a module that needs the files is reached. A keep is void, above level safe, where no module of
    the distribution is reached, and at level trace where none was seen of the package that the files lie in; unless
    there is nothing but data (tzdata).
    """
    settings = evidence.settings
    above_safe = settings.level is not Level.SAFE
    # At level trace without a margin what was seen takes the place of what we know to be read.
    keeps = settings.level is not Level.TRACE or settings.margin is not Margin.NONE
    idle = _idle(evidence) if above_safe else frozenset()
    unseen = _unseen(evidence)
    drops = {name: _active_drops(recipe, evidence) for name, recipe in evidence.recipes.items()}
    loaded = frozenset(chain.from_iterable(map(_with_parents, evidence.reach.modules)))

    def opinion(file: File) -> Verdict | None:
        if file.owner == FIRST_PARTY or file.owner not in drops:
            return None
        holds = keeps and file.owner not in idle and not unseen(file.path)
        entries = evidence.recipes[file.owner].keep if holds else ()
        holding = [drop for drop in drops[file.owner] if drop.package_of(file.installed_path) not in loaded]
        return _first(entries, file, keep=True) or _first(holding, file, keep=False)

    return opinion


def _with_parents(module: str) -> Iterator[str]:
    """A module and the packages that it lies in."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def _active_drops(recipe: Recipe, evidence: Evidence) -> list[Drop]:
    """The drops of a recipe that hold at this level and that no reached module makes void."""
    above_safe = evidence.settings.level is not Level.SAFE
    # At level safe everything importable ships, so every `unless` must be taken as reached.
    reached = evidence.reach.modules if above_safe else frozenset(evidence.imports.modules)
    at_level = [drop for drop in recipe.drop if above_safe or drop.level is AppliesAt.SAFE]
    return [drop for drop in at_level if not drop.blocked(reached)]


def _idle(evidence: Evidence) -> frozenset[str]:
    """Distributions with modules of which none is reached."""
    files = evidence.inventory.files
    code = {file.owner for file in files if file.path in evidence.module_of and not file.path.endswith("/__init__.py")}
    return frozenset(code - {file.owner for file in files if file.path in evidence.reach.files})


def _unseen(evidence: Evidence) -> Callable[[str], bool]:
    """Whether a traced run saw no module of the innermost folder with modules that a file lies in."""
    trace = evidence.trace
    if trace is None or evidence.settings.level is not Level.TRACE:
        return lambda _: False
    coded = {path.rpartition("/")[0] for path in evidence.module_of if not path.endswith("/__init__.py")}
    seen = {path.rpartition("/")[0] for path in trace.modules.values()}

    def unseen(path: str) -> bool:
        place = nearest(path, coded)
        return bool(place) and place not in seen

    return unseen


def _first(entries: Iterable[Keep | Drop], file: File, *, keep: bool) -> Verdict | None:
    """The verdict of the first entry of a recipe that names a file; None where none does."""
    for entry in entries:
        if entry.matches(file.installed_path):
            return Verdict(keep=keep, rule=f"recipe:{file.owner}", why=entry.why)
    return None
