"""One source file to its facts."""

import ast
import gc

from lambda_slim.imports.scan.scan import scan_source


def trees():
    return sum(isinstance(node, ast.AST) for node in gc.get_objects())


def test_no_syntax_tree_stays_in_memory_until_cycles_are_looked_for():
    """Workers look for none."""
    source = (
        b"import os\nNAMES = ['a', 'b']\n\n\ndef handler(event, context):\n    return __import__(event['name'])\n" * 9
    )
    gc.collect()
    gc.disable()
    try:
        before = trees()
        assert scan_source(source, (3, 12), own=True).imports
        assert trees() == before
    finally:
        gc.enable()
