"""Reading what today's parser cannot: other Pythons' syntax, broken files, files that are really data."""

import ast
import re

from lambda_slim.formats.python_source import parse_python
from lambda_slim.imports.scan import facts as f

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
    imports: list[f.ScannedImport] = []
    for match in _STATEMENT.finditer(source):
        line = source.count(b"\n", 0, match.start()) + 1
        try:
            node = parse_python(match[1].decode(errors="replace").strip()).body[0]
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
    chains = {m[0].decode(): None for m in _CHAIN.finditer(source)}
    roots = {name.rpartition(":")[2] for one in imports for name in one.names or (one.alias or one.module,)}
    return f.SourceFacts(
        tuple(imports),
        tuple(dynamic),
        tuple(f.Chain(0, f.DEFERRED, *c.split(".", 1)) for c in chains if c.partition(".")[0] in roots),
        rows,
        groups=tuple((0, (m[1].decode(),)) for m in _GROUP.finditer(source)),
        services=tuple(service_of(m) for m in _CLIENT.finditer(source)),
        readable=False,
    )


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
