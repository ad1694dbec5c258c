"""The environment of uv, and the places that it takes distributions from.

A list says what goes through. All else stays here: settings that change what is laid out (`UV_COMPILE_BYTECODE`,
`UV_LINK_MODE`, `UV_TARGET`, `UV_NO_VERIFY_HASHES`), and credentials that are none of uv's business.
"""

import functools
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lambda_slim.base.cache import digest
from lambda_slim.base.errors import ResolveError, error_text
from lambda_slim.base.files import OddFileError, is_odd, read_loosely
from lambda_slim.base.rows import present
from lambda_slim.base.states import place_state
from lambda_slim.formats.tables import as_several, as_table

# What decides which distributions uv takes, and from where.
_DECIDING = frozenset(
    {
        "UV_BUILD_CONSTRAINT",
        "UV_CONFIG_FILE",
        "UV_CONSTRAINT",
        "UV_DEFAULT_INDEX",
        "UV_EXCLUDE",
        "UV_EXCLUDE_NEWER",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_FORK_STRATEGY",
        "UV_INDEX",
        "UV_INDEX_STRATEGY",
        "UV_INDEX_URL",
        "UV_NO_BINARY",
        "UV_NO_BUILD",
        "UV_NO_BINARY_PACKAGE",
        "UV_NO_BUILD_ISOLATION",
        "UV_NO_CONFIG",
        "UV_NO_INDEX",
        "UV_NO_SOURCES",
        "UV_NO_SYSTEM_CONFIG",
        "UV_OVERRIDE",
        "UV_PRERELEASE",
        "UV_REQUIRE_HASHES",
        "UV_RESOLUTION",
        "UV_S3_ENDPOINT_URL",
        "UV_TORCH_BACKEND",
    }
)
# How uv gets them: what it may use for that, and how long it tries.
_HOW = frozenset(
    {
        "UV_ALLOW_INSECURE_HOST",
        "UV_CACHE_DIR",
        "UV_CONCURRENT_BUILDS",
        "UV_CONCURRENT_DOWNLOADS",
        "UV_CONCURRENT_INSTALLS",
        "UV_CREDENTIALS_DIR",
        "UV_GITHUB_TOKEN",
        "UV_GIT_LFS",
        "UV_HTTP_CONNECT_TIMEOUT",
        "UV_HTTP_RETRIES",
        "UV_HTTP_TIMEOUT",
        "UV_INSECURE_HOST",
        "UV_KEYRING_PROVIDER",
        "UV_LOCK_TIMEOUT",
        "UV_NATIVE_TLS",
        "UV_OFFLINE",
        "UV_PYTHON_INSTALL_DIR",
        "UV_REQUEST_TIMEOUT",
        "UV_SYSTEM_CERTS",
    }
)
# The system's own: where things are, how to reach the network, how git and keyring find what they need.
_SYSTEM = frozenset(
    {
        "ALL_PROXY",
        "APPDATA",
        "COMSPEC",
        "DBUS_SESSION_BUS_ADDRESS",
        "GIT_ASKPASS",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LANG",
        "LD_LIBRARY_PATH",
        "LOCALAPPDATA",
        "LOGNAME",
        "NETRC",
        "NO_PROXY",
        "PATH",
        "PATHEXT",
        "PROGRAMDATA",
        "PROGRAMFILES",
        "SSH_ASKPASS",
        "SSH_AUTH_SOCK",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "SSL_CLIENT_CERT",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "USER",
        "USERNAME",
        "USERPROFILE",
    }
)
_PREFIXES = ("LC_", "XDG_", "GIT_CONFIG_")
_CREDENTIALS = re.compile(r"UV_INDEX_\w+_(USERNAME|PASSWORD)")
_YES = {"1", "on", "t", "true", "y", "yes"}
_NAMED = re.compile(r"\$\{(\w+)\}")  # as uv expands it in requirements and addresses
_ADDRESSES = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where uv takes distributions from.

    Attributes:
        environment: The whole environment of uv.
        digest: Of everything that decides which distributions come, and from where; it shows no credential.
        builds: Whether anything may be built: `UV_NO_BUILD` and `no-build` forbid it.
        local: Whether some may come from a folder on this machine; uv does not see that a file there has changed.
    """

    environment: Mapping[str, str]
    digest: str
    builds: bool = True
    local: bool = False


def environment_part(name: str) -> bool:
    """Whether a variable is one of the system's or of uv's that go through."""
    return name in _DECIDING or name in _HOW or name.upper() in _SYSTEM or name.startswith(_PREFIXES)


def system_environment() -> dict[str, str]:
    """The part of our environment that says where things are and how to reach the network; no credentials but git's."""
    return {name: value for name, value in os.environ.items() if name.upper() in _SYSTEM or name.startswith(_PREFIXES)}


