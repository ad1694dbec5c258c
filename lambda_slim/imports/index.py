"""The module names under which the files of a package can be imported, by the rules of Python's own finders."""

import mmap
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.imports import Module
from lambda_slim.model.member import UNZIPPED_LIMIT
from lambda_slim.model.target import Target

# A folder has one module of a name: its loaders ask for a package, then an extension, source, bytecode.
_EXTENSION, _SOURCE, _BYTECODE = 0, 1, 2
TEST_FOLDERS = frozenset({"tests", "test"})
_FOREIGN = re.compile(r"\.(?:cpython-\d+|cp\d+|pypy\d+|abi3|graalpy)[\w-]*$")


@dataclass(frozen=True, slots=True)
class Index:
    """The modules of a package.

    Attributes:
        modules: By dotted name.
        children: Names of direct submodules, by package (`""` for the top level), sorted.
        owned: Names of all modules, by distribution, sorted.
        sites: Folders that an import starts from beside the root, dotted: `vendored`.
    """

    modules: Mapping[str, Module]
    children: Mapping[str, tuple[str, ...]]
    owned: Mapping[str, tuple[str, ...]]
    sites: tuple[str, ...] = ()

    def in_tests(self, name: str) -> bool:
        """Whether a module is part of a test suite, by the folders it is in."""
        module = self.modules[name]
        return is_test(module.path + "/") or name.rpartition(".")[2] == "conftest"

    def below(self, package: str) -> Iterable[str]:
        """All modules inside a package, at any depth."""
        for child in self.children.get(package, ()):
            yield child
            yield from self.below(child)


def is_test(path: str) -> bool:
    """Whether a path lies in a folder that is a test suite by its name."""
    return not TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def index_modules(files: Sequence[File], target: Target) -> Index:
    """Indexes every file that an import could load on the target; other platforms' libraries are no modules."""
    candidates: dict[str, list[tuple[int, File, bool]]] = {}
    for file in files:
        if (named := module_of(file.installed_path, target)) and not is_plain_library(file):
            name, package, rank = named
            candidates.setdefault(name, []).append((rank, file, package))
    modules: dict[str, Module] = {}
    for name, rows in candidates.items():
        rows.sort(key=lambda row: (not row[2], row[0], row[1].path))
        _, file, package = rows[0]
        twins = tuple(row[1].path for row in rows[1:] if row[2] == package)
        modules[name] = Module(name, file.path, package, twins, file.owner)
    add_namespaces(modules)
    sites = {file.site.replace("/", ".") for file in files if file.site}
    return Index(modules, children_of(modules), owned_by(modules), tuple(sorted(sites)))


def is_plain_library(file: File) -> bool:
    """Whether an untagged `.so` has no `PyInit_` function: a library that code opens by its path."""
    stem = file.path.rpartition("/")[2].removesuffix(".so")
    if not file.path.endswith(".so") or "." in stem or file.size > UNZIPPED_LIMIT:
        return False
    try:
        with file.source.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(f"PyInit_{stem}".encode()) < 0
    except (OSError, ValueError):
        return False


def module_of(path: str, target: Target) -> tuple[str, bool, int] | None:
    """The dotted name a path would have, whether it is a package, and its rank among files of that name."""
    stem, rank = path, _SOURCE
    if path.endswith(".py"):
        stem = path[:-3]
    elif path.endswith(".so"):
        tag = f".cpython-{target.runtime.python.replace('.', '')}-{target.machine}-linux-gnu"
        stem, rank = path[:-3].removesuffix(tag).removesuffix(".abi3"), _EXTENSION
        if _FOREIGN.search(stem):
            return None
    elif path.endswith(".pyc") and "__pycache__" not in path:
        stem, rank = path[:-4], _BYTECODE
    else:
        return None
    if "." in stem:
        return None
    name = stem.replace("/", ".")
    if name.endswith(".__init__"):
        return name[:-9], True, rank
    return name, False, rank


def add_namespaces(modules: dict[str, Module]) -> None:
    """Adds the folders without `__init__` that lead to modules: PEP 420 packages."""
    for name in list(modules):
        owner = modules[name].owner
        parent = name.rpartition(".")[0]
        while parent and parent not in modules:
            modules[parent] = Module(parent, parent.replace(".", "/"), True, (), owner, namespace=True)
            parent = parent.rpartition(".")[0]


def children_of(modules: Mapping[str, Module]) -> dict[str, tuple[str, ...]]:
    """Direct submodules by package."""
    children: dict[str, list[str]] = {}
    for name in sorted(modules):
        children.setdefault(name.rpartition(".")[0], []).append(name)
    return {parent: tuple(names) for parent, names in children.items()}


def owned_by(modules: Mapping[str, Module]) -> dict[str, tuple[str, ...]]:
    """Modules by distribution."""
    owned: dict[str, list[str]] = {FIRST_PARTY: []}
    for name in sorted(modules):
        owned.setdefault(modules[name].owner, []).append(name)
    return {owner: tuple(names) for owner, names in owned.items()}
