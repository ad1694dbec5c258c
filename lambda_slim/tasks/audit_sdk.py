"""A package with a part of the AWS SDK: the rest would come from the runtime, in another version."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from lambda_slim.base.units import show_count
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import nodes_of
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding

_ROOTS = re.compile(r"^(?:python/(?:lib/python3\.\d+/site-packages/)?)?")  # a layer has everything in `python/`
_SHARED = {  # data to the module that reads it: botocore 1.24 has neither the second nor its module
    "botocore/data/endpoints.json": "botocore/regions",
    "botocore/data/partitions.json": "botocore/endpoint_provider",
}
_MODEL = re.compile(r"botocore/data/[^/]+/[^/]+/service-2\.json(?:\.gz)?\Z")
_HINT = "ship all of the AWS SDK, or nothing of it (--sdk runtime)"


@dataclass(frozen=True, slots=True)
class _Audited:
    """A package's files by path from its root, and the modules at its root."""

    files: Mapping[str, bytes]
    tops: frozenset[str]


def sdk_findings(members: Iterable[Member]) -> tuple[Finding, ...]:
    """At most one finding: on a package with a part of the AWS SDK, or with only what the runtime's SDK needs."""
    files = {_ROOTS.sub("", member.name): member.data for member in members}
    package = _Audited(files, frozenset(re.split(r"/|\.pyc?\Z", path)[0] for path in files))
    if load_aws().sdk & package.tops:
        return _partial(package)
    there = sorted(name for name, module in load_aws().companions.items() if module in package.tops)
    user = next(_users(package), "") if there else ""
    if not user:
        return ()
    message = f"the runtime's AWS SDK, which {user} imports, takes {', '.join(there)} from this package"
    return (Finding("LS118", "info", message, file=user, hint="ship boto3 as well, so that the versions go together"),)


def _partial(package: _Audited) -> tuple[Finding, ...]:
    """At most one finding: the gravest gap in the SDK of a package with boto3 or botocore."""
    aws = load_aws()
    sources = tuple(
        (path, data) for path, data in package.files.items() if path.partition("/")[0] in (*aws.sdk, "s3transfer")
    )
    broken = chain(_missing(package, sources), _bare(package))
    hollow = chain(_dangling(package, sources), _unrecorded(package))
    for level, lacks in (("error", broken), ("warning", hollow)):
        for told in lacks:
            return (Finding("LS118", level, f"only a part of the AWS SDK is in the package: {told}", hint=_HINT),)
    return ()


def _missing(package: _Audited, sources: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    """Distributions that the SDK imports as soon as it is imported, and that are not there."""
    for module in (*sorted(load_aws().sdk), "s3transfer", *load_aws().companions.values()):
        importer = next((path for path, data in sources if _imports(path, data, module)), "")
        if module not in package.tops and importer:
            yield f"{importer} imports {module}, which is not there"


def _bare(package: _Audited) -> Iterator[str]:
    """Data without which botocore makes no client."""
    if "botocore" in package.tops:
        read = (path for path, module in _SHARED.items() if {f"{module}.py", f"{module}.pyc"} & package.files.keys())
        yield from (f"{path} is not there" for path in read if path not in package.files)
        if not any(map(_MODEL.match, package.files)):
            yield "it has no service's model"


def _imports(path: str, data: bytes, module: str) -> bool:
    """Whether a module imports another when it is imported itself."""
    if path.endswith(".py"):
        return bool(re.search(rb"^(?:from|import)\s+" + module.encode() + rb"\b", data, re.MULTILINE))
    # In bytecode, the name is a short string: its length, then its letters.
    return path.endswith(".pyc") and bytes([len(module)]) + module.encode() in data


_INSIDE = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+((?:boto3|botocore|s3transfer)(?:\.\w+)+)(?= import |[ \t]*$)", re.MULTILINE
)


def _dangling(package: _Audited, sources: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    """Modules of the SDK that its own sources import, anywhere in them, and that are not there."""
    folders = {path.rpartition("/")[0] for path in package.files}
    for path, data in sources:
        if not path.endswith(".py"):
            continue
        for name in sorted({name.decode() for name in _INSIDE.findall(data)}):
            there = name.replace(".", "/") in folders or _is_in_a_file(name, package)
            if not there and name in _imported(data):
                yield f"{path} imports {name}, which is not there"


def _is_in_a_file(name: str, package: _Audited) -> bool:
    """Whether a file has a module, or one above it, which then makes it itself: `six.moves`."""
    parts = name.split(".")
    places = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any({f"{place}.py", f"{place}.pyc"} & package.files.keys() for place in places)


def _imported(source: bytes) -> frozenset[str]:
    """Modules that a source imports, but for those that it can do without; a docstring may quote imports too."""
    try:
        tree = parse_python(source)
    except (SyntaxError, ValueError):
        return frozenset()
    optional = _inside_try(tree)
    modules: set[str] = set()
    for node in ast.walk(tree):
        if node not in optional:
            modules.update(_modules_named(node))
    return frozenset(modules)


def _modules_named(node: ast.AST) -> list[str]:
    """The modules that an import statement names; none of any other node."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module):
            return [module or ""]
        case _:
            return []


def _inside_try(tree: ast.AST) -> set[ast.AST]:
    return {*chain.from_iterable(map(ast.walk, nodes_of(tree, ast.Try)))}


def _unrecorded(package: _Audited) -> Iterator[str]:
    """Modules that an installer has recorded and that are gone."""
    for path, data in package.files.items():
        folder, _, name = path.partition("/")
        if (
            name == "RECORD"
            and folder.endswith(".dist-info")
            and folder.partition("-")[0] in (*load_aws().sdk, "s3transfer")
        ):
            recorded = (line.partition(",")[0] for line in data.decode("utf-8", "replace").splitlines())
            gone = [module for module in recorded if _is_gone(module, package)]
            if gone:
                yield _not_there(path, gone)


def _not_there(path: str, gone: Sequence[str]) -> str:
    if len(gone) == 1:
        return f"{path} lists {gone[0]}, which is not there"
    return f"{path} lists {gone[0]} and {show_count(len(gone) - 1)} more, which are not there"


def _is_gone(path: str, package: _Audited) -> bool:
    return path.endswith(".py") and not {path, f"{path}c"} & package.files.keys()


def _users(package: _Audited) -> Iterator[str]:
    """Modules that import the SDK."""
    wanted = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(?:boto3|botocore)\b", re.MULTILINE)
    sources = ((path, data) for path, data in sorted(package.files.items()) if path.endswith(".py") and b"boto" in data)
    yield from (path for path, data in sources if wanted.search(data))
