"""Small container images, made by hand."""

import gzip
import hashlib
import io
import json
import tarfile


def layer_of(files):
    """An unpacked layer: bytes or text for files, None for folders, ("link", X), ("hard", X), ("fifo", "")."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.mode = 0o755 if data is None else 0o644
            content = b""
            if data is None:
                member.type = tarfile.DIRTYPE
            elif isinstance(data, tuple):
                member.type = {"link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "fifo": tarfile.FIFOTYPE}[data[0]]
                member.linkname = data[1]
            else:
                content = data.encode() if isinstance(data, str) else data
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def config_of(layers, **config):
    table = {"architecture": "amd64", "os": "linux", "config": config}
    table["rootfs"] = {"type": "layers", "diff_ids": [f"sha256:{digest(data)}" for data in layers]}
    return json.dumps(table).encode()


def layout(folder, layers, packed=gzip.compress, **config):
    """An OCI layout."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def put(data, kind):
        (blobs / digest(data)).write_bytes(data)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest(data)}", "size": len(data)}

    rows = [put(packed(data), "layer.v1.tar+gzip") for data in layers]
    manifest = {"schemaVersion": 2, "config": put(config_of(layers, **config), "config.v1+json"), "layers": rows}
    image = put(json.dumps(manifest).encode(), "manifest.v1+json")
    image["platform"] = {"architecture": "amd64", "os": "linux"}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [image]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


def tarred(folder, path, mode="w"):
    """A folder as a tar."""
    with tarfile.open(path, mode) as archive:
        for inner in sorted(folder.rglob("*")):
            archive.add(inner, inner.relative_to(folder).as_posix(), recursive=False)
    return path


def saved(path, layers, **config):
    """What `docker save` wrote before version 25."""
    document = config_of(layers, **config)
    names = [f"{digest(data)}/layer.tar" for data in layers]
    rows = [{"Config": f"{digest(document)}.json", "RepoTags": ["f:latest"], "Layers": names}]
    files = {**dict(zip(names, layers, strict=True)), f"{digest(document)}.json": document}
    path.write_bytes(layer_of({**files, "manifest.json": json.dumps(rows)}))
    return path


SITE = "var/lang/lib/python3.11/site-packages"
BASE = layer_of(
    {
        "var/lang/bin/python3.11": "ELF",
        "var/lang/bin/python3": ("link", "python3.11"),
        "lib64/libc.so.6": "GNU C Library stable release version 2.26",
        "lib64/libz.so.1": "",
        "var/runtime/bootstrap": "#!/bin/bash\n",
        f"{SITE}/boto3/__init__.py": "",
        f"{SITE}/boto3-1.34.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: boto3\nVersion: 1.34.0\n",
        "lambda-entrypoint.sh": "#!/bin/sh\n",
        "usr/bin/x": None,
        "etc/passwd": "root\n",
    }
)
FUNCTION = layer_of(
    {
        f"{SITE}/paper/__init__.py": "SIZE = 4\n",
        f"{SITE}/paper-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: paper\nVersion: 1.0\n",
        f"{SITE}/paper-1.0.dist-info/RECORD": "paper/__init__.py,,\n"
        "paper-1.0.dist-info/METADATA,,\npaper-1.0.dist-info/RECORD,,\n",
        "var/task/app.py": "import boto3\nimport paper\n\n\ndef handler(event, context):\n    return paper.SIZE\n",
        "var/task/secret.txt": "old",
    }
)
LAST = layer_of(
    {"var/task/.wh.secret.txt": "", "var/task/words.json": "{}", "var/task/more.json": ("hard", "var/task/words.json")}
)
AWS = {
    "Entrypoint": ["/lambda-entrypoint.sh"],
    "Cmd": ["app.handler"],
    "WorkingDir": "/var/task",
    "Env": ["LAMBDA_TASK_ROOT=/var/task", "PATH=/var/lang/bin:/usr/bin", "STAGE=test"],
}
