"""Packages as OCI images of one layer: what the specification asks for, and the same bytes every time."""

import gzip
import hashlib
import io
import json
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.bundle.oci import dockerfile, layer_of, layer_tar, layout_tar, oci_files, write_layout
from lambda_slim.inputs.images.package import open_image
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.member import Member
from lambda_slim.model.target import Target

TARGET = Target(runtimes()["python3.12"], "arm64")
MEMBERS = [
    Member("app.py", b"def handler(event, context):\n    return 1\n"),
    Member("paper/\u00fc/" + "x" * 120 + ".py", b"X = 1\n"),
    Member("bin/run", b"#!/bin/sh\n", executable=True),
]


def sha(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def blob(files, descriptor):
    data = files[f"blobs/{descriptor['digest'].replace(':', '/')}"]
    assert (sha(data), len(data)) == (descriptor["digest"], descriptor["size"])
    return data


def test_every_document_names_the_next_by_digest_size_and_kind():
    files = oci_files(MEMBERS, TARGET, "app.handler", release=False)

    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads(files["index.json"])
    (image,) = index["manifests"]
    assert (index["schemaVersion"], image["mediaType"]) == (2, "application/vnd.oci.image.manifest.v1+json")
    assert image["platform"] == {"architecture": "arm64", "os": "linux"}
    manifest = json.loads(blob(files, image))
    assert manifest["mediaType"] == image["mediaType"]
    assert manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json"
    config = json.loads(blob(files, manifest["config"]))
    assert (config["architecture"], config["os"], config["rootfs"]["type"]) == ("arm64", "linux", "layers")
    (layer,) = manifest["layers"]
    assert layer["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip"
    assert config["rootfs"]["diff_ids"] == [sha(gzip.decompress(blob(files, layer)))]
    assert config["config"]["Cmd"] == ["app.handler"]
    assert len(config["history"]) == 1
    assert len(files) == 5  # nothing but what is named


def test_the_layer_has_the_package_at_the_task_root_with_folders_first():
    with tarfile.open(fileobj=io.BytesIO(layer_tar(MEMBERS))) as archive:
        entries = archive.getmembers()

    assert [entry.name for entry in entries[:4]] == ["var", "var/task", "var/task/app.py", "var/task/bin"]
    assert {(entry.uid, entry.gid, entry.mtime, entry.uname) for entry in entries} == {(0, 0, 0, "")}
    modes = {entry.name: entry.mode for entry in entries}
    assert (modes["var/task"], modes["var/task/app.py"], modes["var/task/bin/run"]) == (0o755, 0o644, 0o755)


@given(st.permutations(MEMBERS))
def test_the_order_of_the_members_does_not_matter(members):
    first = oci_files(MEMBERS, TARGET, "app.handler", release=False)
    again = oci_files(members, TARGET, "app.handler", release=False)

    assert layout_tar(first) == layout_tar(again)


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_written_is_read_as_the_same_package(tmp_path, packed):
    files = oci_files(MEMBERS, TARGET, "app.handler", release=False)
    place = tmp_path / ("image.tar" if packed else "image")
    if packed:
        place.write_bytes(layout_tar(files))
    else:
        write_layout(files, place)

    image = open_image(place)

    assert (image.folder / MEMBERS[1].name).read_bytes() == b"X = 1\n"
    assert (image.kind.version, image.architecture, image.config.command) == ("3.12", "arm64", ("app.handler",))
    assert image.report.base == "a layer for the AWS base image"


def test_the_lines_of_a_dockerfile_take_the_layer_as_it_is():
    files = oci_files(MEMBERS, TARGET, "app.handler", release=False)
    path = layer_of(files).path

    assert dockerfile(TARGET, "app.handler", f"Orders.oci/{path}").splitlines() == [
        "FROM --platform=linux/arm64 public.ecr.aws/lambda/python:3.12",
        f"ADD Orders.oci/{path} /",
        'CMD ["app.handler"]',
    ]
    assert path in files
