"""SST: its file is a program, so the Python functions in it are only named."""

import re
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError, first_file

_NAMES = ("sst.config.ts", "sst.config.js", "sst.config.mts", "sst.json")
_HANDLER = re.compile(r"""handler\s*:\s*["'`]([\w./-]+\.\w+)["'`]""")


def _find(folder: Path) -> Path | None:
    """The app's file, where Python is spoken of in it."""
    path = first_file(*_NAMES)(folder)
    return path if path and "python" in _text(path) else None


def _text(path: Path) -> str:
    """The app with the files that it is usually split into."""
    files = [path, *sorted([*path.parent.glob("stacks/**/*.ts"), *path.parent.glob("infra/**/*.ts")])[:200]]
    return "\n".join(read_loosely(file) for file in files if file.is_file())


def _reads(path: Path, _: str) -> bool:
    return path.name in _NAMES


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    text = _text(path)
    seen = list(dict.fromkeys(_HANDLER.findall(text)))
    named = f"; seen in it: {', '.join(seen[:6])}" if seen else ""
    raise QuestionError(
        f"`{path.name}` is an SST app, which was not run",
        f"what it puts where is only known when it runs{named}",
        "name each function in [functions] of lambda-slim.toml, with handler and source, or say --handler",
    )


KIND = DeploymentKind("SST app", _find, _reads, _read)
