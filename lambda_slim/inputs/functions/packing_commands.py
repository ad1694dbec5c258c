"""What single commands of a packing script do to its files."""

import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.makefile import MAKEFILES, make_script, make_targets
from lambda_slim.formats.python_calls import PACK, PUT
from lambda_slim.formats.shell_script import ShellCommand
from lambda_slim.inputs.functions.packing import Packing, flag_values, plain_words, script_text
from lambda_slim.inputs.functions.packing_archives import (
    follow_pack,
    follow_put,
    follow_rsync,
    follow_unzip,
    follow_zip,
)
from lambda_slim.inputs.functions.packing_docker import follow_docker
from lambda_slim.inputs.functions.packing_files import plain_place
from lambda_slim.inputs.functions.packing_installs import follow_locker, follow_pip
from lambda_slim.inputs.functions.packing_tar import follow_tar
from lambda_slim.model.packing import Uploaded

# Commands that put nothing into a package. `find` only ever tidies up in packing scripts.
_IDLE = frozenset(
    {
        "echo", "printf", "set", "trap", "exit", "return", "shift", "unset", "true", "false", ":", "test", "[",
        "[[", "which", "type", "hash", "read", "sleep", "date", "pwd", "ls", "chmod", "chown", "touch", "find",
        "xargs", "du", "stat", "wc", "head", "tail", "grep", "egrep", "awk", "sort", "basename", "dirname",
        "sha256sum", "shasum", "md5sum", "openssl", "wait", "deactivate", "umask", "ulimit", "tput", "clear", "if",
        "then", "fi", "do", "done", "terraform", "tofu", "terragrunt", "git", "jq", "sam", "yum", "apt",
        "apt-get", "apk", "brew", "tree", "file", "cat", "virtualenv", "uname", "id", "whoami", "break",
        "continue", "let", "getopts", "alias", "pytest", "flake8", "black", "ruff", "mypy", "pre-commit", "pyenv",
        "pip-compile", "hostname", "kill", "pkill", "rmdir", "in", "eval",
    }
)  # fmt: skip
_MOVERS = frozenset({"cp", "mv", "zip", "pip", "rsync", "tar", "install"})  # what `find -exec` and xargs may run


def do(packing: Packing, words: list[str], command: ShellCommand) -> None:
    """Does one command, or remembers that it is not understood."""
    name, rest = _program(words)
    reader = _READERS.get(name)
    if reader:
        fine = reader(packing, rest, command)
    else:
        fine = _is_idle(packing, name, rest, command) or _is_script(packing, words)
    if not fine:
        packing.note_unknown(command)


def _is_idle(packing: Packing, name: str, rest: list[str], command: ShellCommand) -> bool:
    """Whether a command puts nothing into a package."""
    written = packing.path(command.output) if command.output else None
    if written and any(folder in packing.files.made for folder in written.parents):
        return False
    return name in _IDLE and not (name in ("find", "xargs") and _MOVERS & set(rest))


def _program(words: list[str]) -> tuple[str, list[str]]:
    """The program, and its arguments: of `python -m pip`, `uv pip` and `pip3` it is pip."""
    name, rest = words[0].rpartition("/")[2] or words[0], words[1:]
    if re.fullmatch(r"python[\d.]*|py", name) and rest[:1] == ["-m"]:
        name, rest = "".join(rest[1:2]), rest[2:]
    if name in ("uv", "poetry", "pipenv") and rest[:1] == ["run"]:
        return _program(rest[1:]) if rest[1:] else (name, rest)
    if name == "uv" and rest[:1] == ["pip"]:
        return "pip", rest[1:]
    plain = re.sub(r"^(pip|python)[\d.]*$", r"\1", name)
    return ("python" if plain == "py" else plain), rest


def _is_script(packing: Packing, words: list[str]) -> bool:
    """Follows another script that a command runs; false where it runs none that can be read."""
    runs = words[0].rpartition("/")[2] in ("bash", "sh", "source", ".")
    if not runs and "/" not in words[0]:
        return False
    flags = list(takewhile(_is_flag, words[1:])) if runs else []
    arguments = words[1 + len(flags) :] if runs else words
    if not arguments:
        return False
    if any(flag.endswith("c") for flag in flags):
        packing.within(packing.here / packing.name, arguments[0], arguments[1:])
        return True
    sourced = words[0] in ("source", ".")
    return _followed(packing, packing.path(arguments[0]), arguments[1:], sourced=sourced)


def _is_flag(word: str) -> bool:
    return re.fullmatch(r"-[a-z]+", word) is not None


def _followed(packing: Packing, place: Path | None, arguments: list[str], *, sourced: bool = False) -> bool:
    """Follows a file that is run, or that is sourced: then one that is not there, as git ignores it, sets variables."""
    if place is None:
        return False
    if place.name == "activate":
        packing.environment = place.parent.parent
        return True
    text = script_text(place)
    if text is not None:
        packing.within(place, text, arguments)
    return text is not None or (sourced and not place.exists())


def _cd(packing: Packing, rest: list[str], _: ShellCommand) -> bool:
    place = packing.before if rest == ["-"] else packing.path(rest[0]) if rest else None
    if place is None:
        return False
    packing.before, packing.cwd = packing.cwd, place
    return True


