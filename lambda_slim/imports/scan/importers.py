"""Calls that import a module by a name that stands in the source."""

import ast

from lambda_slim.imports.scan.facts import PLACEHOLDER
from lambda_slim.imports.scan.literals import Values, text_of

# Where a call names what it imports, by position or keyword.
_NAMED: dict[str, tuple[str, ...]] = {
    "importlib:import_module": ("name",),
    ":__import__": ("name",),
    "runpy:run_module": ("mod_name",),
    **{
        f"{home}:{name}": ("anchor", "package")
        for home in ("importlib.resources", "importlib_resources")
        for name in ("files", "read_text", "read_binary", "open_text", "open_binary", "contents", "is_resource")
    },
}
_MOST_OF_IMPORT = 4  # arguments of `__import__` before the level


def imported_by(target: str, call: ast.Call, values: Values) -> str:
    """The module that a call surely imports, relative with leading dots; "" for any other call.

    Args:
        target: What is called, as of `facts.Straight.calls`.
        call: The call.
        values: What names stand for.
    """
    if target == "pkgutil:resolve_name":
        return _before_colon(text_of(call.args[0], values) or "") if len(call.args) == 1 else ""
    keywords = _NAMED.get(target)
    if keywords is None:
        return ""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in keywords)]
    name = text_of(given[0], values) if given else None
    if not name:
        return ""
    return _based(name, call, values) if target.startswith("importlib:") else _without_level(name, call)


def _before_colon(text: str) -> str:
    """The module of `pkg.module:name`; of `pkg.name` the package, as the rest may be an attribute.

    "" where a parameter stands in the text, as it may have a colon or a dot itself.
    """
    if PLACEHOLDER in text:
        return ""
    module, colon, _ = text.partition(":")
    return module if colon else text.partition(".")[0]


def _without_level(name: str, call: ast.Call) -> str:
    levelled = len(call.args) > _MOST_OF_IMPORT or any(keyword.arg in ("level", None) for keyword in call.keywords)
    return "" if levelled or name.startswith(".") else name


def _based(name: str, call: ast.Call, values: Values) -> str:
    """`import_module(name, package)` as an absolute name, or one relative to the module itself."""
    if not name.startswith("."):
        return name
    given = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "package")]
    if not given:
        return ""
    if isinstance(given[0], ast.Name) and given[0].id == "__package__":
        return name
    package = text_of(given[0], values)
    rest = name.lstrip(".")
    up = len(name) - len(rest) - 1
    parts = package.split(".") if package else []
    return ".".join((*parts[: len(parts) - up], rest)) if len(parts) > up else ""
