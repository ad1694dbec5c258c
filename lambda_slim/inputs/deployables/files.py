"""All deployment files of a folder, not only the first."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.inputs.functions import docker
from lambda_slim.inputs.functions.kinds import KINDS
from lambda_slim.inputs.functions.templates import other_templates

_MODULE = re.compile(r'^\s*source\s*=\s*"(\.{1,2}/[^"]+)"', re.MULTILINE)


def deployment_files(folder: Path) -> tuple[Path, ...]:
    """Each kind's file first, in the order in which kinds are asked; then templates and Dockerfiles of other names."""
    files = [file for kind in KINDS if (file := kind.find(folder))]
    return tuple(dict.fromkeys([*files, *other_templates(folder), *_dockerfiles(folder)]))


def _dockerfiles(folder: Path) -> Iterator[Path]:
    for file in sorted({*folder.glob("Dockerfile*"), *folder.glob("*.Dockerfile")}):
        if file.is_file() and docker.is_lambda_file(file):
            yield file


def module_folders(folders: Iterable[Path]) -> frozenset[Path]:
    """Folders with Terraform files that other Terraform files use as modules: they deploy nothing by themselves."""
    sources: set[Path] = set()
    for folder in folders:
        for file in folder.glob("*.tf"):
            sources |= {(folder / source).resolve() for source in _MODULE.findall(read_loosely(file))}
    return frozenset(sources)
