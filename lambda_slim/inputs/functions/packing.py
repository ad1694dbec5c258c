"""Follows a packing script, of a shell or of Python. Nothing is run or written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.python_calls import PACK, PUT
from lambda_slim.formats.python_script import python_script
from lambda_slim.formats.shell_idioms import HERE, NOT_KNOWN, TOP
from lambda_slim.formats.shell_script import ShellCommand, ShellList, ShellLoop, ShellNode, parse_script
from lambda_slim.inputs.functions.packing_files import PackedFiles
from lambda_slim.model.packing import Packed, Uploaded

_REFERENCE = re.compile(r"\$\{(\w+)(?:\[[@*0]\])?(?::?-([^{}]*))?\}|\$(\w+|[@*#?])|\$\{[^}]*\}")
_OPEN = "\0"  # in a word: what only a run gives
_ASSIGNED = re.compile(r"(\w+)=(.*)", re.DOTALL)
_BEFORE = frozenset({"export", "local", "readonly", "declare", "sudo", "env", "exec", "command", "time", "nohup", "!"})
_DEEPEST = 12
_MOST = 2_000  # commands that are followed


@dataclass(slots=True)
class Packing:
    """A script that is followed.

    Attributes:
        cwd: The folder that it is in.
        before: The folder that it was in before.
        here: The folder that its file lies in.
        top: The repository.
        files: What it makes.
        name: `scripts/build.sh`, for messages.
        variables: Text, or None for what only a run gives.
        unknown: (turn, where, command) of what is not understood.
        turn: Commands that were followed.
        uploads: What is uploaded to Lambda, with what was packed until then.
        resource: The block of the deployment file that has it run, "" for none.
    """

    cwd: Path
    here: Path
    top: Path
    files: PackedFiles
    name: str
    variables: dict[str, str | None] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    functions: dict[str, tuple[ShellNode, ...]] = field(default_factory=dict)
    unknown: list[tuple[int, str, str]] = field(default_factory=list)
    environment: Path | None = None
    before: Path | None = None
    resource: str = ""
    uploads: list[tuple[Uploaded, "Packing"]] = field(default_factory=list)
    turn: int = 0
    depth: int = 0

    def follow(self, text: str, *, python: bool = False) -> None:
        """Follows a script of a shell, or of Python.

        Raises:
            ValueError: it is not understood as a script.
        """
        self._body(python_script(text) if python else parse_script(text))

    def _body(self, nodes: Iterable[ShellNode]) -> None:
        self.depth += 1
        if self.depth < _DEEPEST:
            for node in nodes:
                self._node(node)
        self.depth -= 1

    def _node(self, node: ShellNode) -> None:
        if isinstance(node, ShellCommand):
            self._command(node)
        elif isinstance(node, ShellList):
            self.lists[node.name] = [word for raw in node.words for word in self.expanded(raw)]
        elif isinstance(node, ShellLoop):
            self._loop(node)
        elif node.kind == "function":
            self.functions[node.name] = node.body
        elif node.kind == "(":
            before = self.cwd, dict(self.variables)
            self._body(node.body)
            self.cwd, self.variables = before
        elif node.kind in ("if", "case"):
            self._branches(node.body)
        else:
            self._body(node.body)

    def _branches(self, branches: tuple[ShellNode, ...]) -> None:
        """Follows all branches; where several pack something, and not the same, which of them is not known."""
        before, packed = self.files.copied(), []
        after: list[PackedFiles] = []
        for branch in branches:
            self.files.take(before)
            self._node(branch)
            added = [row for row in self.files.rows if row not in before.rows]
            packed.append({(row.place, row.source, row.requires) for row in added})
            after.append(self.files.copied())
        self.files.join(before, after or [before])
        if len({frozenset(rows) for rows in packed if rows}) > 1:
            self.unknown.append((self.turn, self.name, "if … else …, which pack different things"))

    def _loop(self, loop: ShellLoop) -> None:
        for word in [word for raw in loop.words for word in self.globbed(raw)][:200]:
            known = None if _OPEN in word else word
            self.variables[loop.name] = known
            self.variables[f"{loop.name}__name"] = known and known.rstrip("/").rpartition("/")[2]
            self._body(loop.body)

    def _command(self, command: ShellCommand) -> None:
        from lambda_slim.inputs.functions.packing_commands import do

        self.turn += 1
        words = [word for raw in self._assigned(list(command.words)) for word in self.expanded(raw)]
        if not words or self.turn > _MOST:
            return
        if words[0] in self.functions:
            self._called(words)
        else:
            do(self, words, command)

    def _called(self, words: list[str]) -> None:
        before = self.cwd
        self.variables.update({str(place): word for place, word in enumerate(words[1:], 1)})
        self._body(self.functions[words[0]])
        self.cwd = before if _OPEN in str(self.cwd) else self.cwd

    def _assigned(self, words: list[str]) -> list[str]:
        """The words of a command, without the assignments and the like before it; without one they hold on."""
        if words[:1] == ["command"] and words[1:2] in (["-v"], ["-V"]):
            return []
        while words:
            assigned = _ASSIGNED.fullmatch(words[0])
            if assigned:
                text = "".join(self.expanded(assigned[2])) if assigned[2] else ""
                self.variables[assigned[1]] = None if _OPEN in text else text
            elif words[0] not in _BEFORE and not (words[0].startswith("-") and words[0][1:].isalpha()):
                return words
            words = words[1:]
        return []

    def expanded(self, raw: str) -> list[str]:
        """A word with its variables replaced; of a list of words each."""
        whole = re.fullmatch(r"\$\{(\w+)\[[@*]\]\}", raw)
        if whole and whole[1] in self.lists:
            return self.lists[whole[1]]
        text = _REFERENCE.sub(self._value, raw)
        return [text] if text else []

    def _value(self, match: re.Match[str]) -> str:
        name, otherwise = match[1] or match[3], match[2]
        fixed = {HERE: str(self.here), TOP: str(self.top), NOT_KNOWN: _OPEN}
        known = fixed.get(name, self.variables.get(name, "")) if name else _OPEN
        if name in self.lists:
            known = self.lists[name][0] if len(self.lists[name]) == 1 else _OPEN
        if known == "" and name not in self.variables:
            known = _OPEN if otherwise is None else _REFERENCE.sub(self._value, otherwise)
        return _OPEN if known is None else known

    def path(self, word: str) -> Path | None:
        """The place that a word names; None where only a run gives it."""
        if _OPEN in word or word.startswith("~"):
            return None
        return self.cwd / word

    def globbed(self, raw: str) -> list[str]:
        """A word expanded, `*` too."""
        words = self.expanded(raw)
        return [name for word in words for name in (self._matches(word) if "*" in word else [word])]

    def _matches(self, word: str) -> list[str]:
        import fnmatch

        head, _, pattern = word.rstrip("/").rpartition("/")
        folder = self.path(head or ".")
        if folder is None or "*" in head:
            return [_OPEN]
        names = (name for name in self.files.names(folder) if not name.startswith("."))
        return [f"{head}/{name}" if head else name for name in names if fnmatch.fnmatch(name, pattern)]

    def copied(self, word: str) -> list[str]:
        """The sources that a word of `cp` or `zip` names; `folder/*` is all of the folder."""
        return [word.removesuffix("*") + "."] if word == "*" or word.endswith("/*") else self.globbed(word)

    def row(self, command: ShellCommand, place: Path) -> Packed:
        """What a command puts somewhere."""
        return Packed(place, self.where(command), turn=self.turn)

    def where(self, command: ShellCommand) -> str:
        """`build.sh:12`, for messages."""
        return self.name if re.search(r":\d+$", self.name) else f"{self.name}:{command.line}"

    def upload(self, row: Uploaded) -> None:
        """Remembers what is uploaded, with what is packed by now: scripts tidy up afterwards."""
        packed = replace(self, files=self.files.copied(), unknown=[*self.unknown], uploads=[])
        self.uploads.append((row, packed))

    def note_unknown(self, command: ShellCommand) -> None:
        """Remembers a command that is not understood."""
        words = ("copy", *command.words[1:]) if command.words[0] in (PUT, PACK) else command.words
        said = " ".join(words).replace(f"${{{HERE}}}/", "").replace(f"${{{NOT_KNOWN}}}", "…")
        self.unknown.append((self.turn, self.where(command), said[:80]))

    def within(self, file: Path, text: str, arguments: list[str]) -> None:
        """Follows another script in the place of a command."""
        before = self.name, self.here, dict(self.variables)
        self.name, self.here = shown_name(file, self.top), file.parent
        self.variables.update({str(place): word for place, word in enumerate(arguments, 1)})
        try:
            self.follow(text, python=file.suffix == ".py")
        except ValueError as error:
            self.unknown.append((self.turn, self.name, str(error)))
        self.name, self.here, self.variables = before


def shown_name(file: Path, top: Path) -> str:
    """A file as messages name it: below the repository where it lies there."""
    return file.relative_to(top).as_posix() if top in file.parents else file.name


def script_text(file: Path) -> str | None:
    """The text of a script of a shell or of Python; None where it is none."""
    text = read_loosely(file) if file.is_file() else ""
    if file.suffix == ".py":
        return text or None
    first = text.partition("\n")[0]
    if first.startswith("#!") and not re.search(r"\b(?:ba|z|da|k)?sh\b", first):
        return None
    return text or None


def follow_script(file: Path, cwd: Path, top: Path) -> Packing | None:
    """A script file, followed from a folder; None where it is no script that is understood."""
    text = script_text(file)
    if text is None:
        return None
    packing = Packing(cwd, file.parent, top, PackedFiles(), shown_name(file, top))
    try:
        packing.follow(text, python=file.suffix == ".py")
    except ValueError:
        return None
    return packing


def plain_words(words: list[str]) -> list[str]:
    """The words that are no options."""
    return [word for word in words if not word.startswith("-")]


def flag_values(words: list[str], *flags: str) -> list[str]:
    """The values of options: `-t X`, `--target X`, `--target=X`."""
    spaced = [value for flag, value in pairwise(words) if flag in flags]
    return spaced + [word.partition("=")[2] for word in words if "=" in word and word.partition("=")[0] in flags]
