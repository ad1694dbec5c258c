"""git: the project at an earlier commit."""

from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.run.process import run

# A folder of a fork may look like a repository, and its settings name programs; so may a monitor of changes.
_GIT = ("git", "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")


def check_out(project: Path, ref: str, folder: Path) -> Path:
    """The project's folder as it was at a ref, below an empty folder; the project's own tree is not touched.

    Raises:
        ConfigError: no repository, or no such ref.
    """
    top = run([*_GIT, "-C", str(project), "rev-parse", "--show-toplevel"], timeout=30)
    if top.code:
        raise ConfigError(
            f"`git:{ref}` needs a git repository", cause=top.stderr.strip()[:200], hint="or use --against FILE"
        )
    root = Path(top.stdout.strip())
    known = run([*_GIT, "-C", str(root), "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], timeout=30)
    if known.code:
        hint = "is it fetched? in CI, check out with the whole history (fetch-depth: 0)"
        cause = f"no branch, tag or commit of that name in {root.name}"
        raise ConfigError(f"git knows no commit `{ref}`", cause=cause, hint=hint)
    archive = folder / "base.tar"
    made = run([*_GIT, "-C", str(root), "archive", "-o", str(archive), known.stdout.strip()], timeout=120)
    place = folder / "tree" / (root.name or "project")  # a function that nothing names is called like its folder
    place.mkdir(parents=True)
    done = run(["tar", "-xf", str(archive), "-C", str(place)], timeout=120)
    if made.code or done.code:
        raise ConfigError(
            f"`git:{ref}` cannot be read",
            cause=(made.stderr or done.stderr).strip()[:200],
            hint="git log shows which commits there are",
        )
    archive.unlink()
    return place / project.resolve().relative_to(root.resolve())


def changed_since(folder: Path, ref: str) -> tuple[frozenset[Path], frozenset[Path]]:
    """What is not as it was at a ref in a folder's repository: tracked files, and files that git would track.

    Returns:
        Files that changed, came or went, of submodules their folders; and of these those that came or went. Absolute.

    Raises:
        ConfigError: no repository, or no such ref.
    """
    top = _asked(folder, ["rev-parse", "--show-toplevel"], ref).strip()
    commit = _asked(folder, ["rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], ref).strip()
    root = Path(top).resolve()
    said = _asked(root, ["diff", "--no-renames", "--no-ext-diff", "--name-status", "-z", commit], ref).split("\0")
    changed = dict(zip(said[1::2], said[0::2], strict=False))
    new = _asked(root, ["ls-files", "--others", "--exclude-standard", "-z"], ref).split("\0")
    changed |= {name: "A" for name in new if name}
    paths = frozenset(root / name.rstrip("/") for name in changed)
    return paths, frozenset(root / name.rstrip("/") for name, status in changed.items() if status in ("A", "D"))


def _asked(folder: Path, arguments: list[str], ref: str) -> str:
    """The output of a git command.

    Raises:
        ConfigError: it has none.
    """
    done = run([*_GIT, "-c", "core.quotePath=false", "-C", str(folder), *arguments], timeout=120)
    if not done.code:
        return done.stdout
    if "--verify" in arguments:
        hint = "is it fetched? in CI, check out with the whole history (fetch-depth: 0)"
        raise ConfigError(f"git knows no commit `{ref}`", cause="no branch, tag or commit of that name", hint=hint)
    hint = "is git there, and is the folder in a repository?"
    raise ConfigError(f"`git:{ref}` needs a git repository", cause=done.stderr.strip()[:200], hint=hint)
