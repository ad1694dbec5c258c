"""The folder that a module's own imports are found from."""

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python


def root_of(file: Path, folder: Path) -> Path:
    """The folder from which a module's own imports are found: `folder`, or one between it and the module.

    The highest one wins that most of the first-party imports are found from, also of the modules that are imported.
    Where none are, it is the nearest that declares dependencies.
    """
    roots = [folder]
    for part in file.relative_to(folder).parts[:-1]:
        roots.append(roots[-1] / part)
    roots = roots[:1] + [root for root in roots[1:] if root.name.isidentifier() or root == file.parent]
    scores = [(len(resolved(file, root)), -index) for index, root in enumerate(roots)]
    best, index = max(scores)
    return roots[-index] if best else _declaring(roots)


def _declaring(roots: Sequence[Path]) -> Path:
    """The folder nearest to a module that declares dependencies, where the outermost one does not; else that one."""
    names = ("requirements.txt", "pyproject.toml")
    if _holds_any(roots[0], (*names, "Pipfile", "uv.lock")):
        return roots[0]
    return next((root for root in reversed(roots[1:]) if _holds_any(root, names)), roots[0])


def _holds_any(folder: Path, names: Iterable[str]) -> bool:
    return any((folder / name).is_file() for name in names)


def resolved(file: Path, root: Path) -> set[tuple[Path, str]]:
    """(module, name) of first-party imports that are found from a root."""
    modules: set[tuple[Path, str]] = set()
    todo, seen = [file], {file}
    while todo and len(seen) < 300:
        path = todo.pop()
        for name in _imports(path):
            place = _module(root, name)
            if place is None:
                continue
            modules.add((path, name.partition(".")[0]))
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return modules


def _imports(path: Path) -> set[str]:
    try:
        tree = parse_python(read_regular(path))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names.update(alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                names.update(f"{module}.{alias.name}" for alias in aliases)
            case _:
                pass
    return names


def _module(root: Path, name: str) -> Path | None:
    """The deepest module of a dotted name that is there."""
    place, best = root, None
    for part in name.split("."):
        if (place / f"{part}.py").is_file():
            return place / f"{part}.py"
        place = place / part
        if not place.is_dir():
            break
        best = place / "__init__.py" if (place / "__init__.py").is_file() else best
    return best
