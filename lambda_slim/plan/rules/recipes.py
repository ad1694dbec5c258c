"""We know this distribution: what a recipe in `knowledge/packages/` says of the file."""

from collections.abc import Callable

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.knowledge import AppliesAt, Recipe
from lambda_slim.model.settings import Level, Margin
from lambda_slim.plan.rules.junk import folders


def judge(facts: Evidence) -> Judge:
    """Keeps and drops what recipes name.

    A drop is void where a module that needs the files is reached. A keep is void, above level safe, where no module of
    the distribution is reached, and at level trace where none was seen of the package that the files lie in; unless
    there is nothing but data (tzdata).
    """
    bold = facts.settings.level is not Level.SAFE
    # At level trace without a margin what was seen takes the place of what we know to be read.
    keeps = facts.settings.level is not Level.TRACE or facts.settings.margin is not Margin.NONE
    # At level safe everything importable ships, so every `unless` must be taken as reached.
    reached = facts.reach.modules if bold else frozenset(facts.imports.modules)
    idle = _idle(facts) if bold else frozenset()
    unseen = _unseen(facts)
    recipes = {
        name: (
            recipe,
            [drop for drop in recipe.drop if (bold or drop.level is AppliesAt.SAFE) and not drop.blocked(reached)],
        )
        for name, recipe in facts.recipes.items()
    }

    def opinion(file: File) -> Verdict | None:
        if file.owner == FIRST_PARTY or file.owner not in recipes:
            return None
        recipe, drops = recipes[file.owner]
        if keeps and file.owner not in idle and not unseen(file.path) and (found := _kept(recipe, file)):
            return found
        drop = next((one for one in drops if one.matches(file.installed_path)), None)
        return Verdict(keep=False, rule=f"recipe:{file.owner}", why=drop.why) if drop else None

    return opinion


def _idle(facts: Evidence) -> frozenset[str]:
    """Distributions with modules of which none is reached."""
    files = facts.inventory.files
    code = {file.owner for file in files if file.path in facts.module_of and not file.path.endswith("/__init__.py")}
    return frozenset(code - {file.owner for file in files if file.path in facts.reach.files})


def _unseen(facts: Evidence) -> Callable[[str], bool]:
    """Whether a traced run saw no module of the innermost folder with modules that a file lies in."""
    trace = facts.trace
    if trace is None or facts.settings.level is not Level.TRACE:
        return lambda _: False
    coded = {path.rpartition("/")[0] for path in facts.module_of if not path.endswith("/__init__.py")}
    seen = {path.rpartition("/")[0] for path in trace.modules.values()}

    def unseen(path: str) -> bool:
        place = next((folder for folder in reversed(folders(path)) if folder in coded), "")
        return bool(place) and place not in seen

    return unseen


def _kept(recipe: Recipe, file: File) -> Verdict | None:
    keep = next((one for one in recipe.keep if one.matches(file.installed_path)), None)
    return Verdict(keep=True, rule=f"recipe:{file.owner}", why=keep.why) if keep else None
