"""How CDK bundles an asset: commands in an image, or on the machine that deploys."""

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import as_table
from lambda_slim.inputs.functions.packing import Packing
from lambda_slim.inputs.functions.packing_files import PackedFiles, plain_place
from lambda_slim.inputs.functions.program import ProgramFile, options_of
from lambda_slim.inputs.functions.scripts import ScriptPackage, script_package
from lambda_slim.model.packing import FUNCTION_SITE
from lambda_slim.model.program import ProgramCall

_INSTALL = (
    r"(?:python3?\s+-m\s+)?pip3?\s+install\s+(?:--?[\w-]+(?:=\S+)?\s+)*-r\s+(?:\./|/asset-input/)?requirements\.txt"
    r"(?:\s+--?[\w-]+(?:[= ]\S+)?)*"
)
# What a step of a bundling command may do, but to copy: install the requirements of the folder, and tidy.
_STEP = re.compile(
    _INSTALL + r"|(?:python3?\s+-m\s+)?pip3?\s+install\s+(?:-U|--upgrade)\s+pip|mkdir\s+-p\s+/asset-output/?\S*"
    r"|cd\s+/asset-input/?|set\s+-\w+|true|:"
    r"|find\s+/asset-output/?\s(?:[^;&|]*)(?:__pycache__|\*\.pyc)[^;&|]*"
)
_TARGET = re.compile(r"\s(?:-t|--target)[= ](\S+)")
_COPY = re.compile(r"(?:cp\s+-\w+|cp|rsync\s+-\w+)\s+(.+?)\s+/asset-output(/\S*)?")
_INPUT, _OUTPUT = "/asset-input", Path("/asset-output")  # where the image has the folder and what is made of it
_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)*")
# What a step of `local: {tryBundle(…) {…}}` may do, with `DIR` for every folder that is not written out.
_RUN = re.compile(r"""\bexec(?:File)?Sync\(\s*([`"'])(.*?)\1\s*[,)]""", re.DOTALL)
_WHOLE = (("", ""),)
_SHELLS = [
    [shell, option] for shell in ("bash", "sh", "/bin/bash", "/bin/sh") for option in ("-c", "-lc", "-ec", "-xec")
]
_ALL = ("", ".", "./", "*", "./*", "./.")
_LIST = re.compile(r"""\$\{[^{}]*["'`]\.?/?requirements\.txt["'`][^{}]*\}""")
_LOCAL_STEP = re.compile(
    r"pip3? --version|docker --version|"
    r"(?:python3?\s+-m\s+)?pip3?\s+install\s+(?:--?[\w-]+(?:=\S+)?\s+)*-r\s+(?:DIR/)?requirements\.txt"
    r"(?:\s+--?[\w-]+(?:[= ]\S+)?)*"
    r"|cp\s+-\w+\s+DIR(?:/\.?\*?)?\s+DIR/?|rsync\s+-\w+\s+DIR/?\s+DIR/?"
)


def bundled(code: ProgramCall, source: ProgramFile) -> tuple[tuple[str, str], ...] | None:
    """(what of the folder, where in the package) of an asset; None where more is done than install and copy.

    Args:
        code: The call that makes the asset.
        source: Its file.
    """
    bundling = code.named.get("bundling")
    if bundling is None:
        return _WHOLE
    options = as_table(options_of(bundling))
    command = options.get("command")
    in_image = _copied(command[-1]) if isinstance(command, list) and command[:2] in _SHELLS else None
    if "local" not in options:
        return in_image
    return _WHOLE if (in_image == _WHOLE or command is None) and _is_plain_locally(code, source) else None


def followed(code: ProgramCall, source: ProgramFile, folder: Path, site: str = FUNCTION_SITE) -> ScriptPackage | None:
    """What the commands of a bundling put into the package, followed as a script; None where they are not all there.

    A command that is not understood is a problem wherever it stands, since it may change what is there; so is one that
    takes something from outside the folder, which the image does not have.

    Args:
        code: The call that makes the asset.
        source: Its file.
        folder: The folder that is bundled.
        site: Where Python looks for distributions in the package; see `FUNCTION_SITE`.
    """
    line = _command_line(code)
    packing = Packing(folder, folder, folder, PackedFiles(), source.where(code))
    packing.files.made.add(_OUTPUT)
    try:
        packing.follow(re.sub(rf"{_INPUT}(?![\w-])", lambda _: shlex.quote(str(folder)), line))
    except ValueError:
        return None
    package = script_package(packing, _OUTPUT, site)
    unknown = [f"`{command}` is not understood" for _, _, command in packing.unknown]
    outside = [f"`{source}` is not in the folder" for source in _taken(package) if not source.is_relative_to(folder)]
    problems = [*unknown, *outside]
    return replace(package, problem=package.problem or problems[0]) if package and problems else package


def _command_line(code: ProgramCall) -> str:
    """What a shell of the image runs; "" for another program, and where the machine that deploys may do it."""
    options = as_table(options_of(code.named.get("bundling")))
    match options.get("command"):
        case [shell, option, str(line)] if [shell, option] in _SHELLS and "local" not in options:
            return line
        case _:
            return ""


def _taken(package: ScriptPackage | None) -> list[Path]:
    """What a bundling takes: what it copies, and lists of requirements."""
    if package is None:
        return []
    lists = [Path(line.removeprefix("-r ")) for line in package.requires if line.startswith("-r ")]
    return [plain_place(path) for path in [*(part.source for part in package.parts), *lists]]


def _copied(line: Any) -> tuple[tuple[str, str], ...] | None:
    """What the steps of a command copy; None where one of them does anything else."""
    copies: list[tuple[str, str]] = []
    for step in filter(None, _steps(line)):
        copy = _COPY.fullmatch(step)
        pairs = _pairs(copy[1].split(), copy[2] or "") if copy else []
        if not (copy and pairs) and not _is_step(step):
            return None
        copies += pairs
    return _WHOLE if _WHOLE[0] in copies else tuple(copies) or None


def _is_step(step: str) -> bool:
    """Whether a step installs to the root of the package, or changes nothing."""
    target = _TARGET.search(step)
    return bool(_STEP.fullmatch(step)) and (
        target is None or target[1].strip("\"'").rstrip("/") in ("/asset-output", ".")
    )


def _pairs(sources: list[str], target: str) -> list[tuple[str, str]]:
    """Of `cp`, by the words that it copies; empty where one of them is not understood."""
    into = target.strip("/")
    renamed = bool(into) and not target.endswith("/") and len(sources) == 1
    pairs: list[tuple[str, str]] = []
    for word in sources:
        name, inside = _named(word)
        if name and (not _NAME.fullmatch(name) or ".." in name):
            return []
        within = "" if inside or renamed else name.rpartition("/")[2]
        pairs.append((name, "/".join(filter(None, (into, within)))))
    return pairs


def _named(word: str) -> tuple[str, bool]:
    """The file or folder of the asset that a word of `cp` names, and whether only what lies in it is meant."""
    plain = word.removeprefix("/asset-input").removeprefix("/") if word.startswith("/asset-input") else word
    inside = plain in _ALL or plain.endswith(("/*", "/.", "/"))
    name = re.sub(r"/?[*.]?$", "", plain) if inside else plain
    return name.removeprefix("./"), inside


def _steps(line: Any) -> list[str]:
    return [text.strip() for text in re.split(r"&&|;|\n", line)] if isinstance(line, str) else []


def _all_plain(line: Any, step: re.Pattern[str]) -> bool:
    steps = _steps(line)
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
