"""What an image is: its Python, the base that it was made from, its handler, and where the function's files lie."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lambda_slim.base.errors import NothingToDoError, UsageError
from lambda_slim.formats.oci import RUNTIME_LABEL, ImageConfig
from lambda_slim.inputs.images.tree import EntryKind, ImageEntry, ImageTree

_PYTHON = re.compile(r"python(3\.\d+)$")
_LIBRARY = re.compile(r"(?:^|/)lib/python(3\.\d+)/(?:site|dist)-packages$")
_USUAL = ("/var/lang/bin", "/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/bin", "/opt/python/bin", "/venv/bin")
_HANDLER = re.compile(r"[\w./-]+\.\w+")
_SERVERS = ("uvicorn", "gunicorn", "hypercorn", "flask", "waitress-serve", "daphne")
AWS = "AWS base image"
ALONE = "a layer for the AWS base image"
TASK_ROOT = "/var/task"


@dataclass(frozen=True, slots=True)
class ImageKind:
    """What an image is.

    Attributes:
        base: For people: `AWS base image`.
        managed: Whether Lambda's own packages are in it: boto3 and what comes with it.
        python: The interpreter's path in it.
        version: `3.12`.
        sites: Folders whose distributions the interpreter imports, in its order.
        task_root: The folder of the function's code.
        base_layers: How many of the layers are the base's; 0 where they are one.
    """

    base: str
    managed: bool
    python: str
    version: str
    sites: tuple[str, ...]
    task_root: str
    base_layers: int


def recognise_image(tree: ImageTree, config: ImageConfig, name: str) -> ImageKind:
    """What an image is, by what is in it and what it starts.

    Raises:
        NothingToDoError: there is no Python in it.
    """
    python, version = _interpreter(tree, config)
    said = config.labels.get(RUNTIME_LABEL, "").removeprefix("python")
    if not python and re.fullmatch(r"3\.\d+", said):  # what `build --format oci` wrote: the base comes at the build
        return ImageKind(ALONE, True, "", said, (), config.work, 0)
    if not python:
        raise NothingToDoError(
            f"`{name}` is an image without Python",
            cause=f"no python3 in {', '.join(_paths(config)[:4])}, and no site-packages",
            hint="lambda-slim is about functions in Python",
        )
    aws = tree.file("var/runtime/bootstrap") is not None or tree.file("lambda-entrypoint.sh") is not None
    home = posixpath.dirname(posixpath.dirname(python))
    sites = tuple(dict.fromkeys(_sites(tree, config, home, version)))
    work = config.environment.get("LAMBDA_TASK_ROOT") or (TASK_ROOT if aws else config.work)
    if not aws and work in ("", "/"):
        work = TASK_ROOT if tree.names(TASK_ROOT) else "/"
    return ImageKind(_base(tree, aws=aws), aws, python, version, sites, work, _base_layers(tree, python, aws=aws))


def _paths(config: ImageConfig) -> list[str]:
    said = config.environment.get("PATH", "").split(":")
    return list(dict.fromkeys([path for path in said if path.startswith("/")] + [*_USUAL]))


def _interpreter(tree: ImageTree, config: ImageConfig) -> tuple[str, str]:
    """The path and version of the interpreter that the image starts, else of the first on its PATH."""
    for place in _interpreters(tree, config):
        match = _PYTHON.search(tree.resolve(place) or "")
        if match and tree.file(place):
            return place, match[1]
    return "", ""


def _interpreters(tree: ImageTree, config: ImageConfig) -> Iterator[str]:
    """Where an interpreter may lie, likeliest first."""
    yield from (word for word in config.entrypoint[:1] if re.match(r"/.*python", word))
    for path in _paths(config):
        yield from (f"{path}/{name}" for name in ("python3", "python"))
    for path in _paths(config):
        yield from (f"{path}/{name}" for name in tree.names(path) if _PYTHON.fullmatch(name))


def _sites(tree: ImageTree, config: ImageConfig, home: str, version: str) -> Iterator[str]:
    """Folders on the interpreter's path, first come first."""
    yield from (path for path in config.environment.get("PYTHONPATH", "").split(":") if path.startswith("/"))
    yield from ("/opt/python", f"/opt/python/lib/python{version}/site-packages")
    yield from (f"{home}/lib/python{version}/{kind}-packages" for kind in ("site", "dist"))
    yield from (f"{home}/lib/python3/dist-packages", "/var/runtime")
    real = tree.resolve(f"{home}/bin/python3") or tree.resolve(f"{home}/bin/python")
    if real and tree.file(f"{home}/pyvenv.cfg") is None:
        above = posixpath.dirname(posixpath.dirname(f"/{real}"))
        yield f"{above}/lib/python{version}/site-packages"


