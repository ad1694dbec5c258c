"""How CDK bundles an asset: commands in an image, or on the machine that deploys."""

import re
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import as_table
from lambda_slim.inputs.functions.program import ProgramFile, options_of
from lambda_slim.model.program import ProgramCall

# What a step of a bundling command may do: install the requirements of the folder, and copy the folder.
_STEP = re.compile(
    r"(?:python3?\s+-m\s+)?pip3?\s+install\s+(?:--?[\w-]+(?:=\S+)?\s+)*-r\s+requirements\.txt"
    r"(?:\s+--?[\w-]+(?:[= ]\S+)?)*"
    r"|cp\s+-\w+\s+\.(?:/\*?)?\s+/asset-output/?|rsync\s+-\w+\s+\./?\s+/asset-output/?|(?:true|:)"
)
# What a step of `local: {tryBundle(…) {…}}` may do, with `DIR` for every folder that is not written out.
_RUN = re.compile(r"""\bexec(?:File)?Sync\(\s*([`"'])(.*?)\1\s*[,)]""", re.DOTALL)
_LIST = re.compile(r"""\$\{[^{}]*["'`]\.?/?requirements\.txt["'`][^{}]*\}""")
_LOCAL_STEP = re.compile(
    r"pip3? --version|docker --version|"
    r"(?:python3?\s+-m\s+)?pip3?\s+install\s+(?:--?[\w-]+(?:=\S+)?\s+)*-r\s+(?:DIR/)?requirements\.txt"
    r"(?:\s+--?[\w-]+(?:[= ]\S+)?)*"
    r"|cp\s+-\w+\s+DIR(?:/\.?\*?)?\s+DIR/?|rsync\s+-\w+\s+DIR/?\s+DIR/?"
)


def is_plain_bundling(code: ProgramCall, source: ProgramFile) -> bool:
    """Whether the code is not bundled, or only by installing its folder's requirements and copying the folder.

    Args:
        code: The call that makes the asset.
        source: Its file.
    """
    bundling = code.named.get("bundling")
    if bundling is None:
        return True
    options = as_table(options_of(bundling))
    command = options.get("command")
    line = command[-1] if isinstance(command, list) and command[:2] in (["bash", "-c"], ["sh", "-c"]) else ""
    in_image = _all_plain(line, _STEP)
    if "local" not in options:
        return in_image
    return (in_image or command is None) and _is_plain_locally(code, source)


def _all_plain(line: Any, step: re.Pattern[str]) -> bool:
    steps = [text.strip() for text in re.split(r"&&|;|\n", line)] if isinstance(line, str) else []
    return any(steps) and all(step.fullmatch(text) for text in filter(None, steps))


def _is_plain_locally(code: ProgramCall, source: ProgramFile) -> bool:
    """Whether what the program runs on the machine that deploys installs and copies, and no more."""
    text = _block(code, source)
    lines = [re.sub(r"\$\{[^{}]*\}", "DIR", _LIST.sub("requirements.txt", match[2])) for match in _RUN.finditer(text)]
    runs = len(re.findall(r"\b(?:exec|spawn)\w*\(|\.(?:write|copy|cp|rename)\w*\(", text))
    both = any(" install " in line for line in lines) and any(line.startswith(("cp", "rsync")) for line in lines)
    return both and runs == len(lines) and all(_all_plain(line, _LOCAL_STEP) for line in lines)


def _block(code: ProgramCall, source: ProgramFile) -> str:
    """The body of `tryBundle`, up to the brace that closes it."""
    rest = "\n".join(read_loosely(source.path).splitlines()[code.line - 1 :])
    start = rest.find("{", rest.find("tryBundle"))
    depth = 0
    for place, sign in enumerate(rest[start:], start):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return rest[start:place]
    return rest[start:]
