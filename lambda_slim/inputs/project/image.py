"""The function of a container image."""

import platform
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.inputs.images.package import OpenedImage, open_image
from lambda_slim.inputs.images.recognise import handler_of_image
from lambda_slim.inputs.project.plain import obvious_handler
from lambda_slim.inputs.project.targets import known_target
from lambda_slim.model.function import Function
from lambda_slim.model.image import ImageFacts
from lambda_slim.model.settings import FunctionSettings, Settings
from lambda_slim.model.target import Target


def from_image(place: Path, settings: Settings, handler: str | None, warnings: list[str]) -> list[Function]:
    """The function that an image starts; several where the settings name handlers in it.

    Raises:
        PackageError: the image cannot be read, or is not safe to read.
        NothingToDoError: there is no Python in it.
        UsageError: it names no handler.
    """
    image = open_image(place, settings.architecture)
    target = _target(image, settings, place.name)
    foreign = _foreign(image, target)
    warnings += _said(place, image, target, foreign)
    tables = [table for table in settings.functions if table.handler and not handler]
    facts = ImageFacts(image.report, image.kind.managed, image.libraries, foreign)
    return [
        Function(
            name=table.name,
            handler=handler or table.handler or _handler(image, place.name),
            source=image.folder,
            target=target,
            artifact=place,
            memory_mb=table.memory,
            environment={**_environment(image), **table.environment},
            events=table.events,
            where=table.where,
            image=facts,
        )
        for table in tables or [FunctionSettings(place.name.partition(".")[0] or place.name)]
    ]


def _said(place: Path, image: OpenedImage, target: Target, foreign: str) -> Iterator[str]:
    report = image.report
    what = f"{report.base} with Python {image.kind.version}, code in {report.task_root}"
    yield f"{place.name}: {what}; taken as a package for {target.label}"
    if foreign:
        yield f"{place.name}: INIT is not timed: {foreign}"


def _handler(image: OpenedImage, name: str) -> str:
    """The one that the image starts; an unpacked root file system does not say it."""
    if image.config.entrypoint or image.config.command:
        return handler_of_image(image.config, name)
    return obvious_handler(image.folder, name)


def _target(image: OpenedImage, settings: Settings, name: str) -> Target:
    """Lambda's runtime of the same Python, with the C library that the image has."""
    architecture = settings.architecture or image.architecture or "x86_64"
    target = known_target(settings.runtime or f"python{image.kind.version}", architecture, name)
    if image.kind.managed or image.glibc == (0, 0):
        return target
    return replace(target, runtime=replace(target.runtime, glibc=image.glibc, glibcxx=_LIBSTDCXX))


_LIBSTDCXX = (3, 4, 999)  # which one an image has is not looked at
_NOT_OF_THE_FUNCTION = frozenset(
    {"PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "PYTHONPATH"}
)


def _foreign(image: OpenedImage, target: Target) -> str:
    """Why an image's code cannot run here; "" where it can."""
    here = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if here != target.machine:
        return f"the image is for {target.machine}, this machine is {here}"
    name, version = platform.libc_ver()
    if name != "glibc" or "musl" in image.report.libc:
        return (
            f"the image has {image.report.libc or 'an unknown C library'}, this machine {name or 'none that is known'}"
        )
    major, _, minor = version.partition(".")
    if (int(major), int(minor)) < image.glibc:
        return f"the image has {image.report.libc}, this machine {name} {version}"
    return ""


def _environment(image: OpenedImage) -> dict[str, str]:
    """The variables that the image sets for the function; its PYTHONPATH was followed."""
    said = image.config.environment
    return {key: value for key, value in said.items() if key not in _NOT_OF_THE_FUNCTION}
