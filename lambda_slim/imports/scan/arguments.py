"""The arguments of a call, and the function that it calls."""

import ast

from lambda_slim.imports.scan.values import ANY, HERE, OWN

_LONGEST_EXPRESSION = 120  # characters that a report shows


def source_line(node: ast.expr) -> str:
    """The source of an expression in one line, cut where it is long."""
    return " ".join(ast.unparse(node).split())[:_LONGEST_EXPRESSION]


def first(node: ast.Call, names: tuple[str, ...]) -> ast.expr | None:
    """The first argument, or the first keyword of these names."""
    if node.args:
        return None if isinstance(node.args[0], ast.Starred) else node.args[0]
    return next((value for name in names if (value := keyword(node, name)) is not None), None)


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """A keyword argument."""
    return next((k.value for k in node.keywords if k.arg == name), None)


def positional(node: ast.Call, place: int) -> ast.expr | None:
    """The argument at a place, None where there are fewer."""
    return node.args[place] if len(node.args) > place else None


def all_values(node: ast.Call) -> list[ast.expr]:
    """The positional arguments, then the values of the keyword arguments."""
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def is_text(node: ast.AST | None) -> bool:
    """Whether an expression is a literal text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def literal_texts(nodes: list[ast.expr]) -> list[str]:
    """Those of some expressions that are literal texts."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def plain(func: ast.expr) -> ast.expr:
    """What is called: `getattr(session, "client")` is `session.client`."""
    if not (isinstance(func, ast.Call) and isinstance(func.func, ast.Name) and func.func.id == "getattr"):
        return func
    name = positional(func, 1)
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return ast.Attribute(func.args[0], name.value, ast.Load())
    return func


def with_fromlist(node: ast.Call, patterns: set[str]) -> set[str]:
    """`__import__(name, globals(), locals(), fromlist, level)` as the names that `import_module` would be given."""
    level = keyword(node, "level") or positional(node, 4)
    if isinstance(level, ast.Constant) and isinstance(level.value, int) and level.value > 0:
        patterns = {"." * level.value + pattern for pattern in patterns}
    names = keyword(node, "fromlist") or positional(node, 3)
    if isinstance(names, ast.List | ast.Tuple):
        patterns |= _members(patterns, names.elts)
    return patterns


def _members(packages: set[str], names: list[ast.expr]) -> set[str]:
    """The names of a fromlist as members of each package."""
    texts = [text for text in literal_texts(names) if text]
    members = {f"{package}.{text}" for package in packages - {OWN, HERE} for text in texts}
    if not all(isinstance(name, ast.Constant) for name in names):
        members |= {f"{package}.{ANY}" for package in packages if ANY not in package}
    return members
