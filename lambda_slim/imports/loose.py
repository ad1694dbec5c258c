"""Reading what today's parser cannot: other Pythons' syntax, broken files, files that are really data."""

import ast
import re

from lambda_slim.imports import facts as f

_STATEMENT = re.compile(
    rb"^[ \t]*(?:lazy[ \t]+)?"
    rb"(from[ \t]+[.\w]+[ \t]+import[ \t]*(?:\([^)]*\)|[^\n;#]+(?:\\\n[^\n;#]*)*)|import[ \t]+[\w., \t]+)",
    re.MULTILINE,
)
_TEXT = re.compile(rb"""(?<![\w"'])["'](\.{0,3}[A-Za-z_]\w*(?:\.\w+)+(?::\w+)?)["']""")
_DYNAMIC = re.compile(rb"\b(?:import_module|__import__|import_string)\(\s*([^)\n]*)")


def scan_loosely(source: bytes) -> f.Facts:
    """Import statements and quoted names, line by line; an import by computed name counts as unknown."""
    imports: list[f.Import] = []
    for match in _STATEMENT.finditer(source):
        line = source.count(b"\n", 0, match.start()) + 1
        try:
            node = ast.parse(match[1].decode(errors="replace").strip()).body[0]
        except (SyntaxError, ValueError, IndexError):
            continue
        imports += imports_of(node, line)
    strings = {m[1].decode(): source.count(b"\n", 0, m.start()) + 1 for m in _TEXT.finditer(source)}
    dynamic = [
        f.Dynamic(
            source.count(b"\n", 0, m.start()) + 1,
            f.DEFERRED,
            f.NAME,
            ("*",),
            "",
            "c",
            "",
            m[0].decode(errors="replace")[:120],
        )
        for m in _DYNAMIC.finditer(source)
        if not m[1].lstrip().startswith((b'"', b"'"))
    ]
    rows = tuple((line, text) for text, line in strings.items())
    return f.Facts(tuple(imports), tuple(dynamic), strings=rows, readable=False)


def imports_of(node: ast.stmt, line: int) -> list[f.Import]:
    """The facts of one import statement."""
    if isinstance(node, ast.Import):
        return [f.Import(line, f.DEFERRED, 0, alias.name, None, alias.asname or "") for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = tuple(f"{a.name}:{a.asname}" if a.asname else a.name for a in node.names)
        return [f.Import(line, f.DEFERRED, node.level, node.module or "", names)]
    return []
