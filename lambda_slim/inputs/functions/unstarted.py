"""Programs of infrastructure tools beside which no file says how they are started.

What they ship, and from which folder its paths count, is then not known; the code beside them shows only a part of it.
"""

import re
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.inputs.functions.program import program_files

_TOOL = re.compile(
    r"""^[ \t]*(?:from|import)[ \t]+(?:aws_cdk|pulumi_aws|cdktf|troposphere)\b"""
    r"""|\b(?:from|import|require\()\s*["'](?:aws-cdk-lib|@aws-cdk|@pulumi/aws|cdktf|@cdktf)\b""",
    re.MULTILINE,
)
_MAKES_FUNCTION = re.compile(r"\bruntime\b|\bentry\b|\bPythonFunction\b", re.IGNORECASE)
_OF_PYTHON = re.compile(r"PYTHON_?3|python3\.\d+|PythonFunction")


def unstarted_program(folder: Path) -> Path | None:
    """The first program below a folder that makes Python functions, and beside or above which no file deploys it."""
    return next(
        (path for path in program_files(folder) if _makes_functions(path) and not _is_started(path, folder)), None
    )


def _makes_functions(path: Path) -> bool:
    text = read_loosely(path)
    return all(sign.search(text) for sign in (_TOOL, _MAKES_FUNCTION, _OF_PYTHON))


def _is_started(path: Path, top: Path) -> bool:
    """Whether a folder from a program's up to the top one has a deployment file, which says what is deployed."""
    from lambda_slim.inputs.functions.kinds import KINDS

    folders = (folder for folder in path.parents if folder == top or top in folder.parents)
    return any(kind.find(folder) for folder in folders for kind in KINDS)
