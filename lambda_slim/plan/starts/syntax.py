"""Which version of Python can compile a source?"""

import ast
import functools
import re
import sys
import warnings

from lambda_slim.imports.scan.loose import soften

_NEW_TEXT = re.compile(rb"""\b[fFtT][rR]?["']|\b[rR][fFtT]["']""")


@functools.lru_cache(maxsize=128)
def syntax_fault(source: bytes, version: tuple[int, int]) -> SyntaxError | None:
    """Why a version of Python cannot compile a source; None where it can, or where this Python is too old to tell."""
    here = sys.version_info[:2]
    if version > here and _NEW_TEXT.search(source):
        return None  # what may stand in f-strings has changed most
    tried = soften(source) if version > here else source
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(tried, "module", "exec", dont_inherit=True)
            if version < here:
                ast.parse(source, feature_version=version)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return None
    return None
