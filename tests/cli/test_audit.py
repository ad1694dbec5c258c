"""`audit`: what in a finished package would break on Lambda."""

import zipfile


def test_a_package_of_ours_has_nothing_that_breaks(tool):
    tool("build", "-o", "dist", "-q")

    assert "One.zip" in tool("audit", "dist/One.zip").stdout


def test_what_was_known_when_a_package_was_built_is_known_of_its_bytes(tool):
    tool.write("lib/greet.py", "WORD = 1\n")
    tool.write("app.py", "import greet\n\n\ndef handler(event, context):\n    return greet.WORD\n")
    row = '{ handler = "app.handler", environment = { PYTHONPATH = "/var/task/lib" } }'
    tool.write("lambda-slim.toml", f'runtime = "python3.12"\n[functions]\nOne = {row}\n')
    tool("build", "-o", "dist", "-q")
    (tool.folder / "lambda-slim.toml").unlink()
    assert "its imports are there" in tool("audit", "dist/One.zip").stdout

    (tool.folder / "dist" / "lambda-slim.manifest.json").unlink()
    told = tool("audit", "dist/One.zip", "--handler", "app.handler", "--python", "3.12", "--arch", "x86_64").stdout
    assert "its imports are there" not in told


def test_a_library_for_another_processor_is_a_finding(tool):
    place = tool.folder / "bad.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...\n")
        archive.writestr("lib.cpython-312-aarch64-linux-gnu.so", b"\x7fELF\x02\x01\x01" + bytes(57))

    told = tool("audit", "bad.zip", "--python", "3.12", "--arch", "x86_64", code=1)

    assert "lib.cpython-312-aarch64-linux-gnu.so" in told.stdout


def test_a_folder_that_only_the_environment_may_name_is_no_error_of_a_zip_alone(tool):
    (tool.folder / "alone" / "lib").mkdir(parents=True)
    (tool.folder / "alone" / "app.py").write_text("import greet\ndef handler(event, context): ...\n")
    (tool.folder / "alone" / "lib" / "greet.py").write_text("")

    told = tool("audit", "alone", "--python", "3.12", "--arch", "x86_64").stdout

    assert "lib/greet.py, in a folder that is not on sys.path" in told
    assert "its imports are there" not in told
