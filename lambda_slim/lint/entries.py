"""Where an invocation begins: handlers that are named, or that look like some."""

from collections.abc import Iterable, Iterator, Mapping

from lambda_slim.lint.modules import ParsedModule

_EVENT_NAMES = frozenset({"event", "_event", "evt", "request", "_"})
_CONTEXT_NAMES = frozenset({"context", "_context", "ctx", "_ctx", "_", "__", "lambda_context"})


def named(modules: Mapping[str, ParsedModule], handlers: Iterable[str]) -> list[tuple[str, str]]:
    """(module, function) of the handlers that are functions."""
    keys = []
    for handler in handlers:
        module, _, name = handler.replace("/", ".").rpartition(".")
        if module in modules and name in modules[module].functions:
            keys.append((module, name))
    return keys


def handler_modules(modules: Mapping[str, ParsedModule], handlers: Iterable[str]) -> set[str]:
    """The modules of handlers, also of objects: `handler = Mangum(app)`, `app = Chalice(...)`."""
    return {handler.replace("/", ".").rpartition(".")[0] for handler in handlers} & modules.keys()


def likely(module: ParsedModule) -> Iterator[tuple[str, str]]:
    """(module, function) of what looks like a handler, by its name and its parameters."""
    for name, node in module.functions.items():
        arguments = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        if "." not in name and len(arguments) == 2 and _looks_like_handler(name, *arguments):
            yield module.name, name


def _looks_like_handler(name: str, first: str, second: str) -> bool:
    if name == "handler" or name.endswith("_handler"):
        return second in _CONTEXT_NAMES
    return first in _EVENT_NAMES and second in _CONTEXT_NAMES - {"_", "__"}