def _pushd(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    packing.lists.setdefault("\0dirs", []).append(str(packing.cwd))
    return _cd(packing, rest, command)


def _popd(packing: Packing, _: list[str], __: ShellCommand) -> bool:
    dirs = packing.lists.get("\0dirs", [])
    if dirs:
        packing.cwd = Path(dirs.pop())
    return bool(dirs) or True


def _mkdir(packing: Packing, rest: list[str], _: ShellCommand) -> bool:
    places = [packing.path(word) for word in plain_words(rest)]
    packing.files.made.update(place for place in places if place)
    return None not in places


def _rm(packing: Packing, rest: list[str], _: ShellCommand) -> bool:
    for word in plain_words(rest):
        name = word.rstrip("/").rpartition("/")[2]
        place = packing.path(word.rstrip("/").removesuffix("/*") if name == "*" else word)
        if place is None:
            return False
        if "*" not in str(place) and name != "**":
            was_made = place in packing.files.made or name == "*"
            packing.files.remove(place)
            packing.files.made |= {place} if was_made and name == "*" else set()
    return True


def _mv(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    sources = [word for raw in plain_words(rest)[:-1] for word in packing.globbed(raw)]
    if not _cp(packing, ["-r", *rest], command):
        return False
    for word in sources:
        place = packing.path(word)
        if place:
            packing.files.remove(place)
    return True


def _cp(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    words = plain_words(rest)
    folder = packing.path(words[-1]) if len(words) > 1 else None
    if folder is None or {"--parents", "-t", "--target-directory"} & set(rest):
        return False
    *sources, last = words
    names = [name for raw in sources for name in packing.copied(raw)]
    is_folder = last.endswith(("/", "/.")) or last in (".", "..") or packing.files.is_folder(folder)
    into = is_folder or len(names) > 1
    return all(_copy_to(packing, name, folder, command, into=into) for name in names)


def _copy_to(packing: Packing, name: str, folder: Path, command: ShellCommand, *, into: bool) -> bool:
    source = packing.path(name)
    if source is None or not packing.files.is_known(source):
        return False
    content = name == "." or name.endswith("/.")
    place = folder / source.name if into and not content else folder
    packing.files.copy(source, packing.row(command, place))
    if into:
        packing.files.made.add(folder)
    return True


def _make(packing: Packing, rest: list[str], _: ShellCommand) -> bool:
    """`make TARGET`, with the Makefile that is there."""
    folder = packing.path((flag_values(rest, "-C", "--directory") or ["."])[0])
    file = _makefile(folder)
    if folder is None or file is None:
        return False
    text = read_loosely(file)
    known = make_targets(text)
    targets = _targets(rest) or known[:1]
    before, packing.cwd = packing.cwd, folder
    for target in targets:
        packing.within(file, make_script(text, target), [])
    packing.cwd = before
    return bool(targets) and set(targets) <= set(known)


def _makefile(folder: Path | None) -> Path | None:
    files = [folder / name for name in MAKEFILES] if folder else []
    return next(filter(Path.is_file, files), None)


def _targets(rest: list[str]) -> list[str]:
    valued = flag_values(rest, "-C", "-j")
    return [word for word in plain_words(rest) if word not in valued and "=" not in word]


def _python(packing: Packing, rest: list[str], _: ShellCommand) -> bool:
    """`python build.py`: a script that is followed; one that only asks for something puts nothing anywhere."""
    words = plain_words(rest)
    if not words or not words[0].endswith(".py"):
        return rest[:1] in (["-c"], ["--version"], ["-V"])
    return _followed(packing, packing.path(words[0]), words[1:])


_UPLOADS = ("create-function", "update-function-code", "update-function-configuration")


def _aws(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`aws lambda create-function` and its kin; all else of the CLI puts nothing into a package."""

    def given(flag: str) -> str:
        value = (flag_values(rest, flag) or [""])[-1]
        return "" if "\0" in value else value

    if "lambda" in rest and any(name in rest for name in _UPLOADS):
        place = given("--zip-file").partition("://")[2]
        archive = packing.path(place) if place else None
        name = given("--function-name").rpartition(":")[2]
        said = (given("--handler"), given("--runtime"), given("--architectures"))
        packing.upload(Uploaded(name, packing.where(command), archive and plain_place(archive), *said))
    return True


_READERS: dict[str, Callable[[Packing, list[str], ShellCommand], bool]] = {
    "cd": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "mkdir": _mkdir,
    "rm": _rm,
    "cp": _cp,
    "mv": _mv,
    "rsync": follow_rsync,
    "tar": follow_tar,
    "zip": follow_zip,
    "unzip": follow_unzip,
    "pip": follow_pip,
    "make": _make,
    "python": _python,
    "aws": _aws,
    "docker": follow_docker,
    "podman": follow_docker,
    PUT: follow_put,
    PACK: follow_pack,
    "venv": lambda *_: True,
    "poetry": follow_locker,
    "uv": follow_locker,
    "pipenv": follow_locker,
    "pdm": follow_locker,
}
