"""Container images: what their layers amount to, what they are, and what is not read."""

import gzip
import io
import json
import tarfile

import pytest

from lambda_slim.base.errors import NothingToDoError, PackageError, SlimError, UsageError
from lambda_slim.inputs.images.package import is_image, open_image
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from tests.images import AWS, BASE, FUNCTION, LAST, layer_of, layout, saved, tarred

LAYERS = (BASE, FUNCTION, LAST)
EXPECTED = {
    "app.py",
    "words.json",
    "more.json",
    "paper/__init__.py",
    *(f"paper-1.0.dist-info/{name}" for name in ("METADATA", "RECORD")),
}


def function_in(place, **overrides):
    (function,) = find_project(place, load(place, overrides=overrides)).functions
    return function


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["layout", "tar", "packed tar", "saved"])
def image(request, tmp_path):
    """One image in every form."""
    if request.param == "saved":
        return saved(tmp_path / "function.tar", LAYERS, **AWS)
    folder = layout(tmp_path / "function", LAYERS, **AWS)
    if request.param == "layout":
        return folder
    packed = request.param != "tar"
    return tarred(folder, tmp_path / ("function.tar.gz" if packed else "function.tar"), "w:gz" if packed else "w")


def test_the_function_in_an_image_is_what_it_would_be_in_a_zip(image):
    function = function_in(image)

    assert files(function.source) == EXPECTED
    assert (function.source / "more.json").read_text() == "{}"
    assert (function.name, function.handler, function.target.label) == ("function", "app.handler", "python3.11 x86_64")
    assert function.environment == {"STAGE": "test"}
    assert function.image.managed
    report = function.image.report
    assert (report.base, report.libc, report.layers) == ("AWS base image", "glibc 2.26", 3)
    assert report.total_bytes == report.base_bytes + report.function_bytes
    assert report.hidden_bytes == len("old")


def test_an_unpacked_root_file_system_needs_no_layers_to_tell_the_base(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    trusted = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}  # from Python 3.11.4 on
    for data in LAYERS[:2]:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(root, **trusted)
    (root / "var/task/out").symlink_to("/etc/passwd")
    (root / "var/task/all").symlink_to("/")

    function = function_in(root)

    assert function.handler == "app.handler"  # nothing says it but the code
    assert {"app.py", "paper/__init__.py"} <= files(function.source)
    assert (function.source / "out").read_text() == "root\n"  # that of the image
    assert not any(path.startswith("boto3") for path in files(function.source))


SLIM = {
    "usr/local/bin/python3.11": "ELF",
    "usr/local/bin/python3": ("link", "python3.11"),
    "usr/local/bin/python": ("link", "python3"),
    "bin/sh": "",
    "lib/x86_64-linux-gnu/libc.so.6": "stable release version 2.36.",
    "usr/local/lib/python3.11/site-packages/pip/__init__.py": "",
}


def test_an_image_that_starts_the_client_itself_has_its_code_in_the_working_directory(tmp_path):
    above = {
        "usr/local/lib/python3.11/site-packages/awslambdaric/__init__.py": "",
        "srv/web/app.py": "import boto3\n\n\ndef handler(event, context):\n    pass\n",
    }
    place = layout(
        tmp_path / "image",
        (layer_of(SLIM), layer_of(above)),
        Entrypoint=["/usr/local/bin/python", "-m", "awslambdaric"],
        Cmd=["app.handler"],
        WorkingDir="/srv/web",
    )

    function = function_in(place)

    assert files(function.source) == {"app.py", "awslambdaric/__init__.py"}
    assert not function.image.managed  # boto3 is not there
    assert function.target.runtime.glibc == (2, 36)
    assert function.image.report.base == "a base with a shell"


def test_an_environment_in_the_image_is_the_one_that_its_path_finds(tmp_path):
    above = {
        "app/.venv/pyvenv.cfg": "home = /usr/local/bin\n",
        "app/.venv/bin/python": ("link", "/usr/local/bin/python3"),
        "app/.venv/lib/python3.11/site-packages/paper.py": "",
        "app/main.py": "def handler(event, context):\n    pass\n",
    }
    place = layout(
        tmp_path / "image",
        (layer_of(SLIM), layer_of(above)),
        Entrypoint=["python", "-m", "awslambdaric", "main.handler"],
        Env=["PATH=/app/.venv/bin:/usr/local/bin"],
        WorkingDir="/app",
    )

    assert files(function_in(place).source) == {"main.py", "paper.py"}


