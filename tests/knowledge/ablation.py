"""What each entry of a recipe is good for: the package is planned without it, and the proof is run over that.

`python -m tests.knowledge.ablation [NAME …]` prints one line for every entry of the recipes named (all by default).
"""

import contextlib
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lambda_slim.bundle.layout import lay_members
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.knowledge.recipes import load_recipes
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.knowledge import AppliesAt, Drop, Recipe, Risk
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.prepare import Planned, Prepared, Shared, plan_prepared, prepare
from lambda_slim.tasks.shape_function import shape_function
from tests.knowledge.harness import Proof, load_proof, run_proof, write_project


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a recipe.

    Attributes:
        label: `distribution: key name`, as the pins of a proof give it.
        drop: For entries that drop files.
        level: The level of a build that shows what it does.
        bytecode: Likewise.
        without: The recipe without it.
    """

    label: str
    without: Recipe
    drop: Drop | None = None
    level: str = "reach"
    bytecode: str = "none"


_ANY = Drop(("*",), "", Risk.SAFE, "")  # without the entry any file may ship that did not


def entries(recipe: Recipe) -> Iterator[Entry]:
    """The entries of a recipe, in its order."""
    name = recipe.distribution
    for hidden in recipe.hidden:
        rest = tuple(part for part in recipe.hidden if part is not hidden)
        yield Entry(f"{name}: hidden {hidden.module}", replace(recipe, hidden=rest))
    for named in recipe.named:
        rest = tuple(part for part in recipe.named if part is not named)
        yield Entry(f"{name}: named {named.modules[0]}", replace(recipe, named=rest), drop=_ANY)
    for keep in recipe.keep:
        rest = tuple(part for part in recipe.keep if part is not keep)
        yield Entry(f"{name}: keep {keep.match[0]}", replace(recipe, keep=rest))
    for drop in recipe.drop:
        rest = tuple(part for part in recipe.drop if part is not drop)
        level = "safe" if drop.level is AppliesAt.SAFE else "reach"
        yield Entry(f"{name}: drop {drop.match[0]}", replace(recipe, drop=rest), drop, level)
    for module in recipe.reads_source:
        rest = tuple(part for part in recipe.reads_source if part != module)
        yield Entry(f"{name}: reads_source {module}", replace(recipe, reads_source=rest), bytecode="only")


class Bench:
    """One proof's project, prepared once and planned with one set of recipes or another."""

    def __init__(self, proof: Proof, folder: Path, interpreter: Path) -> None:
        self.proof, self.folder, self.interpreter = proof, folder, interpreter
        write_project(folder / "project", proof)
        self._prepared: dict[tuple[str, str], Prepared] = {}

    def prepared(self, level: str, bytecode: str) -> Prepared:
        """The project's files, at a level."""
        key = level, bytecode
        if key not in self._prepared:
            overrides = {"level": level, "bytecode": bytecode, "interpreter": self.interpreter}
            settings = load(self.folder / "project", overrides=overrides)
            function = find_project(self.folder / "project", settings).functions[0]
            self._prepared[key] = prepare(function, settings)
        return self._prepared[key]

    def recipes(self) -> Mapping[str, Recipe]:
        """Those of what is installed."""
        installed = self.prepared("reach", "none").resolution.distributions
        return load_recipes(distribution.name for distribution in installed)

    def plan(self, recipes: Mapping[str, Recipe], level: str = "reach", bytecode: str = "none") -> Planned:
        """A decision for every file, by these recipes."""
        prepared = replace(self.prepared(level, bytecode), shared=Shared())
        return plan_prepared(prepared, recipes=recipes)

    def fails(self, planned: Planned) -> str:
        """Why the proof does not hold on a package; "" where it does."""
        package, scratch = self.folder / "package", self.folder / "scratch"
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(package)
        package.mkdir()
        lay_members(shape_function(planned).members, package)
        return run_proof(self.interpreter, package, self.proof.code, scratch)


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking an entry away does.

    Attributes:
        missing: Files that no longer ship.
        added: Files that ship besides.
        failure: Why the proof then fails; "" where it holds.
    """

    missing: tuple[str, ...]
    added: tuple[str, ...]
    failure: str = ""

    def pins(self, entry: Entry) -> bool:
        """Whether the entry is needed: for files to keep, that the proof fails; to drop, that they then ship."""
        return bool(self.added) if entry.drop else bool(self.failure)


def effect(bench: Bench, entry: Entry, recipes: Mapping[str, Recipe]) -> Effect:
    """The package without an entry, against that with all."""
    name = entry.without.distribution
    full = bench.plan(recipes, entry.level, entry.bytecode)
    slim = bench.plan({**recipes, name: entry.without}, entry.level, entry.bytecode)
    before, after = ({member.path for member in planned.plan.kept} for planned in (full, slim))
    sources = full.facts.files.read_sources - slim.facts.files.read_sources if entry.bytecode == "only" else set()
    missing = tuple(sorted((before - after) | sources))
    added = tuple(sorted(path for path in after - before if entry.drop and entry.drop.matches(path)))
    failure = bench.fails(slim) if missing and not entry.drop else ""
    return Effect(missing, added, failure)


def report(name: str, recipe: Recipe, interpreter: Path) -> Iterator[str]:
    """One line for every entry of a recipe, by the proof of its own name."""
    with TemporaryDirectory() as folder:
        bench = Bench(load_proof(name), Path(folder), interpreter)
        for entry in entries(recipe):
            done = effect(bench, entry, bench.recipes())
            word = "needed" if done.pins(entry) else "weak" if done.missing or done.added else "idle"
            last = done.failure.splitlines()[-1][:120] if done.failure else ""
            counts = f"-{len(done.missing)} +{len(done.added)}"
            yield f"{word}\t{entry.label}\t{counts}\t{last}\t{done.missing or done.added}\n"


def main(names: list[str]) -> None:
    """The report on the recipes named, line by line as it is known; on all by default."""
    interpreter = find_interpreter(Target(runtimes()["python3.12"], "x86_64"), None)
    assert interpreter, "no Python 3.12 here"
    for name, recipe in load_recipes(names or None).items():
        for line in report(name, recipe, interpreter):
            sys.stdout.write(line)
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
