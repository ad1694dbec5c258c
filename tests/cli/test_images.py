"""Container images as the target of commands."""

import json
import lzma

from tests.cli.conftest import PYTHON
from tests.images import AWS, BASE, FUNCTION, layer_of, layout, saved

READY = True  # many commands, see `run` in conftest.py


def test_an_image_is_analysed_audited_checked_and_compared(tool):
    for name in ("lambda-slim.toml", "app.py", "helper.py"):
        (tool.folder / name).unlink()
    layout(tool.folder / "image", (BASE, FUNCTION), **AWS)
    saved(tool.folder / "before.tar", (BASE, FUNCTION), **{**AWS, "Cmd": ["other.handler"]})

    said = tool("analyze", "image", "--no-import", "--json", "report.json")
    assert "AWS base image, glibc 2.26" in said.stdout
    assert "of 10 GiB; 2 layers" in said.stdout
    assert "direct upload" not in said.stdout
    report = json.loads((tool.folder / "report.json").read_text())["functions"][0]
    assert report["image"]["function_bytes"] == report["before"]["unzipped_bytes"]
    assert [row["name"] for row in report["distributions"]] == ["paper", "(project)"]

    saved(tool.folder / "image.tar", (BASE, FUNCTION), **AWS)
    assert "AWS base image, glibc 2.26" in tool("analyze", "image.tar", "--no-import").stdout
    assert "its imports are there" in tool("audit", "image").stdout
    assert "there is no module `other`" in tool("audit", "before.tar", code=2).stderr
    assert "0 checks hold" in tool("check", "image", "--no-import").stdout
    assert "no difference" in tool("diff", "before.tar", "image").stdout


def test_a_damaged_image_and_one_without_python_are_told(tool):
    (tool.folder / "lambda-slim.toml").unlink()
    (tool.folder / "cut.tar").write_bytes(saved(tool.folder / "whole.tar", (BASE,), **AWS).read_bytes()[:3000])

    assert "cannot be read as a container image" in tool("analyze", "cut.tar", code=3).stderr
    assert "build --format oci" in tool("slim", "whole.tar", code=2).stderr
    (tool.folder / "whole.tar.xz").write_bytes(lzma.compress(b"x"))
    assert "unxz it first" in tool("audit", "whole.tar.xz", code=3).stderr
    bare = layer_of({"bin/sh": "#!", "usr/bin/node": "", "app/index.js": ""})
    seen = tool("analyze", saved(tool.folder / "node.tar", (bare,), Cmd=["index.handler"]).name, code=5).stderr
    assert "is an image without Python" in seen
    hiding = layer_of({"var/.wh.": "", ".wh..": ""})
    hostile = saved(tool.folder / "hiding.tar", (BASE, FUNCTION, hiding), **AWS).name
    assert "leads out of the image" in tool("audit", hostile, code=3).stderr
    assert (
        "names no handler"
        in tool("analyze", saved(tool.folder / "shell.tar", (BASE, FUNCTION), Cmd=["bash"]).name, code=2).stderr
    )


def test_a_package_is_built_as_a_layer_with_the_lines_of_a_dockerfile(tool):
    said = tool("build", "--format", "oci").stdout
    first = (tool.folder / "dist/One.oci/index.json").read_bytes()
    lines = (tool.folder / "dist/One.Dockerfile").read_text().splitlines()

    assert "docker build -f dist/One.Dockerfile -t one dist" in said
    assert lines[0].endswith(f"public.ecr.aws/lambda/python:{PYTHON}")
    assert (tool.folder / "dist" / lines[1].split()[1]).is_file()
    assert "its imports are there" in tool("audit", "dist/One.oci").stdout
    tool("build", "--format", "oci", "-q")
    assert (tool.folder / "dist/One.oci/index.json").read_bytes() == first
    tool("build", "--format", "oci", "-o", "one.tar", "-q")
    assert "no difference" in tool("diff", "one.tar", "dist/One.oci").stdout
    (tool.folder / "other/One.oci").mkdir(parents=True)
    (tool.folder / "other/One.oci/mine.txt").write_text("x")
    assert "is not an OCI layout" in tool("build", "--format", "oci", "-o", "other", code=2).stderr
    assert "writes image layers" in tool("build", "--format", "oci", "-o", "one.zip", code=2).stderr
