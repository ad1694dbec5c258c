"""Documents of container images."""

import json

import pytest

from lambda_slim.formats.oci import (
    INDEX,
    LAYER,
    MANIFEST,
    Descriptor,
    ImageConfig,
    blob,
    layer_documents,
    parse_config,
    parse_index,
    parse_manifest,
    parse_saved,
)

DIGEST = "sha256:" + "a" * 64
ROW = {"digest": DIGEST, "size": 7, "mediaType": MANIFEST}


def test_images_of_an_index():
    attestation = {**ROW, "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    odd = {**ROW, "platform": {"architecture": "unknown"}}
    arm = {**ROW, "platform": {"architecture": "arm64"}}

    rows = parse_index(json.dumps({"manifests": [ROW, attestation, odd, arm]}))

    assert rows == (Descriptor(DIGEST, 7, MANIFEST), Descriptor(DIGEST, 7, MANIFEST, "arm64"))
    assert rows[0].path == f"blobs/sha256/{'a' * 64}"
    assert (rows[0].is_index, Descriptor(DIGEST, 1, INDEX).is_index) == (False, True)


def test_the_parts_of_a_manifest_and_of_a_saved_image():
    config, layers = parse_manifest(json.dumps({"config": ROW, "layers": [ROW, ROW]}))

    assert (config.size, len(layers)) == (7, 2)
    assert parse_saved('[{"Config": "c.json", "Layers": ["a/layer.tar", "b"]}]') == (("c.json", ("a/layer.tar", "b")),)


@pytest.mark.parametrize(
    ("parse", "table"),
    [
        (parse_index, []),
        (parse_index, {"manifests": {}}),
        (parse_index, {"manifests": [{"digest": "../../etc", "size": 1}]}),
        (parse_index, {"manifests": [{**ROW, "size": -1}]}),
        (parse_index, {"manifests": [{**ROW, "size": "7"}]}),
        (parse_manifest, {"layers": []}),
        (parse_manifest, {"config": ROW}),
        (parse_manifest, {"config": ROW, "layers": [{}]}),
        (parse_saved, []),
        (parse_saved, {}),
        (parse_saved, [{"Config": 3, "Layers": []}]),
        (parse_saved, [{"Config": "c", "Layers": "l"}]),
        (parse_config, {"history": []}),
    ],
)
def test_what_is_no_such_document_is_refused(parse, table):
    with pytest.raises(ValueError, match="no"):
        parse(json.dumps(table))


def test_what_an_image_starts():
    inner = {
        "Entrypoint": "/run.sh -x",
        "Cmd": ["app.handler"],
        "Env": ["A=b=c", "D"],
        "WorkingDir": "",
        "Labels": {"l": 1},
    }
    table = {"architecture": "amd64", "config": inner, "rootfs": {"diff_ids": [DIGEST]}}

    assert parse_config(json.dumps(table)) == ImageConfig(
        "x86_64", ("/run.sh", "-x"), ("app.handler",), {"A": "b=c", "D": ""}, "/", (DIGEST,), {"l": "1"}
    )
    assert parse_config('{"rootfs": 3}') == ImageConfig()


def test_what_is_written_is_read_again():
    config = ImageConfig("arm64", (), ("app.handler",), {"B": "2", "A": "1"}, "/var/task", labels={"l": "x"})
    layer = blob(b"layer", LAYER)

    documents = layer_documents(layer, DIGEST, config)

    (image,) = parse_index(documents["index.json"].decode())
    named, layers = parse_manifest(documents[image.path].decode())
    read = parse_config(documents[named.path].decode())
    assert (image.architecture, layers) == ("arm64", (layer,))
    assert image.size == len(documents[image.path])
    assert (read.command, dict(read.environment), read.work, read.diff_ids) == (
        config.command, dict(config.environment), config.work, (DIGEST,),
    )  # fmt: skip
    assert documents == layer_documents(layer, DIGEST, config)
