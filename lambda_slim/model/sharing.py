"""What only some functions of a project use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartlyUsed:
    """A distribution or first-party code (a file, or a folder and its `/`) that some functions carry and do not use."""

    name: str
    version: str  # "" for first-party code
    bytes: int
    zipped_bytes: int
    used_by: tuple[str, ...]
    unused_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What a function would save if it had its own folder and requirements: the difference of two plans, unzipped.

    Attributes:
        of_bytes: The full package.
        saves_bytes: The part of it that would not be installed or lie in the folder.
        slim_bytes: What ships of it as planned, without bytecode.
        slim_saves_bytes: What a plan of the function by itself ships less.
    """

    function: str
    of_bytes: int
    saves_bytes: int
    slim_bytes: int
    slim_saves_bytes: int


@dataclass(frozen=True, slots=True)
class LayerProposal:
    """A layer that several functions could share, where it pays.

    Attributes:
        zipped_bytes: Of the layer.
        apart_zipped_bytes: What leaves the functions' zips, all together, planned again with the layer.
        most_added: The largest (function, zipped bytes) that the layer brings it without its using them.
    """

    target: str
    functions: tuple[str, ...]
    distributions: tuple[str, ...]
    zipped_bytes: int
    apart_zipped_bytes: int
    most_added: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What several functions of one project have in common, and what they have not."""

    partly_used: tuple[PartlyUsed, ...] = ()
    splits: tuple[Split, ...] = ()
    layer: LayerProposal | None = None
