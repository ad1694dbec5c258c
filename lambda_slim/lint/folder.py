"""The Python files of a project on disk, grouped by the folder that Lambda sees as the code's root."""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.base.patterns import fits_any
from lambda_slim.base.rows import values_by_key
from lambda_slim.lint.judge import lint_sources, read_program
from lambda_slim.lint.modules import Source
from lambda_slim.lint.phases import Phase, phases
from lambda_slim.lint.suppress import without_ignored
from lambda_slim.model.report import Finding

_SKIPPED = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "cdk.out", "layer", "layers"}
    | {"test", "tests"}
)
_TEST_FILES = ("test_*", "*_test.py", "conftest.py")
_CONTEXT = 400  # files of the project read beside those asked for


def python_files(root: Path) -> Iterator[Path]:
    """A project's own Python and root `.pth` files, sorted; no tests, environments or build output."""
    for place, names, files in os.walk(root):
        folder = Path(place)
        names[:] = sorted(name for name in names if _is_searched(folder, name))
        for name in sorted(filter(_is_wanted, files)):
            if (folder / name).is_file():
                yield folder / name


def _is_searched(folder: Path, name: str) -> bool:
    if name.startswith(".") or name in _SKIPPED:
        return False
    return not (folder / name / "pyvenv.cfg").exists()


def _is_wanted(file: str) -> bool:
    """Whether a file is Python or a `.pth`, and no test."""
    return file.endswith((".py", ".pth")) and not fits_any(file, _TEST_FILES)


def lint_files(
    files: Sequence[Path], root: Path, roots: Mapping[Path, Sequence[str]], ignore: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Findings on some files of a project; paths in them are relative to the working folder where that holds them.

    Args:
        files: What to report on.
        root: The project's folder; its other files tell what runs when.
        roots: Code folders of its functions, with their handlers.
        ignore: See `lint_sources`; patterns match paths relative to the project.
    """
    wanted = {file.absolute(): shown(file) for file in files}
    findings: list[Finding] = []
    for group in grouped(files, root, roots):
        for finding in lint_sources(group.sources, group.handlers):
            file = group.files[finding.file]
            if file in wanted:
                findings.append(replace(finding, file=relative(file, root)))
    names = {relative(file, root): name for file, name in wanted.items()}
    return tuple(replace(finding, file=names[finding.file]) for finding in without_ignored(findings, ignore))


def phases_of(files: Sequence[Path], root: Path, roots: Mapping[Path, Sequence[str]]) -> tuple[Phase, ...]:
    """When the code of some files of a project runs; arguments and paths as of `lint_files`."""
    wanted = {file.absolute() for file in files}
    rows: list[Phase] = []
    for group in grouped(files, root, roots):
        program, _ = read_program(group.sources, group.handlers)
        for row in phases(program):
            file = group.files[row.path]
            if file in wanted:
                rows.append(replace(row, path=shown(file)))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Group:
    """Files that share a code root.

    Attributes:
        base: The root.
        sources: Their texts; paths are relative to the root.
        files: Where they are, by those paths.
        handlers: Of the functions that have this root.
    """

    base: Path
    sources: tuple[Source, ...]
    files: Mapping[str, Path]
    handlers: Sequence[str]


def grouped(files: Sequence[Path], root: Path, roots: Mapping[Path, Sequence[str]]) -> Iterator[Group]:
    """The given files and others of the project, by code root; only roots that hold a given file."""
    wanted = {file.absolute() for file in files}
    context = [] if len(wanted) > _CONTEXT else islice(python_files(root), _CONTEXT)
    files = sorted({*wanted, *map(Path.absolute, context)})
    groups = values_by_key((_root_of(file, root, roots), file) for file in files)
    for base, members in groups.items():
        if not wanted.isdisjoint(members):
            sources = tuple(Source(relative(member, base), read_source(member)) for member in members)
            by_path = {source.path: member for source, member in zip(sources, members, strict=True)}
            yield Group(base, sources, by_path, roots.get(base, ()))


def _root_of(file: Path, root: Path, roots: Mapping[Path, Sequence[str]]) -> Path:
    holding = [base for base in roots if file.is_relative_to(base)]
    return max(holding, key=lambda base: len(base.parts), default=root)


def relative(file: Path, base: Path) -> str:
    """A file's POSIX path from a folder, also where it lies elsewhere."""
    path = file.relative_to(base) if file.is_relative_to(base) else Path(os.path.relpath(file, base))
    return path.as_posix()


def shown(file: Path) -> str:
    """A file's path as a user would write it: from the working folder where that holds it."""
    try:
        return file.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def read_source(file: Path) -> str:
    """A file's text in the encoding that it declares; a null byte, which is no Python, and why, where it is no text."""
    import tokenize

    try:
        data = read_regular(file)
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except UnicodeDecodeError as error:
        return f"\0it is not {error.encoding}; a first line such as `# coding: latin-1` names another encoding"
    except SyntaxError as error:
        return f"\0{error.msg}"
    except (OSError, ValueError, LookupError) as error:
        return f"\0{error}"
