"""The request of uv for builds: everything but the credentials of indexes and repositories."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.run.git_sources import GitAccess, git_access, strip_users
from lambda_slim.run.uv_environment import environment_part, names_in, settings_files

_INDEX_USER = re.compile(r"UV_INDEX_\w+_(USERNAME|PASSWORD)")
_SECRET = frozenset(
    {
        "DBUS_SESSION_BUS_ADDRESS",
        "GIT_ASKPASS",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "NETRC",
        "SSH_ASKPASS",
        "SSH_AUTH_SOCK",
        "SSL_CLIENT_CERT",
        "UV_CREDENTIALS_DIR",
        "UV_GITHUB_TOKEN",
        "UV_KEYRING_PROVIDER",
    }
)
_OPTION = re.compile(r"^(?:-[if]|--(?:index-url|extra-index-url|find-links|no-index)\b).*$", re.MULTILINE)
_INDEX_PLACES = (".netrc", "_netrc", ".local/share/uv/credentials")


@dataclass(frozen=True, slots=True)
class Bare:
    """A request of uv without credentials.

    Attributes:
        environment: The whole environment.
        text: What uv reads from standard input.
        options: Lines of the requirements that name indexes, as they were.
        replaced: Files that hold credentials or name repositories, to what stands for them.
        indexes: Whether anything was taken away that an index may ask for.
        git: The request for the run that fetches.
    """

    environment: Mapping[str, str]
    text: str
    options: tuple[str, ...]
    replaced: Mapping[Path, str]
    indexes: bool
    git: GitAccess


def without_credentials(cwd: Path, environment: Mapping[str, str], text: str, files: Iterable[Path]) -> Bare:
    """A request without what opens an index or a repository.

    User names and passwords are taken out of addresses, also in the files that uv reads. uv knows what it has
    fetched by addresses without them.

    Args:
        cwd: Where uv looks for its settings.
        environment: The whole environment of uv.
        text: What it reads from standard input.
        files: Requirements that it reads.
    """
    requirements = [*files]
    before = {path: _content(path) for path in (*requirements, *settings_files(cwd))}
    options = tuple(_OPTION.findall("\n".join((text, *map(before.__getitem__, requirements)))))
    after = {path: strip_users(content) for path, content in before.items()}
    bare_text = strip_users(text)
    named = names_in([bare_text, *after.values()])
    kept = {name: strip_users(value) for name, value in environment.items() if _is_kept(name, named)}
    changed = dict(after.items() - before.items())
    repositories = {path: content for path, content in after.items() if "git+" in content}
    asked = bare_text != text or bool(changed) or _names_keyring(before.values()) or _opens_indexes(environment, kept)
    git = git_access(text, before, environment)
    return Bare(kept, bare_text, options, {**repositories, **changed}, asked, git)


def _names_keyring(contents: Iterable[str]) -> bool:
    return any("keyring-provider" in content for content in contents)


def _is_kept(name: str, named: set[str]) -> bool:
    """Whether a variable stays: it is known and no credential, or an address still needs it."""
    if _INDEX_USER.fullmatch(name) or name in _SECRET or name.startswith("GIT_CONFIG_"):
        return False
    return environment_part(name) or name in named


def _opens_indexes(environment: Mapping[str, str], kept: Mapping[str, str]) -> bool:
    """Whether the environment or the home has credentials that an index may ask for."""
    gone = {name for name in environment if name not in kept} - (_SECRET - {"UV_KEYRING_PROVIDER", "NETRC"})
    changed = any(kept.get(name, value) != value for name, value in environment.items())
    home = Path(environment.get("HOME") or Path.home())
    lies = any(_holds_something(home / place) for place in _INDEX_PLACES)
    return lies or changed or any(not name.startswith("GIT_CONFIG_") for name in gone)


def _holds_something(place: Path) -> bool:
    """Whether a file has content, or a folder such a file: uv leaves a folder with an empty lock file."""
    if place.is_dir():
        return any(path.is_file() and path.stat().st_size for path in place.iterdir())
    return place.is_file() and place.stat().st_size > 0


def _content(path: Path) -> str:
    try:
        return read_regular(path).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
