"""What a file is, by its name and place."""

import re

from lambda_slim.model.file import FileKind

_NATIVE = frozenset(
    {".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".pyx", ".pxd", ".pxi", ".a", ".f", ".f90", ".o", ".lib"}
)
_PYTHON = {".py": FileKind.SOURCE, ".pyc": FileKind.BYTECODE, ".pyo": FileKind.BYTECODE}
_KINDS = {**dict.fromkeys(_NATIVE, FileKind.NATIVE), **_PYTHON, ".so": FileKind.LIBRARY, ".pyi": FileKind.STUB}
_LICENCE = re.compile(
    r"(^|/)(licen[cs]es?|copying|notice|authors|copyright)([._-][^/]*)?$|\.dist-info/licen[cs]es/", re.IGNORECASE
)


def kind_of(path: str) -> FileKind:
    """What a file is, by its name and place."""
    name = path.rpartition("/")[2]
    suffix = name[name.rfind(".") :] if "." in name else ""
    if ".dist-info/" in path or ".egg-info/" in path:
        return FileKind.LICENCE if _LICENCE.search(path) else FileKind.METADATA
    if ".so." in name and suffix not in _PYTHON:
        return FileKind.LIBRARY
    if suffix in _KINDS:
        return _KINDS[suffix]
    return FileKind.LICENCE if _LICENCE.search(path) else FileKind.DATA
