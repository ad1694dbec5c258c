"""The likely cause of a missing module: a declaration that is not read, another name, a newer Python."""

import re
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.text import clause, shown_place
from lambda_slim.formats.names import normalise
from lambda_slim.knowledge.modules import (
    changed_modules,
    changed_names,
    distribution_of,
    foreign_modules,
    is_no_submodule,
)
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.function import Function
from lambda_slim.plan.starts.declarations import Mention, declarations


class Nearest:
    """Hints on missing modules of one function.

    Args:
        function: As found.
        resolution: What is installed.
        root: The project's folder; declarations above it are none of its.
    """

    def __init__(self, function: Function, resolution: Resolution, root: Path) -> None:
        self.function = function
        self.installed = {distribution.name for distribution in resolution.distributions}
        self.root = root
        self._declared: tuple[Mention, ...] | None = None

    @property
    def declared(self) -> tuple[Mention, ...]:
        """What the files of the project name, read once and only when something is missing."""
        if self._declared is None:
            read = self.function.requirements.path if self.function.requirements else None
            artifact = self.function.artifact is not None
            self._declared = () if artifact else declarations(self.function.source, self.root, read)
        return self._declared

    def hint(self, name: str) -> str:
        """What to do about a missing module."""
        return (
            self._standard(name) or self._declaration(name) or self._itself(name) or self._near(name) or self._add(name)
        )

    def _itself(self, name: str) -> str:
        """Of the folder whose content is the package, or of one above it: in the package it is not there."""
        top, source = name.partition(".")[0], self.function.source
        above = next((folder for folder in (source, *source.parents) if folder.name == top), None)
        if self.function.artifact is not None or above is None or self.root not in (above, *above.parents):
            return ""
        where = "" if above == source else f" below {source.name}/"
        return (
            f"`{top}` is the code folder itself, and the package has its content{where} at the root: "
            f"import without `{top}.`, or deploy the folder above"
        )

    def _standard(self, name: str) -> str:
        top = name.partition(".")[0]
        if system := foreign_modules().get(top):
            return f"only Python for {system} has `{top}`; import it behind `if sys.platform == ...`"
        change = changed_modules().get(name) or changed_modules().get(top)
        if change is None:
            return self._no_submodule(name)
        instead = clause("; instead: {}", change.instead)
        if change.since:
            return f"the standard library has it since Python {_shown(change.since)}{instead}"
        return f"it left the standard library in Python {_shown(change.until)}{instead}"

    def _no_submodule(self, name: str) -> str:
        if not is_no_submodule(name, self.function.target.runtime.version):
            return ""
        package, _, last = name.rpartition(".")
        return f"`{package}` has no such module; `from {package} import {last}` imports what it has"

    def _declaration(self, name: str) -> str:
        wanted = self._wanted(name)
        rows = [row for row in self.declared if row.name in wanted]
        best = min(rows, key=lambda row: (not row.read, bool(row.group)), default=None)
        if best is None:
            return ""
        place = shown_place(best.file, best.line)
        if best.read and best.marker:
            return f"{place} asks for it only where `{best.marker}`, which does not hold for the target"
        if best.group:
            return f"{place} declares it only in {best.group}; move it to the dependencies that ship"
        if best.read:
            return self._without_it(best, place)
        return f"{place} names it, but {self._instead(best.file)}"

    def _without_it(self, declared: Mention, place: str) -> str:
        """A hint for a distribution that is declared in the right file: it lacks the module, or it is not locked."""
        if declared.name in {normalise(name) for name in self.installed}:
            return _version_without(declared.name)
        read = self.function.requirements
        if read is None:
            return f"{place} declares it, but it is not installed; lock again"
        if read.path.name == Path(declared.file).name:
            return f"{place} declares what may have it, and what was installed for that has no such module"
        return f"{place} declares it, but {read.path.name} does not have it; lock again"

    def _instead(self, file: str) -> str:
        """What is read in place of a file, and how a requirements file of another name is read."""
        if read := self.function.requirements:
            return f"dependencies are read from {read.path.name}"
        usual = "dependencies are read from requirements.txt, pyproject.toml and locks"
        named = f'; to read it, set requirements = "{file}" in [functions.{self.function.name}]'
        return usual + (named if file.endswith((".txt", ".in")) else "")

    def _wanted(self, name: str) -> frozenset[str]:
        """Normalised names of distributions that may have a module."""
        known, top = distribution_of(name), name.partition(".")[0]
        names = {known, top, name.replace(".", "-"), f"{known}-binary", known.removesuffix("-binary")}
        return frozenset(map(normalise, names))

    def _near(self, name: str) -> str:
        if distribution_of(name) or "." in name:
            return ""
        names = {*self.installed, *(row.name for row in self.declared), *self._own()}
        near = get_close_matches(normalise(name), sorted(names), 1, 0.8)
        return f"did you mean `{near[0].replace('-', '_')}`?" if near and near[0] != normalise(name) else ""

    def _own(self) -> set[str]:
        return {path.stem for path in self.function.source.glob("*.py")}

    def _add(self, name: str) -> str:
        distribution = distribution_of(name)
        called = f"the import is {name}, the distribution {distribution}: " if distribution else ""
        add = distribution or name.partition(".")[0]
        if self.function.artifact is not None:
            return f"{called}install {add} into the package, or add a layer that has it"
        read = self.function.requirements
        if read is None:
            return f"{called}no requirements file was found; write {add} into requirements.txt, or add a layer"
        return f"{called}{read.path.name} does not include it; add {add}, or a layer that has it"

    def name_hint(self, module: str, name: str, owner: str | None) -> str:
        """What to do about a name that a module lacks; `owner` is None where no distribution here has the module."""
        change = changed_names().get((module, name)) or changed_modules().get(f"{module}.{name}")
        if change is not None:
            instead = clause("; instead: {}", change.instead)
            if change.since and self.function.target.runtime.version < change.since:
                return f"Python {_shown(change.since)} brought it{instead}"
            return f"Python {_shown(change.until)} took it out{instead}"
        if owner:
            hint = self._declaration(f"{module}.{name}") if distribution_of(f"{module}.{name}") else ""
            return hint or _version_without(owner)
        return "check the spelling, and which names the module binds"

    def metadata_hint(self, name: str) -> str:
        """What to do about metadata that is missing."""
        if any(row.name == normalise(name) and row.project == "itself" for row in self.declared):
            return "its version is not written in pyproject.toml; write it there, or add `.` to the requirements"
        return f"add {name} to the requirements, or catch PackageNotFoundError"


def _shown(version: tuple[int, int] | None) -> str:
    return re.sub(r"[(), ]+", ".", str(version or "")).strip(".")


def _version_without(distribution: str) -> str:
    return f"{distribution} is installed in a version without it; pin one that has it, or change the import"
