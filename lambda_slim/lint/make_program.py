"""From files and handlers to the program of a project: what INIT loads, and where invocations begin."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lambda_slim.base.rows import by_name
from lambda_slim.lint.entries import handler_modules, likely, named
from lambda_slim.lint.instances import called, called_handlers
from lambda_slim.lint.modules import ParsedModule, local_imports
from lambda_slim.lint.program import Key, Program
from lambda_slim.lint.web import decorated_routes, has_url_table, makes_app, registered


def make_program(modules: Sequence[ParsedModule], handlers: Iterable[str] = ()) -> Program:
    """The program of some files.

    Args:
        modules: First-party files.
        handlers: As Lambda reads them, `src.app.handler`; where none is given, functions that look like handlers.
    """
    known = by_name(modules)
    handlers = tuple(handlers)
    objects = called_handlers(Program(known, (), frozenset()), handlers)
    keys = tuple([*named(known, handlers), *objects] or (key for module in modules for key in likely(module)))
    program = Program(known, keys, frozenset())
    roots = {*(module for module, _ in keys), *handler_modules(known, handlers)}
    init = _loaded(program, roots if handlers else roots | _chosen(known, makes_app))
    if init:
        init |= _loaded(program, _chosen(known, has_url_table))
    while not (more := frozenset(_by_functions(Program(known, keys, init)))) <= init:
        init |= _loaded(program, more)
    return Program(known, keys, init, tuple(dict.fromkeys(_routes(program, init))))


def _by_functions(program: Program) -> Iterator[str]:
    """The modules that functions load which INIT calls: the blueprints of a `create_app`."""
    for name, function in program.starts():
        module = program.modules[name]
        loaded = program.imported_by(module, local_imports(module, module.functions[function]))
        yield from (name for name in loaded if name in program.modules)


def _chosen(modules: Mapping[str, ParsedModule], wanted: Callable[[ParsedModule], bool]) -> set[str]:
    return {name for name, module in modules.items() if wanted(module)}


def _routes(program: Program, init: frozenset[str]) -> Iterator[Key]:
    """What frameworks call for some requests: decorated functions, registered ones, methods of views."""
    for name in sorted(init):
        module = program.modules[name]
        yield from ((name, route) for route in decorated_routes(module))
        for value in registered(module):
            if key := program.function(module, value) or called(program, module, value):
                yield key
            else:
                yield from program.methods(module, value)


def _loaded(program: Program, roots: Iterable[str]) -> frozenset[str]:
    """The modules that importing some modules loads, themselves and packages above them included."""
    seen: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name not in seen and name in program.modules:
            seen.add(name)
            todo.extend(program.imported_by(program.modules[name]))
    return frozenset(seen)
