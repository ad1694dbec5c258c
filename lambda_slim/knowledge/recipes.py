"""What is known of single distributions, one TOML file each: `packages/<normalised name>.toml`.

How a recipe looks, and how to add one: docs/knowledge.md.
"""

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lambda_slim.model.knowledge import AppliesAt, Drop, Hidden, Keep, Named, Recipe, Risk, Sought


def load_recipes(distributions: Iterable[str] | None = None) -> Mapping[str, Recipe]:
    """Recipes by normalised distribution name: of the distributions given (those without one are passed over), or all.

    Raises:
        TypeError: a recipe has a key that is not known, or lacks one.
        ValueError: a value is not among the known ones.
    """
    names = known() if distributions is None else sorted(known() & set(distributions))
    return MappingProxyType({name: _read(name) for name in sorted(names)})


@functools.cache
def known() -> frozenset[str]:
    """The distributions that have a recipe."""
    folder = files("lambda_slim.knowledge").joinpath("packages")
    return frozenset(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def hints(recipes: Mapping[str, Recipe], paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Hidden imports by module, with `package.*` spelt out over the modules that the package paths make.

    What is named only as one of all in a package has a `?` before it: a plugin, of which a run chooses some.
    """
    modules = {name for path in paths if (name := module_of(path))}
    imported: dict[str, set[str]] = {}
    for recipe in recipes.values():
        for hidden in recipe.hidden:
            for name in hidden.imports:
                imported.setdefault(hidden.module, set()).update(_spelt_out(name, modules))
    return {module: _surest(targets) for module, targets in sorted(imported.items()) if targets}


def _surest(targets: set[str]) -> tuple[str, ...]:
    """The targets, sorted, without `?name` where `name` is among them too."""
    return tuple(sorted(name for name in targets if not (name.startswith("?") and name[1:] in targets)))


def named_modules(recipes: Mapping[str, Recipe]) -> Callable[[str], bool]:
    """Whether the computed imports of a module load only what settings name."""
    entries = [entry for recipe in recipes.values() for entry in recipe.named]
    return lambda module: any(entry.speaks_of(module) for entry in entries)


def sought_modules(recipes: Mapping[str, Recipe]) -> dict[str, tuple[str, ...]]:
    """The applications that look for a submodule in all others, by the submodule's name."""
    return {entry.submodule: entry.by for recipe in recipes.values() for entry in recipe.sought}


_SUITES = frozenset({"tests", "test", "conftest"})  # `package.*` does not mean its test suite; that can be named itself


def _spelt_out(name: str, modules: set[str]) -> Iterable[str]:
    if name.endswith(".*"):
        package = name.removesuffix(".*")
        inside = [module for module in modules if module == package or module.startswith(f"{package}.")]
        return [f"?{module}" for module in inside if _SUITES.isdisjoint(module[len(package) :].split("."))]
    return [name] if name in modules else []


def module_of(path: str) -> str:
    """The module that a package path is: `a/b/__init__.py` is `a.b`, `a/c.cpython-312-x86_64-linux-gnu.so` is `a.c`."""
    stem, dot, ending = path.rpartition("/")[2].partition(".")
    if not dot or not (ending == "py" or ending.endswith("so")) or not stem.isidentifier():
        return ""
    folder = path.rpartition("/")[0].replace("/", ".")
    return ".".join(part for part in (folder, "" if stem == "__init__" else stem) if part)


@functools.cache
def _read(name: str) -> Recipe:
    text = files("lambda_slim.knowledge").joinpath("packages", f"{name}.toml").read_text("utf-8")
    return parse_recipe(name, tomllib.loads(text))


def parse_recipe(name: str, table: Mapping[str, Any]) -> Recipe:
    """A recipe from its TOML table.

    Raises:
        TypeError: a key is not known, or one is missing.
        ValueError: a value is not among the known ones, or the file is named otherwise than its distribution.
    """
    if table.get("distribution") != name:
        msg = f"packages/{name}.toml speaks of `{table.get('distribution')}`"
        raise ValueError(msg)
    row: dict[str, Any] = {key: _frozen(value) for key, value in table.items()}
    row["keep"] = tuple(Keep(**part) for part in row.get("keep", ()))
    row["hidden"] = tuple(Hidden(**part) for part in row.get("hidden", ()))
    row["named"] = tuple(Named(**part) for part in row.get("named", ()))
    row["sought"] = tuple(Sought(**part) for part in row.get("sought", ()))
    row["drop"] = tuple(
        Drop(**part | {"risk": Risk(part["risk"]), "level": AppliesAt(part.get("level", "reach"))})
        for part in row.get("drop", ())
    )
    return Recipe(**row)


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return {key: _frozen(part) for key, part in value.items()}
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
