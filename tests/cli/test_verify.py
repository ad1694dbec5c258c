"""`verify`: two packages behave alike, or each difference is named."""

import shutil


def packages(tool):
    """The full package as a folder, and a copy of it."""
    full, slim = tool.folder / "full", tool.folder / "slim"
    full.mkdir()
    for name in ("app.py", "helper.py"):
        shutil.copy(tool.folder / name, full / name)
    shutil.copytree(full, slim)
    tool.write("event.json", "{}")
    return full, slim


def flags(tool, full, slim):
    python = tool.folder.joinpath("lambda-slim.toml").read_text().split('"')[1]
    return "verify", slim, "--against", full, "--handler", "app.handler", "--python", python, "-e", "event.json"


def test_equal_packages_behave_alike(tool):
    full, slim = packages(tool)

    assert "behaves like" in tool(*flags(tool, full, slim)).stdout


def test_another_result_is_named(tool):
    full, slim = packages(tool)
    (slim / "helper.py").write_text("def answer(event):\n    return {'ok': False}\n")

    told = tool(*flags(tool, full, slim), code=1)

    assert "event" in told.stdout + told.stderr
