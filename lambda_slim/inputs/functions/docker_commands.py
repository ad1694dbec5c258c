"""What RUN lines of a Dockerfile do, as far as a package is concerned."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

_HARMLESS = frozenset(
    {
        "rm",
        "mkdir",
        "touch",
        "chmod",
        "chown",
        "echo",
        "true",
        "set",
        "export",
        "cd",
        "ls",
        "cat",
        "pwd",
        "which",
        "find",
        "printf",
        "useradd",
        "groupadd",
        "adduser",
        "addgroup",
        "ln",
        "ldconfig",
        "source",
        ".",
    }
)
_MANAGERS = frozenset({"yum", "dnf", "microdnf", "apt", "apt-get", "apk", "rpm"})
# Needed to build or fetch, not to run; -devel and -dev packages too; and what Lambda's own image has.
_BUILDING = re.compile(
    r"(gcc.*|g\+\+|make|cmake|git|unzip|zip|tar|gzip|curl.*|wget|which|findutils|autoconf|automake|libtool|pkgconf.*|"
    r"pkg-config|build-essential|rust|cargo|patch|ca-certificates|shadow-utils|less|vim|python3?[\d.]*(?:-pip|-venv)?|"
    r"amazon-linux-extras|yum-utils|.*-devel|.*-dev|@.*Development.*|procps.*|util-linux|jq|bash|xz|bzip2|gnupg|"
    r"binutils|software-properties-common|apt-transport-https|libstdc\+\+.*|libgcc.*|glibc|libc6.*|musl|libc6-compat)$"
)
EMULATOR = "aws-lambda-rie"  # what stands in for Lambda on the developer's machine
_TOOLS = frozenset(
    {"pip", "setuptools", "wheel", "poetry", "uv", "pipenv", "awslambdaric", "build", "pdm", "virtualenv"}
)
_LOCKERS = {
    "poetry": ("install", "export", "sync"),
    "uv": ("sync", "export", "lock"),
    "pipenv": ("install", "sync", "requirements"),
}
_OUTPUTS = (">", "-o", "--output", "--output-file")
# Installers of Poetry, uv and pip that are fetched and run.
_INSTALLER = re.compile(r"curl [^|&;]*(?:python-poetry|astral\.sh/uv|bootstrap\.pypa)[^|&;]*\|[^|&;]*")
_SPLIT = re.compile(r"\s*(?:&&|\|\||;|\|)\s*")
_VALUED = frozenset(
    {"-t", "--target", "-i", "--index-url", "--extra-index-url", "--find-links", "-f", "--platform", "--implementation"}
    | {"--python-version", "--only-binary", "--prefix", "--root", "--trusted-host", "--cache-dir", "--python", "-p"}
    | {"--python-platform", "--no-binary", "--abi", "-c", "--constraint", "--system-site-packages", "--timeout"}
)


@dataclass(slots=True)
class Installed:
    """What the RUN lines of a Dockerfile install.

    Attributes:
        files: Requirements files, as they are called in the image.
        names: Requirements that are written out.
        projects: Folders of projects in the image.
        locked: Whether Poetry, uv or Pipenv install what their lock names.
        exported: Requirements files that they write from their lock.
        targets: Folders that something is installed into.
        system: Packages of the system's package manager that are there to run.
        unknown: Commands that are not understood.
    """

    files: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    locked: bool = False
    exported: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    system: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def take(text: str, installed: Installed) -> None:
    """Adds what a RUN line does."""
    text = _INSTALLER.sub("", re.sub(r"--mount=\S+|--network=\S+|--security=\S+", "", text))
    for command in _SPLIT.split(text):
        words = _words(command)
        if words:
            _command(words, command.strip(), installed)


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    while words and (re.match(r"\w+=", words[0]) or words[0] in ("sudo", "exec", "if", "then", "fi", "env")):
        words = words[1:]
    return words


def _command(words: list[str], said: str, installed: Installed) -> None:
    name, rest = _program(words)
    if re.fullmatch(r"pip[\d.]*", name):
        read_pip(rest, installed)
    elif name in _LOCKERS:
        installed.locked |= any(word in rest for word in _LOCKERS[name])
        installed.exported += [posixpath.normpath(file) for file in _after(rest, _OUTPUTS)]
        installed.targets += _after(rest, ("-t", "--target"))
    elif name in _MANAGERS:
        installed.system += _system(rest)
    elif EMULATOR in said:
        return
    elif name not in _HARMLESS and name not in ("compileall", "venv", "virtualenv", "ensurepip"):
        installed.unknown.append(said)


def _program(words: list[str]) -> tuple[str, list[str]]:
    """The program that a command runs, and its arguments: of `python -m pip` and of `uv pip` it is pip."""
    name, rest = words[0].rpartition("/")[2], words[1:]
    if re.fullmatch(r"python[\d.]*", name) and rest[:1] == ["-m"]:
        name, rest = "".join(rest[1:2]), rest[2:]
    if name == "uv" and rest[:1] == ["pip"]:
        name, rest = "pip", rest[1:]
    return name, rest


def read_pip(rest: list[str], installed: Installed) -> None:
    """Adds what `pip install …` installs; `rest` are its arguments."""
    if "install" not in rest:
        return
    rest = rest[rest.index("install") + 1 :]
    installed.targets += _after(rest, ("-t", "--target"))
    lists = dict.fromkeys(("-r", "--requirement", "--requirements"), installed.files)
    lists |= dict.fromkeys(("-e", "--editable"), installed.projects)
    words = iter(rest)
    for word in words:
        if word in lists:
            lists[word] += islice(words, 1)
        elif word in _VALUED:
            next(words, "")
        elif word.startswith("-r") and not word.startswith("-r="):
            installed.files.append(word[2:])
        elif word.startswith("--requirement="):
            installed.files.append(word.partition("=")[2])
        elif not word.startswith("-"):
            _named(word, installed)


def _named(word: str, installed: Installed) -> None:
    if word.startswith((".", "/", "$")):
        installed.projects.append(word)
    elif re.split(r"[\[<>=!~;@ ]", word)[0].lower() not in _TOOLS:
        installed.names.append(word)


def _after(rest: list[str], flags: tuple[str, ...]) -> list[str]:
    named = [rest[place + 1] for place, word in enumerate(rest[:-1]) if word in flags]
    return named + [word.partition("=")[2] for word in rest if word.partition("=")[0] in flags and "=" in word]


def _system(rest: list[str]) -> Iterator[str]:
    if not {"install", "add", "localinstall", "reinstall", "-i"} & set(rest):
        return
    for word in rest:
        if word.startswith("-") or word in ("install", "add", "reinstall"):
            continue
        if not _BUILDING.match(re.split(r"[=]", word)[0]):
            yield word
