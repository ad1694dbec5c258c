"""Templates that have a name of their own: `orders.yaml`, `cfn.yml`."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lambda_slim.base.files import read_regular_text
from lambda_slim.inputs.functions import sam
from lambda_slim.inputs.functions.records import Declared

_TEMPLATE = re.compile(r"AWS::(?:Serverless|Lambda)::Function")
_ENDINGS = (".yaml", ".yml", ".json", ".template")
_OTHERS = ("appspec.yml", "appspec.yaml", "buildspec.yml", "buildspec.yaml")  # of CodeDeploy and CodeBuild
_LARGEST = 1 << 20  # bytes; CloudFormation takes templates of 1 MB


def other_templates(folder: Path) -> Iterator[Path]:
    """Files of a folder, with any name, that declare functions as a template does."""
    for file in sorted(folder.iterdir()):
        if file.name not in _OTHERS and file.suffix in _ENDINGS and file.is_file() and file.stat().st_size <= _LARGEST:
            text = _text(file)
            if _TEMPLATE.search(text) and sam.KIND.reads(file, text) and not text.lstrip().startswith('{"version"'):
                yield file


def _text(file: Path) -> str:
    try:
        return read_regular_text(file)
    except (OSError, ValueError):
        return ""


def is_printed(file: Path, rows: Sequence[Declared]) -> bool:
    """Whether a template is what `cdk synth` printed on another machine, whose folders it names; its app is here."""
    lost = bool(rows) and all(row.problem for row in rows if not row.skipped)
    beside = file.suffix in (".yaml", ".yml", ".json") and (file.parent / "cdk.json").is_file()
    return lost and beside and "aws:cdk:path" in _text(file)
