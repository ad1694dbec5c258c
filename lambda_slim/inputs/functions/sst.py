"""SST: its file is a program; the Python functions that are seen in it are named."""

import re
from pathlib import Path

from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError, first_file

_NAMES = ("sst.config.ts", "sst.config.js", "sst.config.mts", "sst.json")
_HANDLER = re.compile(r"""handler\s*:\s*["'`]([\w./-]+\.\w+)["'`]""")


def _reads(path: Path, _: str) -> bool:
    return path.name in _NAMES


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    text = path.read_text("utf-8-sig", "replace")
    for file in sorted([*path.parent.glob("stacks/**/*.ts"), *path.parent.glob("infra/**/*.ts")])[:200]:
        text += file.read_text("utf-8-sig", "replace")
    if "python" not in text:
        return ()
    seen = list(dict.fromkeys(_HANDLER.findall(text)))
    named = f"; seen in it: {', '.join(seen[:6])}" if seen else ""
    raise QuestionError(
        f"`{path.name}` is an SST app, which was not run",
        f"what it puts where is only known when it runs{named}",
        "name each function in [functions] of lambda-slim.toml, with handler and source, or say --handler",
    )


KIND = DeploymentKind("SST app", first_file(*_NAMES), _reads, _read)
