"""The arguments of a call, and the function that it calls."""

import ast

from lambda_slim.formats.python_syntax import literal_texts
from lambda_slim.imports.scan.values import ANY, HERE, OWN

_LONGEST_EXPRESSION = 120  # characters that a report shows


def source_line(node: ast.expr) -> str:
    """The source of an expression in one line, cut where it is long."""
    return " ".join(ast.unparse(node).split())[:_LONGEST_EXPRESSION]


def first(node: ast.Call, names: tuple[str, ...]) -> ast.expr | None:
    """The first argument, or the first keyword of these names."""
    match node.args:
        case []:
            return next(filter(None, (keyword(node, name) for name in names)), None)
        case [ast.Starred(), *_]:
            return None
        case _:
            return node.args[0]


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """A keyword argument."""
    return next((k.value for k in node.keywords if k.arg == name), None)


def positional(node: ast.Call, place: int) -> ast.expr | None:
    """The argument at a place, None where there are fewer."""
    return node.args[place] if len(node.args) > place else None


def plain(func: ast.expr) -> ast.expr:
    """What is called: `getattr(session, "client")` is `session.client`."""
    match func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
            return ast.Attribute(owner, name, ast.Load())
        case _:
            return func


def with_fromlist(node: ast.Call, patterns: set[str]) -> set[str]:
    """`__import__(name, globals(), locals(), fromlist, level)` as the names that `import_module` would be given."""
    level = getattr(keyword(node, "level") or positional(node, 4), "value", 0)
    if isinstance(level, int):
        patterns = {"." * level + pattern for pattern in patterns}
    names = keyword(node, "fromlist") or positional(node, 3)
    if isinstance(names, ast.List | ast.Tuple):
        patterns |= _members(patterns, names.elts)
    return patterns


def _members(packages: set[str], names: list[ast.expr]) -> set[str]:
    """The names of a fromlist as members of each package."""
    texts = list(filter(None, literal_texts(names)))
    members = {f"{package}.{text}" for package in packages - {OWN, HERE} for text in texts}
    if not all(isinstance(name, ast.Constant) for name in names):
        members |= {f"{package}.{ANY}" for package in packages if ANY not in package}
    return members
