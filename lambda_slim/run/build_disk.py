"""What a run of uv can write to. It may build, and a build backend is code of whoever wrote the distribution."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lambda_slim.run.foreign import Disk
from lambda_slim.run.process import run

_ASK_LIMIT = 20  # seconds
_UV_S_OWN = (".netrc", ".ssh", ".git-credentials", ".local/share/uv/credentials", ".config/gcloud")
_NAMED = ("HOME", "UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_NO_CONFIG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")


def uv_disk(uv: str, cwd: Path, env: Mapping[str, str], writes: Sequence[Path]) -> Disk:
    """A file system in which only uv's cache, some folders and the temporary folder can be written.

    The places in a home with credentials that uv, git and keyring use stay visible.

    Args:
        uv: The program.
        cwd: Where it runs, and looks for its settings.
        env: Its environment.
        writes: Folders that it fills, and those of local projects: a backend writes beside their sources.
    """
    cache = _cache_folder(uv, cwd, tuple((name, env[name]) for name in _NAMED if name in env))
    cache.mkdir(parents=True, exist_ok=True)
    return Disk(writable=(cache, *(place for place in writes if place.is_dir())), needed=_UV_S_OWN, shared_tmp=False)


@functools.cache
def _cache_folder(uv: str, cwd: Path, env: tuple[tuple[str, str], ...]) -> Path:
    done = run([uv, "cache", "dir", "--color", "never"], cwd=cwd, env=dict(env), timeout=_ASK_LIMIT)
    if not done.code and done.stdout.strip():
        return cwd / done.stdout.strip()
    named = dict(env)
    base = named.get("XDG_CACHE_HOME") or Path(named.get("HOME") or Path.home(), ".cache")
    return cwd / named.get("UV_CACHE_DIR", Path(base, "uv"))


def repositories(local: Iterable[Path]) -> tuple[Path, ...]:
    """For folders of local projects the repositories that they lie in, else themselves: one may need its neighbour."""
    roots = []
    for place in (folder.resolve() for folder in local):
        above = (place, *place.parents)
        roots.append(next((folder for folder in above if (folder / ".git").exists()), place))
    return tuple(dict.fromkeys(roots))
