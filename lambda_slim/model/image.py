"""What a container image is made of."""

from dataclasses import dataclass

IMAGE_LIMIT = 10 * 1024**3  # bytes unpacked: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html


@dataclass(frozen=True, slots=True)
class ImageReport:
    """A container image of a function.

    Attributes:
        base: What it was made from, by what is in it: `AWS base image`, `Python with awslambdaric`, `distroless`.
        python: The interpreter's path in it.
        libc: `glibc 2.34`, `musl`; "" where that is not known.
        task_root: The folder that the function's code lies in.
        layers: How many layers it has; 1 for an unpacked root file system.
        total_bytes: All files, as the last layer leaves them.
        base_bytes: All files but the function's: the base, and what else was put beside it.
        function_bytes: Those of the function, as they would be in a zip.
        hidden_bytes: Those that lower layers have and higher ones hide or replace: they are stored and never seen.
        packed_bytes: All layers as they are stored; 0 for an unpacked root file system.
    """

    base: str
    python: str
    libc: str
    task_root: str
    layers: int
    total_bytes: int
    base_bytes: int
    function_bytes: int
    hidden_bytes: int
    packed_bytes: int


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a function's image has beside the function.

    Attributes:
        managed: Whether Lambda's own packages are in it: boto3 and what comes with it.
        libraries: Names of all its shared libraries.
        foreign: Why its code cannot be timed on this machine; "" where it can.
    """

    report: ImageReport
    managed: bool
    libraries: frozenset[str]
    foreign: str = ""


def report_of(image: ImageFacts | None) -> ImageReport | None:
    """What is reported of an image, if there is one."""
    return image.report if image else None


def is_foreign(image: ImageFacts | None) -> bool:
    """Whether there is an image whose code cannot run on this machine."""
    return image is not None and bool(image.foreign)
