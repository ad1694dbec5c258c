"""What findings mean: `lints.toml`, one table a rule."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says and why.

    Attributes:
        id: Stable: `LS203`.
        name: The same in words, for suppressions: `client-in-handler`.
        title: One clause.
        level: error, warning or info; a finding may differ where it knows more.
        why: What goes wrong on Lambda.
        fix: What to do.
        example: Code or output that it speaks of; may be empty.
        instead: What to write in its place; may be empty.
        safety: What a fix changes, and which one `lint --fix` makes by itself; may be empty.
        source: Where the fact is from.
    """

    id: str
    name: str
    title: str
    level: str
    why: str
    fix: str
    source: str
    example: str = ""
    instead: str = ""
    safety: str = ""


@dataclass(frozen=True, slots=True)
class LintTables:
    """Names that the lints look for.

    Attributes:
        clients: Calls that make a client or a connection, and what they make.
        secrets: Methods that fetch a secret or parameter.
        heavy: Import names that are known to be slow.
        plugins: Modules that are imported for what the import does.
        network: Calls that wait for the network.
        sleeping: Calls that wait for nothing.
        processes: Calls that start a process.
        harmless: Standard modules that nothing on Lambda imports.
        hooks: Modules that may patch what is imported.
        apps: Calls that make what Lambda or an adapter calls.
        web: Top-level packages of web frameworks.
        verbs: Decorators of routes.
        hooked: Decorators of functions that a framework calls, where a module imports one.
        registers: Calls that are handed functions or classes which a framework calls.
        views: Base classes whose methods a framework calls.
        methods: Those methods.
        interfaces: Calls that make an application of a web server's interface, and which: ASGI or WSGI.
        quiet: Modules whose import changes nothing outside them, and the distribution that has each.
    """

    clients: Mapping[str, str]
    secrets: frozenset[str]
    heavy: frozenset[str]
    plugins: frozenset[str]
    network: frozenset[str]
    sleeping: frozenset[str]
    processes: frozenset[str]
    harmless: frozenset[str]
    hooks: frozenset[str]
    apps: frozenset[str]
    web: frozenset[str]
    verbs: frozenset[str]
    hooked: frozenset[str]
    registers: frozenset[str]
    views: frozenset[str]
    methods: frozenset[str]
    interfaces: Mapping[str, str]
    quiet: Mapping[str, str]


@functools.cache
def _table() -> dict[str, dict[str, object]]:
    return tomllib.loads(files("lambda_slim.knowledge").joinpath("lints.toml").read_text("utf-8"))


@functools.cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule of findings by id.

    Raises:
        TypeError: an entry lacks a key or has one that is not known.
    """
    return {id_: Rule(id=id_, **row) for id_, row in _table().items() if id_ != "facts"}  # type: ignore[arg-type]


@functools.cache
def load_lint_tables() -> LintTables:
    """The names that the lints look for."""
    table = _table()["facts"]
    return LintTables(**{key: value if isinstance(value, dict) else frozenset(value) for key, value in table.items()})  # type: ignore[arg-type, call-overload]
