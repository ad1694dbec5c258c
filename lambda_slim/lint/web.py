"""Web applications: which functions a framework calls for a request or an event, and which modules make the app.

Routes are told by their decorators, by the calls that register them (`Route("/", home)`, `path("", views.home)`,
`Depends(user)`), and as methods of classes that frameworks call.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lambda_slim.formats.python_syntax import argument_values, end_name, names_in, nodes_of
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.modules import LOCAL, FunctionNode, ParsedModule
from lambda_slim.lint.syntax import last_name, top_name, within


def makes_app(module: ParsedModule) -> bool:
    """Whether a module makes what Lambda or an adapter calls: `FastAPI()`, `Mangum(app)`, `Chalice(...)`."""
    apps = load_lint_tables().apps
    return any(within(module.dotted(call.func), apps) for call in nodes_of(module.tree, ast.Call))


def has_url_table(module: ParsedModule) -> bool:
    """Whether a module is a URL table of Django, which settings and `include` name by a string."""
    return _is_web(module) and "urlpatterns" in names_in(module.tree, ast.Store)


def decorated_routes(module: ParsedModule) -> Iterator[str]:
    """Qualified names of the functions whose decorators make them routes, and of methods that frameworks call."""
    views, methods = _view_classes(module), load_lint_tables().methods
    for name, node in module.functions.items():
        owner, _, method = name.rpartition(".")
        called_by_framework = last_name(owner) in views and method in methods
        if called_by_framework or _has_route(module, node):
            yield name


def _has_route(module: ParsedModule, function: FunctionNode) -> bool:
    return any(is_route(module, decorator) for decorator in function.decorator_list)


def is_route(module: ParsedModule, decorator: ast.expr) -> bool:
    """Whether a decorator makes a function a route: `@app.get("/")`, `@get("/")`, `@app.not_found`."""
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    tables = load_lint_tables()
    if isinstance(func, ast.Attribute):
        if func.attr in tables.verbs:
            return isinstance(decorator, ast.Call)
        return func.attr in tables.hooked and _is_web(module)
    bare = module.dotted(func)
    return top_name(bare) in tables.web and last_name(bare) in tables.verbs


def registered(module: ParsedModule) -> Iterator[ast.expr]:
    """What is handed to a call that registers routes or dependencies: functions, classes and instances."""
    if not _is_web(module):
        return
    tables = load_lint_tables()
    for call in nodes_of(module.tree, ast.Call):
        if end_name(call.func) in tables.registers:
            yield from _handed_in(argument_values(call))


def _handed_in(values: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """What arguments name or make: themselves, the items of lists, and the class of `View.as_view()`."""
    for value in values:
        match value:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                yield from _handed_in(items)
            case ast.Call(func=ast.Attribute(attr="as_view", value=view)):
                yield view
            case ast.Name() | ast.Attribute() | ast.Call():
                yield value
            case _:
                pass


def _view_classes(module: ParsedModule) -> frozenset[str]:
    """Classes whose methods a framework calls, by what they are derived from."""
    if not _is_web(module):
        return frozenset()
    bases = load_lint_tables().views
    classes = nodes_of(module.tree, ast.ClassDef)
    return frozenset(node.name for node in classes if not bases.isdisjoint(map(end_name, node.bases)))


def _is_web(module: ParsedModule) -> bool:
    web = load_lint_tables().web
    return any(top_name(imported.target) in web for imported in module.imports)


def with_nested_routes(module: ParsedModule) -> ParsedModule:
    """The module with routes in functions that make an app as functions of their own: `create_app.<locals>.home`."""
    nested = dict(_nested_routes(module))
    if not nested:
        return module
    names = {id(node): name for name, node in nested.items()}
    return replace(module, functions={**module.functions, **nested}, names={**module.names, **names})


def _nested_routes(module: ParsedModule) -> Iterator[tuple[str, FunctionNode]]:
    views = _view_classes(module)
    for name, function in module.functions.items():
        for node in _inner_functions(function):
            owner = module.parents.get(id(node))
            if _has_route(module, node):
                yield f"{name}{LOCAL}{node.name}", node
            elif isinstance(owner, ast.ClassDef) and owner.name in views:
                yield f"{name}{LOCAL}{owner.name}.{node.name}", node


def _inner_functions(function: FunctionNode) -> list[FunctionNode]:
    """All functions within a function."""
    return [node for node in ast.walk(function) if isinstance(node, FunctionNode)][1:]
