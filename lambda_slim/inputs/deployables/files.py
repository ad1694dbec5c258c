"""All deployment files of a folder, not only the first."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lambda_slim.base.files import read_loosely, read_regular_text
from lambda_slim.inputs.functions import docker, sam
from lambda_slim.inputs.functions.kinds import KINDS

_TEMPLATE = re.compile(r"AWS::(?:Serverless|Lambda)::Function")
_ENDINGS = (".yaml", ".yml", ".json", ".template")
_LARGEST = 1 << 20  # bytes; CloudFormation takes templates of 1 MB
_MODULE = re.compile(r'^\s*source\s*=\s*"(\.{1,2}/[^"]+)"', re.MULTILINE)


def deployment_files(folder: Path) -> tuple[Path, ...]:
    """Each kind's file first, in the order in which kinds are asked; then templates and Dockerfiles of other names."""
    files = [file for kind in KINDS if (file := kind.find(folder))]
    return tuple(dict.fromkeys([*files, *_templates(folder), *_dockerfiles(folder)]))


def _templates(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.iterdir()):
        if file.suffix in _ENDINGS and file.is_file() and file.stat().st_size <= _LARGEST:
            text = _text(file)
            if _TEMPLATE.search(text) and sam.KIND.reads(file, text) and not text.lstrip().startswith('{"version"'):
                yield file


def _text(file: Path) -> str:
    try:
        return read_regular_text(file)
    except (OSError, ValueError):
        return ""


def _dockerfiles(folder: Path) -> Iterator[Path]:
    for file in sorted({*folder.glob("Dockerfile*"), *folder.glob("*.Dockerfile")}):
        if file.is_file() and docker.is_lambda(read_loosely(file)):
            yield file


def module_folders(folders: Iterable[Path]) -> frozenset[Path]:
    """Folders with Terraform files that other Terraform files use as modules: they deploy nothing by themselves."""
    sources: set[Path] = set()
    for folder in folders:
        for file in folder.glob("*.tf"):
            sources |= {(folder / source).resolve() for source in _MODULE.findall(read_loosely(file))}
    return frozenset(sources)
