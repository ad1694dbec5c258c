"""Where do imports start? At the handler, and at what else is started, named, loaded by its path, or kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lambda_slim.imports.walk import named_modules, reach
from lambda_slim.model.evidence import PlanInputs
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.knowledge import Junk
from lambda_slim.model.settings import Settings
from lambda_slim.plan.evidence.path_folders import below, named_folders
from lambda_slim.plan.evidence.started import find_started


@dataclass(frozen=True, slots=True)
class Roots:
    """The modules that the import graph is followed from, by name.

    Attributes:
        modules: All of them.
        added: Those that no run starts: loaded by their path, kept by a setting, or restored.
        loaded_files: First-party files that may be loaded by their path.
    """

    modules: tuple[str, ...]
    added: tuple[str, ...]
    loaded_files: frozenset[str]


def find_roots(inputs: PlanInputs, module_of: Mapping[str, str], junk: Mapping[str, Junk]) -> Roots:
    """The roots of one function's imports.

    Args:
        inputs: See `PlanInputs`.
        module_of: A module's file to its name.
        junk: What looks like junk.
    """
    function, inventory, imports = inputs.function, inputs.inventory, inputs.imports
    kept = _modules((*inputs.restored, *kept_by_setting(inputs.settings, module_of)), module_of)
    started = [function.module, *find_started(function, inventory, imports)]
    named = named_modules(imports, function.environment.values())
    first = reach(imports, [*started, *named]).files
    # Paths that only tests and scripts put together do not count: they would bring in their own folder.
    path_makers = (file for file in inventory.files if file.path not in junk or file.path in first)
    loaded_files = below(named_folders(path_makers), inventory.files)
    loaded = _modules(sorted(loaded_files), module_of)
    in_layers = _modules((file.path for file in inventory.beside if file.owner == FIRST_PARTY), module_of)
    seen = inputs.trace.modules if inputs.trace else ()
    return Roots((*started, *named, *loaded, *in_layers, *seen, *kept), (*loaded, *kept), loaded_files)


def _modules(paths: Iterable[str], module_of: Mapping[str, str]) -> list[str]:
    """The modules among some files."""
    return [module_of[path] for path in paths if path in module_of]


def kept_by_setting(settings: Settings, paths: Iterable[str]) -> Iterator[str]:
    """The paths that the `keep` setting names: a kept module needs what it imports."""
    if not settings.keep:
        return iter(())
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(settings.keep).match_files(paths)
