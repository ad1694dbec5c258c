"""CDK apps whose programs make no function: all that they use is CDK's own, and nothing of it makes one."""

import re
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import texts_among
from lambda_slim.inputs.functions.cdk_layers import layer_place
from lambda_slim.inputs.functions.program import ProgramFile, program_files, program_of
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.model.program import ProgramCall

_CDK = re.compile(r"\baws_cdk\b|\baws-cdk|@aws-cdk/")
_PYTHON = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
_SCRIPT = re.compile(r"""\b(?:from|import|require\()\s*["']([^"']+)["']""")
_OF_CDK = frozenset({"aws_cdk", "constructs", "cdk_nag", "aws_cdk_github_oidc", "jsii", "projen"})
_OF_CDK_IN_SCRIPTS = re.compile(
    r"\.|(?:aws-cdk-lib|constructs|cdk-nag|source-map-support)(?:/|$)|@aws-cdk/aws-|@aws-cdk/core$|node:"
)
_OF_NODE = frozenset({"path", "fs", "os", "child_process", "crypto", "util", "url"})
_MAKING = re.compile(r"Function|Lambda|lambda|Trigger|CustomResource|SingletonF|Edge")


def without_functions(folder: Path) -> tuple[tuple[str, Declared], ...]:
    """(file, row) of what an app makes in the place of functions, all left out; none where it may make functions."""
    files = [file for file in program_files(folder) if _CDK.search(read_loosely(file))]
    own = _own_modules(files)
    if not files or not all(_is_plain(file, own) for file in files):
        return ()
    none = Declared(folder.name, "cdk.json", skipped="its program makes no Lambda function")
    layers = list(chain.from_iterable(_layers(program_of(file, folder), folder) for file in files))
    return tuple(("", row) for row in layers or [none])


def _own_modules(files: list[Path]) -> set[str]:
    """What an import of these files may name that lies beside or above them."""
    return {place.stem for file in files for place in (*file.parents, *file.parent.iterdir())}


def _is_plain(file: Path, own: set[str]) -> bool:
    """Whether a file uses nothing but CDK, the language's own modules and the app's own, and makes no function."""
    text = read_loosely(file)
    if file.suffix == ".py":
        known = set(_PYTHON.findall(text)) <= own | _OF_CDK | sys.stdlib_module_names
    else:
        known = all(name in _OF_NODE or _OF_CDK_IN_SCRIPTS.match(name) for name in _SCRIPT.findall(text))
    return known and not any(_MAKING.search(call.name) for call in program_of(file, file.parent).program.calls)


def _layers(source: ProgramFile, folder: Path) -> Iterator[Declared]:
    for raw in source.program.calls:
        call = source.program.known(raw)
        if isinstance(call, ProgramCall) and call.name in ("LayerVersion", "PythonLayerVersion"):
            place = layer_place(call, source)
            of = f" of `{place.relative_to(folder)}`" if place and folder in place.parents else ""
            name = next(iter(texts_among(call.positional)), "layer")
            yield Declared(name, source.where(raw), skipped=f"it is a layer{of}, and no function")
