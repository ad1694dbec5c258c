"""Files in, fixed files out, and refused fixes with their reasons."""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import WriteError
from lambda_slim.base.files import read_regular, write_all
from lambda_slim.lint.fixes.edit import CannotEditError, edit, require_libcst
from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.fixes.safe import FIXABLE, SafeChange, decide
from lambda_slim.lint.folder import Group, grouped, relative
from lambda_slim.lint.judge import judge
from lambda_slim.lint.make_program import make_program
from lambda_slim.lint.modules import ParsedModule, Source, parse_module
from lambda_slim.lint.program import Program
from lambda_slim.lint.suppress import is_ignored
from lambda_slim.model.report import Finding


@dataclass(frozen=True, slots=True)
class Mended:
    """One changed file; `done` says what, a line a change."""

    path: Path
    before: bytes
    after: bytes
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding that stays, and why it is not fixed."""

    finding: Finding
    path: Path
    why: str


def mend_files(
    files: Sequence[Path], root: Path, roots: Mapping[Path, Sequence[str]], ignore: Sequence[str] = ()
) -> tuple[tuple[Mended, ...], tuple[Refused, ...]]:
    """What can be fixed in some files without a change of behaviour; nothing is written.

    Args:
        files: What to fix.
        root: The project's folder; its other files tell who uses what.
        roots: Code folders of its functions, with their handlers.
        ignore: See `lint_sources`.

    Raises:
        UsageError: libcst is not installed.
    """
    require_libcst()
    wanted = frozenset(file.absolute() for file in files)
    mended: list[Mended] = []
    refused: list[Refused] = []
    for group in grouped(files, root, roots):
        work = _Work(group, wanted, root, tuple(ignore))
        work.run()
        mended += work.mended()
        refused += work.refused.values()
    return tuple(mended), tuple(refused)


def write_mended(mended: Sequence[Mended]) -> None:
    """Writes all files or none.

    Raises:
        WriteError: a file cannot be written, or was changed since it was read.
    """
    for file in mended:
        if read_regular(file.path) != file.before:
            raise WriteError(
                f"`{file.path}` was changed meanwhile",
                cause="something else wrote it; nothing was changed here",
                hint="run it again",
            )
    write_all({file.path: file.after for file in mended})


class _Work:
    """The files of one code root while they are fixed: after each change the findings are made anew."""

    def __init__(self, group: Group, wanted: frozenset[Path], root: Path, ignore: tuple[str, ...]) -> None:
        self.group = group
        self.wanted = wanted
        self.root = root
        self.ignore = ignore
        self.modules: dict[str, ParsedModule] = dict(_parsed(group.sources))
        self.before: dict[str, bytes] = {}
        self.texts: dict[str, bytes] = {}
        self.done: dict[str, list[str]] = {}
        self.refused: dict[tuple[str, str, str], Refused] = {}
        self.references = References(root.absolute(), group.files)

    def run(self) -> None:
        """Makes change after change, until none is left."""
        while self._step():
            pass

    def mended(self) -> Iterator[Mended]:
        """The files that are different now."""
        for path, after in self.texts.items():
            if after != self.before[path]:
                yield Mended(self.group.files[path], self.before[path], after, tuple(self.done[path]))

    def _step(self) -> bool:
        program = make_program(tuple(self.modules.values()), self.group.handlers)
        self.refused.clear()
        return any(self._mend(finding, why) for finding, why in self._decided(program))

    def _decided(self, program: Program) -> Iterator[tuple[Finding, SafeChange | str]]:
        for mark, finding in judge(program):
            file = self.group.files[finding.file]
            shown = replace(finding, file=relative(file, self.root))
            if finding.rule in FIXABLE and file in self.wanted and not is_ignored(shown, self.ignore):
                yield finding, decide(mark, program, self.references)

    def _mend(self, finding: Finding, decided: SafeChange | str) -> bool:
        file = self.group.files[finding.file]
        why = str(decided)
        if isinstance(decided, SafeChange):
            try:
                self._change(finding, file, decided)
            except (CannotEditError, OSError, ValueError) as error:
                why = str(error)
            else:
                return True
        self.refused[finding.file, finding.rule, finding.message] = Refused(finding, file, why)
        return False

    def _change(self, finding: Finding, file: Path, change: SafeChange) -> None:
        path = finding.file
        before = self.texts[path] if path in self.texts else read_regular(file)
        after = edit(before, change)
        self.modules[path] = parse_module(Source(path, _text(after)))
        self.before.setdefault(path, before)
        self.texts[path] = after
        self.references.update(file, self.modules[path].text)
        self.done.setdefault(path, []).append(f"{finding.rule}: {_said(before, change)}")


def _parsed(sources: Sequence[Source]) -> Iterator[tuple[str, ParsedModule]]:
    for source in sources:
        if source.path.endswith(".pth"):
            continue
        try:
            yield source.path, parse_module(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _said(before: bytes, change: SafeChange) -> str:
    statement = next(node for node in ast.parse(before).body if node.lineno == change.line)
    return f"`{ast.unparse(statement)}` {change.kind}"


def _text(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.TextIOWrapper(io.BytesIO(data), encoding).read()
