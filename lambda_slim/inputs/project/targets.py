"""The runtime and architecture that a function is built for."""

from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_loosely
from lambda_slim.knowledge.runtimes import retired_hint, runtimes
from lambda_slim.model.settings import FunctionSettings, Settings
from lambda_slim.model.target import Target

_ARCHITECTURES = ("x86_64", "arm64")


def known_target(runtime: str, architecture: str, where: str) -> Target:
    """The target of these names.

    Raises:
        ConfigError: the runtime or the architecture is not known; names the nearest.
    """
    known = runtimes()
    if told := retired_hint(runtime):
        cause, _, hint = told.partition("; ")
        raise ConfigError(f"{where}: `{runtime}` is a retired runtime", cause=cause, hint=hint)
    if runtime not in known:
        near = get_close_matches(runtime, known, 1) or [list(known)[-3]]
        raise ConfigError(
            f"{where}: `{runtime}` is not a Python runtime that I know",
            cause=f"known: {', '.join(known)}",
            hint=f"did you mean `{near[0]}`? (--python {known[near[0]].python})",
        )
    if architecture not in _ARCHITECTURES:
        raise ConfigError(
            f"{where}: `{architecture}` is not an architecture of Lambda",
            cause=f"known: {', '.join(_ARCHITECTURES)}",
            hint="fix it there, or give --arch",
        )
    return Target(known[runtime], architecture)


def default_target(settings: Settings, table: FunctionSettings, warnings: list[str], root: Path) -> Target:
    """What the settings say, else the usual runtime and x86_64, with a warning."""
    runtime = settings.runtime or table.runtime
    if runtime is None:
        runtime = f"python{_newest_supported(root)}"
        warnings.append(f"{table.name}: no runtime is named; building for {runtime} (set `runtime`, or --python)")
    return known_target(runtime, settings.architecture or table.architecture or "x86_64", table.where or table.name)


def _newest_supported(root: Path) -> str:
    """What `.python-version` says, else the newest runtime that is neither in preview nor needs a newer tool chain."""
    pin = root / ".python-version"
    known = {runtime.python for runtime in runtimes().values() if not runtime.preview}
    if pin.is_file():
        said = ".".join(read_loosely(pin).strip().removeprefix("python").split(".")[:2])
        if said in known:
            return said
    return "3.12"
