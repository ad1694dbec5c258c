"""Container images: what the JSON documents of an OCI layout and of `docker save` say, and how to write them.

Source: github.com/opencontainers/image-spec v1.1: image-layout.md, image-index.md, manifest.md, config.md.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import as_list, as_table

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_INDEXES = frozenset({INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"})
_DIGEST = re.compile(r"(sha256|sha512):([0-9a-f]{64,128})")
RUNTIME_LABEL = "dev.lambda-slim.runtime"  # of a layer that has no Python of its own: `python3.12`
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64", "x86_64": "x86_64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A blob that a document names.

    Attributes:
        digest: `sha256:…`.
        size: Its bytes.
        media_type: What it is.
        architecture: Of the image that it is, as Lambda calls it; "" where it is not said.
    """

    digest: str
    size: int
    media_type: str = ""
    architecture: str = ""

    @property
    def path(self) -> str:
        """Where it lies in a layout: `blobs/sha256/…`."""
        return f"blobs/{self.digest.replace(':', '/')}"

    @property
    def is_index(self) -> bool:
        """Whether it lists images in turn."""
        return self.media_type in _INDEXES


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """What an image starts, and with what.

    Attributes:
        architecture: As Lambda calls it; "" where it is not said.
        entrypoint: The first words of the command.
        command: The words after them.
        environment: Its variables.
        work: The working directory.
        diff_ids: Digests of the unpacked layers, in their order.
        labels: What its maker says of it.
    """

    architecture: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    work: str = "/"
    diff_ids: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def parse_index(text: str) -> tuple[Descriptor, ...]:
    """The images that an index lists; attestations and other things that are no images are left out.

    Raises:
        ValueError: it is no index.
    """
    rows = as_table(load_json(text)).get("manifests")
    if not isinstance(rows, list):
        raise ValueError("it has no `manifests`")
    images = [_descriptor(row) for row in rows if not _is_reference(as_table(row))]
    return tuple(row for row in images if row.architecture != "unknown")


def _is_reference(row: Mapping[str, Any]) -> bool:
    """Whether a row is an attestation of another."""
    return "vnd.docker.reference.type" in as_table(row.get("annotations"))


def parse_manifest(text: str) -> tuple[Descriptor, tuple[Descriptor, ...]]:
    """The configuration and the layers of an image.

    Raises:
        ValueError: it is no manifest of an image.
    """
    table = as_table(load_json(text))
    rows = table.get("layers")
    if not isinstance(rows, list) or "config" not in table:
        raise ValueError("it has no `config` and `layers`")
    return _descriptor(table["config"]), tuple(map(_descriptor, rows))


def parse_saved(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of each image of `docker save`: the name of its configuration and those of its layers.

    Raises:
        ValueError: it is no `manifest.json` of `docker save`.
    """
    rows = load_json(text)
    if not isinstance(rows, list) or not rows:
        raise ValueError("it lists no image")
    images = []
    for row in rows:
        config, layers = as_table(row).get("Config"), as_table(row).get("Layers")
        if not isinstance(config, str) or not isinstance(layers, list):
            raise ValueError("it has no `Config` and `Layers`")
        images.append((config, tuple(str(layer) for layer in layers)))
    return tuple(images)


def parse_config(text: str) -> ImageConfig:
    """What an image starts.

    Raises:
        ValueError: it is no configuration of an image.
    """
    table = as_table(load_json(text))
    if "rootfs" not in table and "config" not in table:
        raise ValueError("it has no `config` and `rootfs`")
    inner = as_table(table.get("config"))
    variables = (str(row).partition("=") for row in as_list(inner.get("Env")))
    architecture = str(table.get("architecture", ""))
    return ImageConfig(
        ARCHITECTURES.get(architecture, architecture),
        _words(inner.get("Entrypoint")),
        _words(inner.get("Cmd")),
        {name: value for name, _, value in variables},
        str(inner.get("WorkingDir") or "/"),
        tuple(str(row) for row in as_list(as_table(table.get("rootfs")).get("diff_ids"))),
        {name: str(value) for name, value in as_table(inner.get("Labels")).items()},
    )


def _descriptor(row: Any) -> Descriptor:
    table = as_table(row)
    digest, size = table.get("digest"), table.get("size")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest) or not isinstance(size, int) or size < 0:
        raise ValueError(f"`{str(digest)[:80]}` is no digest of a blob, or its size is missing")
    architecture = str(as_table(table.get("platform")).get("architecture", ""))
    return Descriptor(digest, size, str(table.get("mediaType", "")), ARCHITECTURES.get(architecture, architecture))


def _words(value: Any) -> tuple[str, ...]:
    return tuple(value.split()) if isinstance(value, str) else tuple(str(word) for word in as_list(value))


def blob(data: bytes, media_type: str) -> Descriptor:
    """The descriptor of a blob."""
    return Descriptor(f"sha256:{hashlib.sha256(data).hexdigest()}", len(data), media_type)


def as_json(table: Mapping[str, Any]) -> bytes:
    """A document, the same bytes for the same content."""
    return json.dumps(table, sort_keys=True, separators=(",", ":")).encode()


def layer_documents(layer: Descriptor, diff_id: str, config: ImageConfig) -> dict[str, bytes]:
    """The documents of a layout with an image of one layer, by their paths.

    Args:
        layer: The packed layer.
        diff_id: The digest of the unpacked layer.
        config: What the image starts; its own `diff_ids` do not count.
    """
    machine = next(name for name, value in ARCHITECTURES.items() if value == config.architecture)
    inner = {
        "Cmd": [*config.command],
        "Env": [f"{name}={value}" for name, value in sorted(config.environment.items())],
        "Labels": dict(config.labels),
        "WorkingDir": config.work,
    }
    document = as_json(
        {
            "architecture": machine,
            "os": "linux",
            "config": inner,
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
            "history": [{"created_by": "lambda-slim"}],
        }
    )
    named = blob(document, CONFIG)
    rows = [{"mediaType": row.media_type, "digest": row.digest, "size": row.size} for row in (named, layer)]
    manifest = as_json({"schemaVersion": 2, "mediaType": MANIFEST, "config": rows[0], "layers": [rows[1]]})
    image = blob(manifest, MANIFEST)
    index = as_json(
        {
            "schemaVersion": 2,
            "mediaType": INDEX,
            "manifests": [
                {
                    "mediaType": MANIFEST,
                    "digest": image.digest,
                    "size": image.size,
                    "platform": {"architecture": machine, "os": "linux"},
                    "annotations": {"org.opencontainers.image.ref.name": "latest"},
                }
            ],
        }
    )
    return {
        "oci-layout": as_json({"imageLayoutVersion": "1.0.0"}),
        "index.json": index,
        image.path: manifest,
        named.path: document,
    }
