"""What starts before the handler, or in its place: wrappers of vendors, shell scripts, PYTHONPATH."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.base.text import clause
from lambda_slim.formats.shell import ShellStarts, parse_shell
from lambda_slim.knowledge.layers import wrappers
from lambda_slim.model.function import Function
from lambda_slim.model.layout import locate

_TASK_ROOT = re.compile(r"^(?:\$LAMBDA_TASK_ROOT|\$\{LAMBDA_TASK_ROOT\}|/var/task)(?:/|$)")
_LARGEST = 1 << 20  # bytes of a script
WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"


def with_entries(function: Function) -> Function:
    """The function with what starts besides its handler; see `Function.entry`, `roots` and `script`."""
    script = script_of(function)
    if script:
        return _of_script(function, script)
    roots = [_module_of(inner) for inner in _inner_handlers(function)]
    starts = _exec_wrapper(function)
    return replace(function, roots=(*function.roots, *roots, *_modules(starts)), python_path=_places(function, starts))


def script_of(function: Function) -> str:
    """The script that a function has for its handler, as its web adapter starts it: `run.sh`; "" for none.

    Source: github.com/awslabs/aws-lambda-web-adapter, "Lambda functions packaged as Zip package".
    """
    if function.handler.endswith(".py") or locate(function.parts, function.handler) is None:
        return ""
    return function.handler if WRAPPER in function.environment or function.handler.endswith(".sh") else ""


def _of_script(function: Function, script: str) -> Function:
    starts = _read(locate(function.parts, script))
    modules = _modules(starts)
    applications = [application.removesuffix("()").replace(":", ".") for application in starts.applications]
    files = [_module_of_file(file) for file in starts.files]
    files = list(filter(None, files))
    application = next(iter(applications), "")
    module = next(iter((*files, *starts.modules)), "")
    entry = application or clause("{}.__name__", module)
    roots = tuple(dict.fromkeys((*modules, *map(_module_of, applications), *files)))
    programs = tuple(program for program in starts.programs if not program.startswith(("$", "python")))
    return replace(
        function,
        script=script,
        entry=entry,
        roots=roots,
        programs=programs,
        python_path=_places(function, starts),
    )


def _inner_handlers(function: Function) -> Iterator[str]:
    """The handlers that vendors' handlers call, and what other variables say of handlers."""
    for wrapper in wrappers():
        named = function.environment.get(wrapper.variable)
        if named and (function.handler == wrapper.handler or WRAPPER in function.environment):
            yield named


def inner_handler(function: Function) -> str:
    """The function's own handler behind a vendor's, `svc/entry.main`; "" where there is none."""
    return next(_inner_handlers(function), "")


def _exec_wrapper(function: Function) -> ShellStarts:
    """What the script that starts the runtime does, where it lies in the package."""
    named = function.environment.get(WRAPPER, "")
    if not _TASK_ROOT.match(named):
        return ShellStarts()
    return _read(locate(function.parts, _TASK_ROOT.sub("", named)))


def _read(place: Path | None) -> ShellStarts:
    try:
        if place is None or place.stat().st_size > _LARGEST:
            return ShellStarts()
        return parse_shell(read_loosely(place))
    except OSError:
        return ShellStarts()


def _modules(starts: ShellStarts) -> tuple[str, ...]:
    """Modules that are started; `-m NAME` runs `NAME.__main__` where NAME is a package."""
    return tuple(name for module in starts.modules for name in (module, f"{module}.__main__"))


def _module_of(handler: str) -> str:
    return handler.replace("/", ".").rpartition(".")[0]


def _module_of_file(file: str) -> str:
    """`$LAMBDA_TASK_ROOT/svc/serve.py` to `svc.serve`; "" for a file elsewhere."""
    path = posixpath.normpath(_TASK_ROOT.sub("", file))
    if path.startswith(("/", "..", "$")):
        return ""
    return path.removesuffix(".py").replace("/", ".")


def _places(function: Function, starts: ShellStarts) -> tuple[str, ...]:
    """Folders of the package on PYTHONPATH, relative to it; "." is the package itself, which always is."""
    given = function.environment.get("PYTHONPATH", "").split(":")
    return tuple(dict.fromkeys(_inside((*given, *starts.python_path))))


def _inside(places: Iterable[str]) -> Iterator[str]:
    for place in places:
        if not place:
            continue
        relative = _TASK_ROOT.sub("", place) if _TASK_ROOT.match(place) else place
        path = posixpath.normpath(relative or ".")
        if path != "." and not path.startswith(("/", "..", "$")):
            yield path
