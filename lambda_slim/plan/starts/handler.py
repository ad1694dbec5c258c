"""Is the handler there, and can Lambda call it? Names are followed through first-party modules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from lambda_slim.base.rows import by_name
from lambda_slim.imports.scan.bound import ANY
from lambda_slim.imports.scan.facts import ALIAS, ANSWER, CALL, GONE, MODULE, VALUE, Shape, extended
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Module
from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.places import Places, absolute
from lambda_slim.plan.starts.providers import Given, module_given

_MOST_HOPS = 8
_USUAL = ("handler", "lambda_handler", "main")
_RULES = {GONE: "LS131", VALUE: "LS135", CALL: "LS135", ANSWER: "LS136"}
_HINTS = {
    GONE: "bind it where the import of the module always does",
    VALUE: "name a function that takes event and context",
    CALL: "give it two parameters, `def handler(event, context):`, or wrap it in a function that has them",
    ANSWER: "write `def handler(event, context):` and return what JSON can hold",
}
_ADAPTERS = {"ASGI": "`handler = Mangum(app)`", "WSGI": "`handler = apig_wsgi.make_lambda_handler(app)`"}


@dataclass(frozen=True, slots=True)
class _Binding:
    """What a name stands for, and the module whose line says so."""

    module: Module
    shape: Shape


def handler_findings(function: Function, places: Places) -> Iterator[Finding]:
    """What is wrong with the handler: its module or name does not exist, or Lambda cannot call it."""
    if function.script:
        return
    name, attribute = function.module, function.attribute
    absent = places.absent(name)
    if absent is not None:
        if absent.certain:
            yield _no_module(function, places)
    elif name in places.present:
        fault = None if _is_started_otherwise(function) else _resolved(places, name, attribute)
        if fault is not None:
            yield _faulty(function, places, fault)
        elif places.lacks(name, attribute):
            yield _no_name(function, places)


def _is_started_otherwise(function: Function) -> bool:
    """Whether something unknown may call the handler: an exec wrapper, or another runtime."""
    foreign = function.image is not None and not function.image.managed
    return foreign or "AWS_LAMBDA_EXEC_WRAPPER" in function.environment


def _no_module(function: Function, places: Places) -> Finding:
    near = get_close_matches(function.module, places.present, 1)
    hint = f"did you mean `{near[0]}.{function.attribute}`?" if near else "give --handler, or fix it there"
    return Finding("LS130", "error", f"the handler's module `{function.module}` is not in the package", hint=hint)


def _no_name(function: Function, places: Places) -> Finding:
    path = places.modules[function.module].path
    near = get_close_matches(function.attribute, sorted(places.binds(function.module)), 1)
    hint = f"did you mean `{function.module}.{near[0]}`?" if near else "give --handler, or fix it there"
    return Finding("LS131", "error", f"the handler `{function.attribute}` is not in `{path}`", path, 1, hint=hint)


def _faulty(function: Function, places: Places, fault: _Binding) -> Finding:
    shape = fault.shape
    hint, told = _HINTS.get(shape.kind, ""), shape.text
    if shape.kind == ANSWER:
        told += " is nothing that JSON can hold"
    elif shape.kind == MODULE:
        told = f"is the module `{shape.text}`, not a function"
        bound = places.binds(shape.text) if shape.text in places.present else ()
        usual = next((name for name in _USUAL if name in bound), "")
        hint = f"did you mean `{shape.text}.{usual}`?" if usual else _HINTS[VALUE]
    elif shape.kind == ALIAS:
        kind = load_lint_tables().interfaces[shape.text]
        told = f"is {'an' if kind == 'ASGI' else 'a'} {kind} application, which Lambda cannot call"
        hint = f"let an adapter be the handler: {_ADAPTERS[kind]}"
    message = f"the handler `{function.attribute}` {told}"
    return Finding(_RULES.get(shape.kind, "LS135"), "error", message, fault.module.path, shape.line, hint=hint)


def _resolved(places: Places, name: str, expression: str) -> _Binding | None:
    """What is wrong with the object behind `name:expression`; None where nothing is, or where that is not known."""
    first: _Binding | None = None
    for _ in range(_MOST_HOPS):
        shape = _shape(places, name, expression) if name in places.present else None
        if shape is None:
            return None
        here = _Binding(places.modules[name], shape)
        first = first or here
        if shape.kind == MODULE:
            return (
                replace(first, shape=shape._replace(line=first.shape.line)) if _is_module(places, shape.text) else None
            )
        if shape.kind != ALIAS:
            return here
        home, _, expression = shape.text.rpartition(":")
        level = len(home) - len(home.lstrip("."))
        name = absolute(here.module, level, home[level:])
        made = f"{name}.{expression.removesuffix('()')}"
        if expression.endswith("()") and made in load_lint_tables().interfaces:
            return replace(first, shape=Shape(expression, first.shape.line, ALIAS, made))
    return None


def _shape(places: Places, name: str, expression: str) -> Shape | None:
    """What a module says about an expression of its names; None where that is not known, or nothing is wrong."""
    module, facts = places.modules[name], places.facts(name)
    if ANY in facts.bound or not (module.namespace or places.has_source(module)):
        return None
    rows = by_name(facts.shapes)
    root = expression.partition(".")[0].partition("(")[0]
    rest = expression.removeprefix(root)
    known = rows.get(expression) or rows.get(root)
    if known is not None:
        is_import = known.kind in (ALIAS, MODULE)
        taken = Shape(expression, known.line, ALIAS, extended(known, rest)) if is_import else None
        return known if known.name == expression else taken
    return None if root in places.binds(name) else _brought(places, module, root, rest)


def _brought(places: Places, module: Module, root: str, rest: str) -> Shape | None:
    """The origin of a name that no statement of a module binds: a star import, or a submodule."""
    for star in places.starred(module):
        if star in places.present and root in places.binds(star):
            return Shape(root + rest, 1, ALIAS, f"{star}:{root}{rest}")
    submodule = f"{module.name}.{root}"
    if submodule not in places.present or places.has(module.name, root) is not Given.NO:
        return None
    if not rest:
        return Shape(root, 1, MODULE, submodule)
    return Shape(root + rest, 1, ALIAS, f"{submodule}:{rest[1:]}") if rest[0] == "." else None


def _is_module(places: Places, name: str) -> bool:
    """Whether a name of the import system surely stands for a module: nothing puts another object there."""
    if name not in places.present:
        return module_given(places.providers, name) is Given.YES
    module = places.modules[name]
    return module.namespace or (places.has_source(module) and ANY not in places.facts(name).bound)
