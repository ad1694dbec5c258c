"""What a stage of a Dockerfile amounts to: what is copied where, and what is installed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lambda_slim.formats.dockerfile import Instruction, Stage, environment
from lambda_slim.inputs.functions.docker_commands import EMULATOR, Installed, take

TASK_ROOT = "/var/task"
BASE = re.compile(r"(?:lambda/python|aws-lambda-python|lambda-python)[^:]*:(3\.\d+)")
Copy = tuple[str, str, Instruction]  # source in the context, place in the image, the instruction that says so


@dataclass(slots=True)
class ImageContents:
    """What the instructions of a stage and those it is made from amount to."""

    copies: list[Copy] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    installed: Installed = field(default_factory=Installed)
    environment: dict[str, str] = field(default_factory=dict)
    work: str = TASK_ROOT
    command: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()


def contents_of(stage: Stage, earlier: dict[str, ImageContents]) -> ImageContents:
    """What a stage amounts to, with what it is made from.

    Args:
        stage: Its instructions.
        earlier: The stages before it, by name and number.
    """
    above = earlier.get(stage.image)
    image = ImageContents() if above is None else _copied(above)
    if above is None and not BASE.search(stage.image):
        image.work = "/"
    for instruction in stage.instructions:
        _apply(instruction, image, earlier)
    return image


def _copied(image: ImageContents) -> ImageContents:
    installed = image.installed
    rows = {
        name: [*getattr(installed, name)]
        for name in ("files", "names", "projects", "exported", "targets", "system", "unknown")
    }
    return replace(
        image,
        copies=[*image.copies],
        unknown=[*image.unknown],
        environment={**image.environment},
        installed=Installed(locked=installed.locked, **rows),
    )


def _apply(instruction: Instruction, image: ImageContents, earlier: dict[str, ImageContents]) -> None:
    if instruction.name == "WORKDIR":
        image.work = posixpath.normpath(posixpath.join(image.work, instruction.text.strip("\"'")))
    elif instruction.name == "ENV":
        image.environment.update(environment(instruction.text))
    elif instruction.name == "CMD":
        image.command = instruction.words
    elif instruction.name == "ENTRYPOINT":
        image.entry, image.command = instruction.words, ()
    elif instruction.name == "RUN":
        take(" ".join(instruction.words) if instruction.text.startswith("[") else instruction.text, image.installed)
    elif instruction.name in ("COPY", "ADD"):
        _copy(instruction, image, earlier)


def _copy(instruction: Instruction, image: ImageContents, earlier: dict[str, ImageContents]) -> None:
    words = _places(instruction)
    origin = next((word.partition("=")[2] for word in instruction.words if word.startswith("--from=")), "")
    if len(words) < 2:
        return
    for source in words[:-1]:
        place = _target(source, words[-1], image.work, several=len(words) > 2)
        copied = (source, place, instruction)
        if source.startswith(("http:", "https:", "git@")):
            image.unknown.append(f"{instruction.name} {source}")
        elif not origin:
            image.copies.append(copied)
        elif origin in earlier:
            _copy_between(copied, earlier[origin], image)


def _places(instruction: Instruction) -> list[str]:
    """The sources and the target of a COPY or ADD, without the emulator."""
    words = (word.strip("\"'[],") for word in instruction.words if not word.startswith("--"))
    return [word for word in words if not word.endswith(EMULATOR)]


def _target(source: str, said: str, work: str, *, several: bool) -> str:
    """Where a source goes; ends with `/` where only its content, or the file by its own name, goes there."""
    place = posixpath.normpath(posixpath.join(work, said))
    into = several or said in (".", "./") or said.endswith(("/", "/.", "}")) or source.endswith("/")
    return f"{place}/" if into or place in (TASK_ROOT, work) else place


def _copy_between(row: Copy, origin: ImageContents, image: ImageContents) -> None:
    """What comes from another stage: what was installed there, or what was copied into it."""
    source, place, instruction = row
    wanted = posixpath.normpath(source)
    if wanted in exported(origin):
        image.installed.exported.append(posixpath.normpath(place))
        image.installed.locked = True
        return
    installed = _has_installed(origin, wanted)
    if installed:
        _add_installed(origin.installed, image.installed)
    inside = [row for row in origin.copies if posixpath.normpath(row[1]).startswith(wanted)]
    image.copies += [(copied, _moved(there, wanted, place), where) for copied, there, where in inside]
    if not inside and not installed:
        image.unknown.append(f"COPY --from … {source} (line {instruction.line})")


def _has_installed(origin: ImageContents, place: str) -> bool:
    """Whether a place of another stage has what was installed there: a target, an environment, what is in them."""
    targets = [*_absolute(origin), *([origin.work] * origin.installed.locked)]  # with `.venv` in it
    inside = any(target.startswith(place) or place.startswith(target) for target in targets)
    return inside or _is_environment(place)


def _add_installed(more: Installed, installed: Installed) -> None:
    installed.files += more.files
    installed.names += more.names
    installed.projects += more.projects
    installed.exported += more.exported
    installed.locked |= more.locked


def _is_environment(place: str) -> bool:
    """Whether a place of another stage is where an environment has its packages or scripts."""
    return "site-packages" in place or "venv" in place or place.endswith("/bin")


def exported(image: ImageContents) -> frozenset[str]:
    """Where in an image the requirements files lie that its commands write."""
    return frozenset(posixpath.join(image.work, file) for file in image.installed.exported)


def _moved(there: str, wanted: str, place: str) -> str:
    """Where a place below a folder of another stage comes to lie when the folder is copied to `place`."""
    below = posixpath.relpath(posixpath.normpath(there), wanted)
    goal = posixpath.normpath(posixpath.join(place, below))
    return f"{goal}/" if there.endswith("/") else goal


def _absolute(image: ImageContents) -> Iterator[str]:
    for target in image.installed.targets:
        named = re.sub(r"\$\{?LAMBDA_TASK_ROOT\}?", TASK_ROOT, target.strip("\"'"))
        yield posixpath.normpath(posixpath.join(image.work, filled(named, image)))


def filled(text: str, image: ImageContents) -> str:
    """A text with what the image's ENV says of its variables."""
    return re.sub(r"\$\{?(\w+)\}?", lambda match: image.environment.get(match[1], match[0]), text)


def extras_of(image: ImageContents) -> str:
    """What an image has besides code and requirements, or what is not understood of it; "" for nothing."""
    system, unknown = image.installed.system, [*image.unknown, *image.installed.unknown]
    if system:
        return f"its image has {', '.join(system[:5])} from the system's packages, which no zip has"
    return f"what `{unknown[0][:80]}` does is not known" if unknown else ""