def uv_environment(texts: Iterable[str] = (), more: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """What uv sees of our environment.

    Args:
        texts: Requirements and settings; the variables that they name as `${NAME}` go through.
        more: What a lock adds: its indexes and their credentials; None takes a variable away.
    """
    named = names_in(texts)
    own = {
        name: value
        for name, value in os.environ.items()
        if name in _DECIDING or name in _HOW or name in named or _CREDENTIALS.fullmatch(name)
    }
    together = {**system_environment(), **own, **(more or {})}
    return present(together)


def names_in(texts: Iterable[str]) -> set[str]:
    """The variables that texts name as `${NAME}`."""
    return {name for text in texts for name in _NAMED.findall(text)}


def find_sources(folder: Path, texts: Iterable[str] = (), more: Mapping[str, str | None] | None = None) -> Sources:
    """Where uv, started in a folder, takes distributions from.

    Args:
        folder: Where uv looks for its settings, and where relative paths begin.
        texts: Requirements; see `uv_environment`.
        more: Variables that a lock adds.
    """
    files = list(settings_files(folder))
    contents = [_text(file) for file in files]
    tables = [_settings(file, text) for file, text in zip(files, contents, strict=True)]
    said = [json.dumps(table, sort_keys=True, default=str) for table in tables]
    texts = [*texts]
    environment = uv_environment([*texts, *said], more)
    named = names_in([*texts, *said]) | {*(more or {})}
    deciding = sorted((name, value) for name, value in environment.items() if name in _DECIDING or name in named)
    local = [place for place in _local(environment, tables, files, folder) if place.exists()]
    parts = [repr(deciding), *said, *map(place_state, local), *_extra_files(environment, folder)]
    return Sources(environment, digest("sources-1", *parts), _may_build(tables), local=bool(local))


def _may_build(tables: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the user allows builds; `uv pip` itself reads only a part of these settings."""
    if os.environ.get("UV_NO_BUILD", "").lower() in _YES:
        return False
    pips = (as_table(table.get("pip")) for table in tables)
    return not any(table.get("no-build") is True for table in (*tables, *pips))


def settings_files(folder: Path) -> Iterator[Path]:
    """The settings that uv reads in a folder: the nearest of the project, the user's, the system's."""
    if os.environ.get("UV_NO_CONFIG"):
        return
    if named := os.environ.get("UV_CONFIG_FILE"):
        yield Path(named)
        return
    if (nearest := nearest_settings(folder)) is not None:
        yield nearest
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    system = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    for place in (home, *system, "/etc"):
        if (file := Path(place) / "uv" / "uv.toml").is_file():
            yield file


def nearest_settings(folder: Path) -> Path | None:
    """The nearest uv.toml, or pyproject.toml with settings of uv, at or above a folder."""
    for place in (folder.absolute(), *folder.absolute().parents):
        for file in (place / "uv.toml", place / "pyproject.toml"):
            if file.exists() and is_odd(file):
                raise ResolveError(
                    f"`{file.name}` is not a file",
                    cause="uv would read it without end",
                    hint="put the file there, or remove it",
                )
            if file.is_file() and (file.name == "uv.toml" or "uv" in _tool(_text(file))):
                return file
    return None


def _text(file: Path) -> str:
    """What a file of uv's says; "" of one that uv cannot read either.

    Raises:
        ResolveError: uv would read it, and it is too long for us: what it says must count.
    """
    try:
        return read_loosely(file)
    except OddFileError as error:
        raise ResolveError(
            f"`{file}` cannot be read", cause=error_text(error), hint="make it shorter, or remove it"
        ) from error
    except OSError:
        return ""


def _tool(text: str) -> dict[str, Any]:
    tables = _parsed(text).get("tool")
    return as_table(tables)


@functools.lru_cache(maxsize=32)
def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}


def _settings(file: Path, text: str) -> dict[str, Any]:
    table = _tool(text).get("uv") if file.name == "pyproject.toml" else _parsed(text)
    return as_table(table)


def _local(
    environment: Mapping[str, str], tables: list[dict[str, Any]], files: list[Path], folder: Path
) -> Iterator[Path]:
    """Folders on this machine that distributions may come from."""
    for name in _ADDRESSES:
        for word in re.split(r"[,\s]+", environment.get(name, "")):
            yield from _place(re.sub(r"^[\w.-]+=", "", word), folder)
    for table, file in zip(tables, files, strict=True):
        for text in _addresses(table):
            yield from _place(text, file.parent)


def _addresses(table: Mapping[str, Any]) -> Iterator[str]:
    pip = table.get("pip")
    for part in (table, as_table(pip)):
        for key in ("find-links", "index", "index-url", "extra-index-url"):
            value = part.get(key)
            for row in as_several(value):
                text = row.get("url") if isinstance(row, dict) else row
                if isinstance(text, str):
                    yield text


def _place(text: str, folder: Path) -> Iterator[Path]:
    name = unquote(text[5:].removeprefix("//")) if text.startswith("file:") else text
    if name and "://" not in name:
        yield folder / name


def _extra_files(environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The constraints that the environment names."""
    for name in ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_BUILD_CONSTRAINT", "UV_EXCLUDE"):
        for word in environment.get(name, "").split():
            yield _text(folder / word)