def test_whiteouts_hide_what_lower_layers_have_and_nothing_of_their_own(tmp_path):
    first = layer_of({f"var/task/{name}": "x" for name in ("a/1.py", "a/2.py", "b/1.py", "c.py", "d/e/f.py")})
    second = layer_of(
        {
            "var/task/a/3.py": "x",
            "var/task/a/.wh..wh..opq": "",
            "var/task/.wh.b": "",
            "var/task/c.py": None,
            "var/task/c.py/in.py": "x",
            "var/task/d": ("link", "a"),
        }
    )
    place = layout(tmp_path / "image", (BASE, first, second), **AWS)

    assert files(open_image(place).folder) == {"a/3.py", "c.py/in.py", "d/3.py"}


@pytest.mark.parametrize("name", ["../../escaped.py", "/../escaped.py", "var/task/../../../escaped.py"])
def test_names_and_links_that_lead_out_are_refused_or_stay_inside(tmp_path, name):
    with pytest.raises(PackageError, match="leads out"):
        open_image(layout(tmp_path / "names", (BASE, layer_of({name: "x"})), **AWS))
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    links = {
        "var/task/up": ("link", "../../../../../../../../.." + str(secret)),
        "var/task/round": ("link", "round"),
        "var/task/self": ("link", "."),
        "var/task/pipe": ("fifo", ""),
        "var/task/app.py": "def handler(event, context):\n    pass\n",
    }

    assert files(open_image(layout(tmp_path / "links", (BASE, layer_of(links)), **AWS)).folder) == {"app.py"}


def test_what_is_cut_off_or_changed_is_an_error(tmp_path):
    whole = tarred(layout(tmp_path / "function", LAYERS, **AWS), tmp_path / "function.tar")
    data = whole.read_bytes()
    for size in (0, 100, 600, len(data) // 3, len(data) // 2, len(data) - 2_000):
        cut = tmp_path / f"cut-{size}.tar"
        cut.write_bytes(data[:size])
        if size < len(data) - 10_240:
            with pytest.raises(SlimError):
                open_image(cut)
    blob = max((tmp_path / "function/blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(gzip.compress(layer_of({"var/task/app.py": "evil = 1\n"})))
    with pytest.raises(PackageError) as told:
        open_image(tmp_path / "function")
    assert "does not have the digest" in told.value.cause


def test_what_unpacks_without_end_is_not_unpacked(tmp_path):
    bomb = tmp_path / "bomb.tar.gz"
    bomb.write_bytes(gzip.compress(b"\0" * (96 << 20)))

    with pytest.raises(PackageError, match="unpacks to more than 64 MiB"):
        open_image(bomb)


def test_a_packing_without_its_library_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    place = layout(tmp_path / "image", LAYERS, packed=lambda data: b"\x28\xb5\x2f\xfd" + data, **AWS)

    with pytest.raises(PackageError, match="Zstandard"):
        open_image(place)


def test_images_that_are_none_or_have_no_python_are_told(tmp_path):
    with pytest.raises(NothingToDoError, match="without Python"):
        open_image(layout(tmp_path / "go", (layer_of({"bootstrap": "ELF", "bin/sh": ""}),), Cmd=["x"]))
    other = tmp_path / "notes.tar"
    other.write_bytes(layer_of({"notes.txt": "x"}))
    with pytest.raises(PackageError) as told:
        open_image(other)
    assert "neither index.json nor manifest.json" in told.value.cause
    server = layout(tmp_path / "server", (BASE, FUNCTION), **{**AWS, "Cmd": ["uvicorn", "app:app"]})
    with pytest.raises(UsageError, match="names no handler"):
        function_in(server)


def test_of_several_platforms_the_one_that_is_asked_for_is_taken(tmp_path):
    folder = layout(tmp_path / "both", LAYERS, **AWS)
    index = json.loads((folder / "index.json").read_text())
    arm = json.loads(json.dumps(index["manifests"][0]))
    arm["platform"]["architecture"] = "arm64"
    note = {**arm, "platform": {"architecture": "unknown"}, "annotations": {"vnd.docker.reference.type": "attestation"}}
    (folder / "index.json").write_text(json.dumps({**index, "manifests": [note, arm, index["manifests"][0]]}))

    assert open_image(folder).architecture == "x86_64"
    assert function_in(folder, architecture="arm64").target.architecture == "arm64"


def test_a_project_with_such_folders_is_no_root_file_system(tmp_path):
    (tmp_path / "usr").mkdir()
    (tmp_path / "etc").mkdir()

    assert not is_image(tmp_path)