def _base(tree: ImageTree, *, aws: bool) -> str:
    if aws:
        return AWS
    shell = any(tree.file(path) for path in ("bin/sh", "bin/bash", "bin/busybox"))
    alpine = tree.file("etc/alpine-release") is not None
    return "Alpine" if alpine else "a base with a shell" if shell else "distroless"


def _base_layers(tree: ImageTree, python: str, *, aws: bool) -> int:
    """The layers up to the last one that has a sign of the base."""
    signs = ["var/runtime/bootstrap", "lambda-entrypoint.sh"] if aws else []
    entries = [tree.file(path) for path in (*signs, python)]
    last = max((entry.layer for entry in entries if entry), default=0)
    highest = max((entry.layer for entry in tree.entries.values()), default=0)
    return 0 if highest == last else last + 1


def handler_of_image(config: ImageConfig, name: str) -> str:
    """The handler that an image starts.

    Raises:
        UsageError: it names none.
    """
    every = [*config.entrypoint, *config.command]
    words = every[every.index("awslambdaric") + 1 :] if "awslambdaric" in every else [*config.command]
    if words and not words[0].endswith(_SERVERS) and _HANDLER.fullmatch(words[-1]) and not words[-1].startswith("/"):
        return words[-1]
    started = " ".join(every) or "nothing"
    raise UsageError(
        f"`{name}` names no handler", cause=f"it starts {started[:120]}", hint="say --handler module.function"
    )


def function_files(tree: ImageTree, kind: ImageKind, provided: frozenset[str]) -> dict[str, ImageEntry]:
    """The function's files by the path that they would have in a zip: its code, and distributions above the base.

    Of two with one path, the first on the interpreter's path holds: that of the code.

    Args:
        tree: The image.
        kind: What it is.
        provided: Names of distributions that the base has, for an image whose base is no layer of its own.
    """
    files: dict[str, ImageEntry] = {}
    for site in (kind.task_root, *kind.sites):
        inside = _inside(tree, site, kind)
        kept = inside if site == kind.task_root else _above_base(inside, kind, provided)
        for path, entry in kept.items():
            files.setdefault(path, entry)
    return files


def _inside(tree: ImageTree, site: str, kind: ImageKind) -> dict[str, ImageEntry]:
    """The files of a folder; not those of an environment in it, nor of the runtime where that is no layer."""
    if site in ("", "/") or (site == "/var/runtime" and not kind.base_layers):
        return {}
    home = posixpath.dirname(posixpath.dirname(kind.python))
    below = f"{posixpath.relpath(home, site)}/" if home.startswith(f"{site}/") else "/"
    return {path: entry for path, entry in tree.files(site) if not path.startswith(below)}


def _above_base(inside: dict[str, ImageEntry], kind: ImageKind, provided: frozenset[str]) -> dict[str, ImageEntry]:
    if kind.base_layers:
        return {path: entry for path, entry in inside.items() if entry.layer >= kind.base_layers}
    tops = {path.partition("/")[0] for path in inside}
    ours = {top for top in tops if _distribution(top) in provided or top.partition(".")[0] in provided}
    return {path: entry for path, entry in inside.items() if path.partition("/")[0] not in ours}


def _distribution(top: str) -> str:
    return top.partition("-")[0].lower().replace("_", "-") if top.endswith((".dist-info", ".egg-info")) else ""


def libc_of(tree: ImageTree) -> str:
    """The path of the C library in an image; "" where there is none."""
    machines = ("x86_64-linux-gnu", "aarch64-linux-gnu")
    places = ["lib64/libc.so.6", "usr/lib64/libc.so.6", *(f"lib/{machine}/libc.so.6" for machine in machines)]
    places += [f"usr/lib/{machine}/libc.so.6" for machine in machines]
    loader = next((path for path in places if tree.file(path)), "")
    return loader or next((f"lib/{name}" for name in tree.names("lib") if name.startswith("ld-musl-")), "")


def libraries_of(tree: ImageTree) -> frozenset[str]:
    """Names of all shared libraries in an image."""
    names = (posixpath.basename(path) for path, entry in tree.entries.items() if entry.kind is not EntryKind.FOLDER)
    return frozenset(name for name in names if ".so" in name)
