"""Hashes in constraints: pip checks them, uv passes over them."""

import os
from collections.abc import Sequence
from pathlib import Path

from lambda_slim.base.errors import LockError
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.declarations import NAME, OPTION, lines_of, read_text


def refuse_unchecked(path: Path, texts: Sequence[str], cwd: Path) -> None:
    """A hash that stands in a constraint alone would not be checked.

    Args:
        path: A requirements file.
        texts: Its text, and those of the files that it includes.
        cwd: Where uv runs; files that `UV_CONSTRAINT` names are below it.

    Raises:
        LockError: there is such a hash.
        ResolveError: a file cannot be read.
    """
    others = [cwd / word for word in os.environ.get("UV_CONSTRAINT", "").split()]
    if not others and not any("--hash" in text for text in texts[1:]):
        return
    required: set[str] = set()
    constrained: set[str] = set()
    _gather(path, required, constrained, set())
    for other in others:
        _gather(other, constrained, constrained, set())
    if unchecked := sorted(constrained - required):
        raise LockError(
            f"the hash of `{unchecked[0]}` stands in a constraint, where it is not checked",
            cause="uv passes over hashes in constraints; " + _more(len(unchecked)),
            hint="put the hashes into the requirements: uv pip compile --generate-hashes -c FILE requirements.in",
        )


def _more(count: int) -> str:
    return "it is the only one" if count == 1 else f"there are {count} of them"


def _gather(path: Path, hashed: set[str], constrained: set[str], seen: set[Path]) -> None:
    """Adds the names that a file gives hashes for, and those of the constraints that it includes."""
    if path in seen:
        return
    seen.add(path)
    for line in lines_of(read_text(path).replace("\\\r\n", " ").replace("\\\n", " ")):
        option, name = OPTION.match(line), NAME.match(line)
        if option and option[1] not in ("-e", "--editable"):
            into = constrained if option[1] in ("-c", "--constraint") else hashed
            _gather(path.parent / option[2].strip(), into, constrained, seen)
        elif name and "--hash" in line:
            hashed.add(normalise(name[1]))
