"""Lambda layers: what lies at /opt beside a function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.base.rows import total_size
from lambda_slim.model.file import File


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a function, as it was declared.

    Attributes:
        name: Its logical id, its ARN, or what the settings say.
        content: A folder or zip on this machine whose content Lambda unpacks to /opt; None for one that is not here.
        built: `sam build` makes it: requirements of the content, and its files, go to `python/`.
        requirement: What is installed into `python/`, where no files are named: lines as a requirements file has them.
        requirements: A requirements file or lock whose distributions are installed into `python/`.
        prefix: Where the content goes below /opt: `python/`; "" where it is laid out as a layer already.
        provides: Import names that a public layer is known to have, where nothing of it is here.
        known: A public layer's title; "" for one that is not known.
        where: `template.yaml:14`, for messages.
        carries: Distributions of which it has what the function needs of them, where `build --layer` made it.
    """

    name: str
    content: Path | None = None
    built: bool = False
    requirement: str = ""
    requirements: Path | None = None
    prefix: str = ""
    provides: tuple[str, ...] = ()
    known: str = ""
    where: str = ""
    carries: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether its files can be had here."""
        return self.content is not None or self.requirements is not None or bool(self.requirement)


@dataclass(frozen=True, slots=True)
class LayerContents:
    """What the layers of one function put into /opt.

    Attributes:
        files: Files at /opt, by their path below it; of two layers with one path the later one's.
        importable: Those that an import finds, by the path below their folder of `sys.path`.
        layer_of: The layer's name, by the path below /opt.
        unread: Layers whose files are not here.
    """

    files: tuple[File, ...] = ()
    importable: tuple[File, ...] = ()
    layer_of: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Layer, ...] = ()

    @property
    def size(self) -> int:
        """Bytes that count to the 250 MiB."""
        return total_size(self.files)
