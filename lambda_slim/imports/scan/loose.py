"""Reads sources that this Python's parser rejects: syntax of other versions, broken files, files that hold data."""

import ast
import re
from collections.abc import Iterable, Iterator

from lambda_slim.formats.python_source import parse_python
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, COMPUTED

_STATEMENT = re.compile(
    rb"^[ \t]*(?:lazy[ \t]+)?"
    rb"(from[ \t]+[.\w]+[ \t]+import[ \t]*(?:\([^)]*\)|[^\n;#]+(?:\\\n[^\n;#]*)*)|import[ \t]+[\w., \t]+)",
    re.MULTILINE,
)
# Newer syntax that can be taken out of a source without changing what it imports, or on which line.
_SOFTER: tuple[tuple[re.Pattern[bytes], bytes], ...] = (
    (re.compile(rb"^([ \t]*)lazy[ \t]+(?=import\b|from\b)", re.MULTILINE), rb"\1"),  # PEP 810
    (re.compile(rb"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]=]*\])?[ \t]*=", re.MULTILINE), rb"\1\2 ="),  # PEP 695
    (re.compile(rb"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)[ \t]*\[[^\]]*\]", re.MULTILINE), rb"\1"),
    (re.compile(rb"^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", re.MULTILINE), rb"\1(\2):"),  # 758
    (re.compile(rb"\bt(?=[\"'])"), b"f"),  # PEP 750
)
_TEXT = re.compile(rb"""(?<![\w"'])["'](\.{0,3}[A-Za-z_]\w*(?:\.\w+)+(?::\w+)?)["']""")
_CHAIN = re.compile(rb"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,4}")
_GROUP = re.compile(rb"\b(?:iter_)?entry_points\(\s*(?:group\s*=\s*)?[\"']([\w.-]+)[\"']")
_CLIENT = re.compile(rb"\b([\w.]*(?:boto3|session|Session\(\))\.(?:client|resource))\(\s*(?:[\"']([\w-]+)[\"'])?")
_DYNAMIC = re.compile(rb"\b(?:import_module|__import__|import_string)\(\s*([^)\n]*)")


def soften(source: bytes) -> bytes:
    """A source with the newest syntax rewritten to older syntax of the same imports."""
    for pattern, older in _SOFTER:
        source = pattern.sub(older, source)
    return source


def scan_loosely(source: bytes) -> f.SourceFacts:
    """Import statements and quoted names, line by line; an import by computed name counts as unknown."""
    imports = list(_statements(source))
    strings = {match[1].decode(): _line(source, match) for match in _TEXT.finditer(source)}
    return f.SourceFacts(
        imports=tuple(imports),
        dynamic=tuple(_dynamic(source)),
        chains=tuple(_chains(source, imports)),
        strings=tuple((line, text) for text, line in strings.items()),
        groups=tuple((0, (match[1].decode(),)) for match in _GROUP.finditer(source)),
        services=tuple(service_of(match) for match in _CLIENT.finditer(source)),
        readable=False,
    )


def _line(source: bytes, match: re.Match[bytes]) -> int:
    return source.count(b"\n", 0, match.start()) + 1


def _statements(source: bytes) -> Iterator[f.ScannedImport]:
    """The import statements that can be parsed alone."""
    for match in _STATEMENT.finditer(source):
        try:
            node = parse_python(match[1].decode(errors="replace").strip()).body[0]
        except (SyntaxError, ValueError, IndexError):
            continue
        yield from imports_of(node, _line(source, match))


def _dynamic(source: bytes) -> Iterator[f.Dynamic]:
    """Calls of import functions that do not quote a name."""
    for match in _DYNAMIC.finditer(source):
        if not match[1].lstrip().startswith((b'"', b"'")):
            text = match[0].decode(errors="replace")[:120]
            yield f.Dynamic(_line(source, match), f.DEFERRED, f.NAME, (ANY,), "", COMPUTED, "", text)


def _chains(source: bytes, imports: Iterable[f.ScannedImport]) -> Iterator[f.Chain]:
    """Attributes taken from what is imported."""
    roots: set[str] = set()
    for statement in imports:
        names = statement.names or (statement.alias or statement.module,)
        roots.update(name.rpartition(":")[2] for name in names)
    for text in dict.fromkeys(match[0].decode() for match in _CHAIN.finditer(source)):
        root, _, attributes = text.partition(".")
        if root in roots:
            yield f.Chain(0, f.DEFERRED, root, attributes)


def service_of(match: re.Match[bytes]) -> f.Service:
    """A call of `client` or `resource`; one that does not quote a name is of unknown service."""
    name = match[2].decode() if match[2] else "*"
    text = match[0].decode(errors="replace")
    return f.Service(0, match[1].decode(), (name,), "" if match[2] else "c", "", text)


def imports_of(node: ast.stmt, line: int) -> list[f.ScannedImport]:
    """The facts of one import statement."""
    if isinstance(node, ast.Import):
        return [f.ScannedImport(line, f.DEFERRED, 0, alias.name, None, alias.asname or "") for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = tuple(f"{a.name}:{a.asname}" if a.asname else a.name for a in node.names)
        return [f.ScannedImport(line, f.DEFERRED, node.level, node.module or "", names)]
    return []
