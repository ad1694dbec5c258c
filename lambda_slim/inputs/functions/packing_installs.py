"""Installations in a packing script: pip, and tools that write requirements from their lock."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.formats.shell_script import ShellCommand
from lambda_slim.inputs.functions.docker_commands import Installed, read_pip
from lambda_slim.inputs.functions.packing import Packing, flag_values
from lambda_slim.inputs.functions.packing_files import plain_place

_PIPED = Path("/dev/stdin")


def follow_pip(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`pip install`: what it is given goes to the target or to the environment that is active."""
    installed = Installed()
    read_pip(rest, installed)
    named = [*installed.files, *installed.projects]
    if not any((named, installed.names)) or not any((installed.targets, packing.environment)):
        return not installed.targets
    target = _installed_to(packing, installed)
    if target is None or None in map(packing.path, named):
        return False
    files = _originals(packing, installed.files)
    exported = list(filter(None, map(packing.files.exported.get, files)))
    written = [file for file in files if file not in packing.files.exported]
    projects = map(str, _originals(packing, installed.projects))
    requires = (*map("-r {}".format, written), *installed.names, *projects)
    row = packing.row(command, target)
    packing.files.add(replace(row, requires=requires, locked=next(iter(exported), None)))
    packing.files.made.add(target)
    packing.files.exported.pop(_PIPED, None)
    return all(map(Path.is_file, written))


def _originals(packing: Packing, words: list[str]) -> list[Path]:
    return [packing.files.original(place) for place in map(packing.path, words) if place]


def _installed_to(packing: Packing, installed: Installed) -> Path | None:
    """The folder of `--target`, else that of the environment that is active."""
    if installed.targets:
        return packing.path(installed.targets[-1])
    return packing.environment / "lib" / "site-packages" if packing.environment else None


def follow_locker(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """Poetry, uv and Pipenv, which write requirements from their lock."""
    outputs = [*flag_values(rest, "-o", "--output", "--output-file"), *filter(None, [command.output])]
    piped = [str(_PIPED)] if rest[:1] in (["export"], ["requirements"]) else []  # what the next command of a pipe reads
    for name in outputs or piped:
        place = packing.path(name)
        if place:
            packing.files.exported[plain_place(place)] = packing.cwd
    return not rest or rest[0] not in ("build", "bundle")
