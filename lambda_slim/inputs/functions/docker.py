"""Dockerfiles of Lambda images: FROM names the runtime, CMD the handler, COPY the layout, RUN what is installed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_loosely, read_regular_text
from lambda_slim.formats.dockerfile import Stage, parse_dockerfile
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.docker_image import (
    BASE,
    TASK_ROOT,
    ImageContents,
    contents_of,
    exported,
    extras_of,
    filled,
)
from lambda_slim.inputs.functions.globs import glob_rules
from lambda_slim.inputs.functions.names import plain_name
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError
from lambda_slim.model.layout import Placement

_PLAIN = re.compile(r"python[:-]?3[.]?(\d{1,2})(?!\d)")  # python:3.12-slim, uv:python3.12-alpine, ubi9/python-312
_INTERPRETER = re.compile(r"""["']?(?:/[\w./-]*/)?python3[.](\d{1,2})["']?""")
_SIGNS = ("lambda/python", "aws-lambda-python", "awslambdaric", "aws-lambda-adapter", "aws-lambda-rie")
_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
_EXTRAS = re.compile(r"(?:\[[\w,\s.-]*\])?$")
_COMMAND = re.compile(r"""^\s*CMD\s*\[\s*["']([\w/]+)\.(\w+)["']\s*\]\s*$""", re.MULTILINE)
DOCKER_HINT = "say handler and source in [functions] of lambda-slim.toml; the Dockerfile is then not read"
_DECLARING = re.compile(
    r"(requirements.*\.(txt|in)|poetry\.lock|uv\.lock|pylock.*\.toml|pyproject\.toml|Pipfile(\.lock)?)$"
)


def _find(folder: Path) -> Path | None:
    files = [folder / "Dockerfile", *sorted(folder.glob("Dockerfile.*")), *sorted(folder.glob("*.Dockerfile"))]
    return next((file for file in files if file.is_file() and is_lambda_file(file)), None)


def is_lambda_file(file: Path) -> bool:
    """Whether a Dockerfile is one of an image for Lambda: by its text, or as its CMD is a handler of the code here."""
    text = read_loosely(file)
    command = _COMMAND.findall(text)
    if is_lambda(text) or not command:
        return is_lambda(text)
    module, name = command[-1]
    places = (file.parent / folder / f"{module}.py" for folder in ("", "src", "app", "lambda", "function"))
    bound = re.compile(rf"^(?:async +)?(?:def +{name}\b *\(|{name}\b[^=\n]*=)", re.MULTILINE)
    return any(bound.search(read_loosely(place)) for place in places if place.is_file())


def is_lambda(text: str) -> bool:
    """Whether the text of a Dockerfile is one of an image for Lambda."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    try:
        lines += [stage.image for stage in parse_dockerfile(text)]
    except ValueError:
        return False
    return any(sign in line for line in lines for sign in _SIGNS)


def _reads(path: Path, _: str) -> bool:
    return "dockerfile" in path.name.lower()


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    return (read_image(path),)


def read_image(path: Path, context: Path | None = None, goal: str = "") -> Declared:
    """The function of an image that a Dockerfile makes.

    Args:
        path: The Dockerfile.
        context: The folder that COPY counts from; None where nothing says it.
        goal: The folder of the image that becomes the package; "" for where Lambda starts.

    Raises:
        ValueError: it cannot be read.
        QuestionError: it starts something else than a handler.
    """
    text = read_regular_text(path)
    stages = parse_dockerfile(text, {"LAMBDA_TASK_ROOT": TASK_ROOT})
    final = stages[-1]
    images: dict[str, ImageContents] = {}
    for index, stage in enumerate(stages):
        images[stage.name or str(index)] = images[str(index)] = contents_of(stage, images)
    image = images[str(len(stages) - 1)]
    base = _origin(final, stages)
    if "aws-lambda-adapter" in text or (image.command and image.command[0] in ("uvicorn", "gunicorn")):
        raise QuestionError(f"`{path.name}` starts a web server", "its CMD names no handler", DOCKER_HINT)
    where = f"{path.name}:{_cmd_line(final)}"
    said = Declared(
        plain_name(path.parent),
        where,
        handler=_handler(image),
        runtime=_runtime(base, image),
        architecture=_architecture(base, final),
        environment={key: value for key, value in image.environment.items() if "$" not in value and key != "PATH"},
    )
    return _placed(said, image, context or _context(path, images), goal)


def _origin(stage: Stage, stages: tuple[Stage, ...]) -> Stage:
    """The stage whose image comes from elsewhere."""
    for _ in stages:
        above = next((earlier for earlier in stages if earlier.name and earlier.name == stage.image), None)
        if above is None:
            return stage
        stage = above
    return stage


def _runtime(base: Stage, image: ImageContents) -> str:
    """As the base names it, else the interpreter that the image starts: `/usr/bin/python3.11 -m awslambdaric`."""
    if match := BASE.search(base.image):
        return f"python{match[1]}"
    started = (_INTERPRETER.fullmatch(word) for word in (*image.entry, *image.command))
    match = _PLAIN.search(base.image) or next(filter(None, started), None)
    return f"python3.{match[1]}" if match else UNKNOWN


def _architecture(base: Stage, final: Stage) -> str | None:
    said = f"{base.image} {base.platform} {final.platform}"
    return "arm64" if "arm64" in said or "aarch64" in said else "x86_64" if re.search("x86_64|amd64", said) else None


def _cmd_line(stage: Stage) -> int:
    lines = [instruction.line for instruction in stage.instructions if instruction.name == "CMD"]
    return lines[-1] if lines else 1


def _handler(image: ImageContents) -> str:
    words = [word.strip("\"'") for word in (*image.entry, *image.command)]
    if "awslambdaric" in words:
        words = words[words.index("awslambdaric") + 1 :]
    elif image.command:
        words = [word.strip("\"'") for word in image.command]
    return words[-1] if words and re.fullmatch(r"[\w./-]+\.\w+", words[-1]) else UNKNOWN


def _context(path: Path, images: dict[str, ImageContents]) -> Path:
    """The folder that COPY counts from: of the file's own and those above it the first that has most of the sources."""
    sources = {source for image in images.values() for source, _, _ in image.copies}
    plain = [source.lstrip("/") for source in sources if not set("*?[$").intersection(source)]
    near = (path.parent, *list(path.parent.parents)[:3])
    return max(near, key=lambda folder: sum((folder / source).exists() for source in plain))


def _placed(said: Declared, image: ImageContents, context: Path, goal: str) -> Declared:
    """The function with the files that its image has, or with what is not understood about it."""
    root = goal or _root(image)
    ignored = tuple(_ignored(context))
    parts: list[Placement] = []
    for source, place, instruction in image.copies:
        files = (
            sorted(context.glob(source.lstrip("/")))
            if set("*?[").intersection(source)
            else [context / source.lstrip("/")]
        )
        for file in files:
            if not file.exists():
                return _open(said, f"COPY {source} (line {instruction.line}): it is not there")
            parts += _part(file.resolve() if file == context else file, place, root, ignored)
    if extras := extras_of(image):
        return _beyond(said, extras)
    return _required(replace(said, parts=tuple(parts)), image, context)


def _root(image: ImageContents) -> str:
    """The folder of an image that becomes the package."""
    there = any(posixpath.normpath(place).startswith(TASK_ROOT) for _, place, _ in image.copies)
    return TASK_ROOT if there else image.work


def _open(said: Declared, problem: str) -> Declared:
    return replace(said, problem=f"{said.name}: {problem}", hint=DOCKER_HINT)


def _beyond(said: Declared, problem: str) -> Declared:
    """A function whose image has more than its code and what pip installs: a zip would start without that."""
    known = said.handler and said.runtime and UNKNOWN not in (said.handler, said.runtime)
    python = (said.runtime or "").removeprefix("python")
    alone = f"`--handler {said.handler} --python {python}` builds its code and requirements alone, without that; or "
    return replace(_open(said, problem), hint=f"{alone if known else ''}{DOCKER_HINT}")


def _part(file: Path, place: str, root: str, ignored: tuple[tuple[bool, str], ...]) -> Iterator[Placement]:
    where = posixpath.normpath(place)
    if where != root and not where.startswith(f"{root.rstrip('/')}/"):
        return
    below = posixpath.relpath(where, root)
    prefix = "" if below == "." else below
    if file.is_dir():
        yield Placement(file, prefix, ignored)
    elif place.endswith("/"):
        yield Placement(file, posixpath.join(prefix, file.name))
    else:
        yield Placement(file, prefix or file.name)


def _ignored(context: Path) -> Iterator[tuple[bool, str]]:
    file = context / ".dockerignore"
    for line in read_loosely(file).splitlines() if file.is_file() else ():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            keep, body = pattern.startswith("!"), pattern.removeprefix("!").strip("/")
            yield from glob_rules(body, keep=keep)
            yield from glob_rules(f"{body}/**", keep=keep)


def _required(said: Declared, image: ImageContents, context: Path) -> Declared:
    """The function with what its RUN lines install."""
    installed = image.installed
    lines = []
    for name in _copied_lists(image):
        file = _local(name, image, context)
        if file is None:
            return _open(said, f"`{name}`, which pip installs, is not among the files that COPY adds")
        lines.append(f"-r {file}")
    for name in dict.fromkeys(installed.projects):
        folder = _project(name, image, context)
        if folder is None:
            return _open(said, f"`{name}`, which pip installs, is not among the files that COPY adds")
        lines.append(f"{folder}{_EXTRAS.findall(name)[0]}")
    lines += dict.fromkeys(installed.names)
    if len(lines) == 1 and lines[0].startswith("-r "):
        return replace(said, requirements=Path(lines[0][3:]))
    return replace(said, requires=tuple(lines), searched=not lines, installs=bool(lines) or installed.locked)


def _project(name: str, image: ImageContents, context: Path) -> Path | None:
    """The folder of the context that is a project in the image: where its pyproject.toml comes from."""
    inside = _EXTRAS.sub("", name.strip("\"'"))
    files = (_local(posixpath.join(inside, marker), image, context) for marker in _PROJECTS)
    file = next((file for file in files if file and file.name in _PROJECTS), None)
    folder = file.parent if file else _local(name, image, context)
    return folder if folder and (folder.is_dir() or folder.suffix in (".whl", ".gz", ".zip")) else None


def _copied_lists(image: ImageContents) -> list[str]:
    """The requirements files that are installed and that no command of the image writes."""
    written = exported(image)
    return [file for file in dict.fromkeys(image.installed.files) if posixpath.join(image.work, file) not in written]


def _local(name: str, image: ImageContents, context: Path) -> Path | None:
    """The file or folder of the context that has a name in the image."""
    text = re.sub(r"\$\{?LAMBDA_TASK_ROOT\}?", TASK_ROOT, name.strip("\"'"))
    wanted = posixpath.normpath(posixpath.join(image.work, filled(re.sub(r"\[.*\]$", "", text), image)))
    for source, place, _ in reversed(image.copies):
        where, file = posixpath.normpath(place), context / source.lstrip("/")
        if file.is_file() and wanted in (where, posixpath.join(where, file.name)):
            return file
        if file.is_dir() and wanted.startswith(where):
            inner = file / posixpath.relpath(wanted, where)
            if inner.exists():
                return inner
    plain = context / posixpath.basename(wanted)
    return plain if _DECLARING.search(plain.name) and plain.is_file() else None


KIND = DeploymentKind("Dockerfile", _find, _reads, _read)
