"""`tar` in a packing script: an archive, or a pipe from one tar to another, is a folder that is filled and copied."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from lambda_slim.formats.shell_script import ShellCommand
from lambda_slim.inputs.functions.packing import Packing
from lambda_slim.inputs.functions.packing_archives import excluding, stored_name

_PIPE = Path("/dev/stdout")  # stands for what one tar hands to the next
_VALUED = {"-C": "folder", "--directory": "folder", "-f": "archive", "--file": "archive", "--exclude": "exclude"}


@dataclass(slots=True)
class _Asked:
    """What a tar is told.

    Attributes:
        mode: `c`, `x`, or `t` and others.
        archive: Its file; "-" for a pipe.
        folder: Where it works.
        exclude: Patterns that are left out.
        names: What it packs.
    """

    mode: str = ""
    archive: str = "-"
    folder: str = "."
    exclude: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def follow_tar(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`tar -c` and `tar -x`; false where it is not understood, as the content of an archive that is not made here."""
    asked = _asked(rest)
    archive = _PIPE if asked.archive == "-" else packing.path(asked.archive)
    folder = packing.path(asked.folder)
    if archive is None or folder is None or not asked.mode:
        return False
    if asked.mode == "x":
        known = bool(packing.files.within(archive))
        packing.files.copy(archive, packing.row(command, folder))
        return known and not asked.names
    return asked.mode == "t" or _pack(packing, asked, archive, command)


def _pack(packing: Packing, asked: _Asked, archive: Path, command: ShellCommand) -> bool:
    before, packing.cwd = packing.cwd, packing.cwd / asked.folder
    packing.files.remove(archive)
    names = [name for word in asked.names for name in packing.globbed(word)]
    for name in names:
        source = packing.path(name)
        if source is None or not packing.files.is_known(source):
            names = []
            break
        row = packing.row(command, archive / stored_name(name))
        packing.files.copy(source, replace(row, rules=excluding(asked.exclude)))
    packing.cwd = before
    return bool(names)


def _asked(rest: list[str]) -> _Asked:
    asked = _Asked()
    words = list(rest)
    if words and not words[0].startswith("-"):
        words[0] = f"-{words[0]}"  # `tar czf a.tgz .`
    while words:
        word = words.pop(0)
        flag, equals, value = word.partition("=")
        if what := _what(flag):
            _take(asked, what, value if equals else words.pop(0) if words else "")
        _note(asked, word)
    return asked


def _what(flag: str) -> str:
    """What the value of an option is; "" for an option without one, and for a name."""
    letters = flag.startswith("-") and not flag.startswith("--")
    return _VALUED.get(flag, "archive" if letters and flag.endswith("f") else "")


def _take(asked: _Asked, what: str, value: str) -> None:
    if what == "exclude":
        asked.exclude.append(value)
    else:
        setattr(asked, what, value)


def _note(asked: _Asked, word: str) -> None:
    if not word.startswith("-") or word == "-":
        asked.names.append(word)
    elif word.startswith("--"):
        asked.mode = {"--create": "c", "--extract": "x", "--list": "t"}.get(word, asked.mode)
    elif word not in _VALUED:
        asked.mode = next((letter for letter in word if letter in "cxtru"), asked.mode)
