"""What a requirements file says, before anything is installed."""

import json
from zipfile import ZipFile

import pytest

from lambda_slim.base.errors import LockError, ResolveError
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.project.declared import declared_in
from lambda_slim.inputs.requirements import read_inputs
from lambda_slim.inputs.resolve import read_distributions, resolve
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.run.uv import last_words, platform, run_uv, scrub
from tests.indexes import file_name, served, wheel
from tests.unit.factory import TARGET

HASH = "--hash=sha256:" + "0" * 64


def read(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_txt", ".txt").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    first = next(iter(files))
    kind = RequirementsKind.PYPROJECT if first == "pyproject_toml" else RequirementsKind.REQUIREMENTS
    path = folder / first.replace("_txt", ".txt").replace("_toml", ".toml")
    return read_inputs(Requirements(kind, path), TARGET)


def test_lines_of_direct_requirements(tmp_path):
    found = read(
        tmp_path, requirements_txt="# comment\n\nRequests[socks] >= 2  # why\nruamel.yaml; python_version > '3'\n"
    )

    assert found.direct == {"requests": "requirements.txt:3", "ruamel-yaml": "requirements.txt:4"}
    assert [batch.arguments for batch in found.batches] == [("-r", "requirements.txt")]


@pytest.mark.parametrize(
    "line",
    ["-r more/b.txt", "-rmore/b.txt", "-r=more/b.txt", "--requirement more/b.txt", "--requirement=more/b.txt  # why"],
)
def test_includes_are_part_of_the_key(tmp_path, line):
    one = read(tmp_path, requirements_txt=f"{line}\n", more__b_txt="six\n")
    other = read(tmp_path, requirements_txt=f"{line}\n", more__b_txt="six<2\n")

    assert one.direct == {"six": "more/b.txt:1"}
    assert one.text != other.text


def test_constraints_are_part_of_the_key_and_require_nothing(tmp_path):
    one = read(tmp_path, requirements_txt="six\n-c limits.txt\n", limits_txt="attrs==1\n")
    other = read(tmp_path, requirements_txt="six\n-c limits.txt\n", limits_txt="attrs==2\n")

    assert one.direct == {"six": "requirements.txt:1"}
    assert one.text != other.text


def test_includes_in_a_circle_end(tmp_path):
    found = read(tmp_path, requirements_txt="-r b.txt\nsix\n", b_txt="-r requirements.txt\nattrs\n")

    assert set(found.direct) == {"six", "attrs"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "--index-url https://x.example/simple\n", "\n\n"])
def test_no_requirements_at_all(tmp_path, text):
    found = read(tmp_path, requirements_txt=text)

    assert (found.batches, found.text) == ((), ())


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        (f"six==1.16.0 {HASH}\n", True),
        (f"six==1.16.0 \\\n    {HASH} \\\n    {HASH}\nattrs==1 {HASH}\n", True),
        ("six==1.16.0\n", False),
        (f"six==1.* {HASH}\n", False),
        (f"six>=1 {HASH}\n", False),
    ],
)
def test_only_versions_with_hashes_are_pinned_for_ever(tmp_path, text, pinned):
    """An exact version alone still lets what it requires move."""
    assert read(tmp_path, requirements_txt=text).pinned is pinned


@pytest.mark.parametrize(
    "line",
    ["./lib", "./lib[extra]", "-e ./lib", "--editable=./lib", "lib @ ./lib", "lib @ file://{root}/lib", "{root}/lib"],
)
def test_a_change_in_a_local_project_is_seen(tmp_path, line):
    text = line.format(root=tmp_path) + "\n"
    one = read(tmp_path, requirements_txt=text, lib__m_py="x = 1\n")
    (tmp_path / "lib" / "new.py").write_text("y = 2\n")
    other = read(tmp_path, requirements_txt=text)

    assert one.text != other.text
    assert one.batches


def test_a_change_in_a_local_source_of_pyproject_is_seen(tmp_path):
    text = '[project]\nname = "x"\ndependencies = ["lib"]\n[tool.uv.sources]\nlib = { path = "../lib" }\n'
    (tmp_path / "p").mkdir()
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/m.py").write_text("x = 1\n")
    one = read(tmp_path / "p", pyproject_toml=text)
    (tmp_path / "lib/m.py").write_text("x = 1000\n")

    assert read(tmp_path / "p", pyproject_toml=text).text != one.text


def test_lines_of_pyproject(tmp_path):
    text = '[project]\nname = "x"\ndependencies = [\n  "six>=1",\n  "Attrs[cov]",\n]\n'

    assert read(tmp_path, pyproject_toml=text).direct == {"six": "pyproject.toml:4", "attrs": "pyproject.toml:5"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project\n", "not TOML"),
        ("project = 3\n", "must be a table"),
        ('[project]\ndependencies = "six"\n', "must be a list"),
        ("[project]\ndependencies = [3]\n", "must be a list"),
    ],
)
def test_a_broken_pyproject(tmp_path, text, message):
    with pytest.raises(ResolveError, match=message):
        read(tmp_path, pyproject_toml=text)


def test_what_is_not_there_or_no_text(tmp_path):
    with pytest.raises(ResolveError, match=r"cannot read `gone.txt`"):
        read(tmp_path, requirements_txt="-r gone.txt\n")

    (tmp_path / "requirements.txt").write_bytes(b"six\xff\n")
    with pytest.raises(ResolveError, match=r"cannot read `requirements.txt`"):
        read_inputs(Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "requirements.txt"), TARGET)


def test_an_include_without_a_name(tmp_path):
    with pytest.raises(ResolveError, match="names no file"):
        read(tmp_path, requirements_txt="six\n-r\n")


def test_nothing_required_is_resolved_without_any_tool(tmp_path):
    function = Function("F", "app.handler", tmp_path, TARGET)

    assert resolve(function, Settings(root=tmp_path)) == Resolution(None, (), "nothing")


def test_distributions_of_a_tree(tmp_path):
    for name in ("Ruamel.Yaml-0.18", "six-1.16.0"):
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info/METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name.partition('-')[0]}\nVersion: {name.partition('-')[2]}\n"
        )

    found = read_distributions(tmp_path, {"six": "requirements.txt:1"})

    assert [(one.name, one.version, one.direct, one.where) for one in found] == [
        ("ruamel-yaml", "0.18", False, ""),
        ("six", "1.16.0", True, "requirements.txt:1"),
    ]


@pytest.mark.parametrize("name", ["Foo.Bar", "foo-bar", "foo__bar", "FOO-._BAR"])
def test_names_are_compared_as_the_index_does(name):
    assert normalise(name) == "foo-bar"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:secret@x.example/a", "https://***@x.example/a"),
        ("https://token@x.example/a and http://a:b@y", "https://***@x.example/a and http://***@y"),
        ("https://x.example/a@1", "https://x.example/a@1"),
        ("`https://x.example/simple?token=secret`", "`https://x.example/simple?***`"),
        ("https://x.example/a?sig=s%2Fx&k=v#sha256=00", "https://x.example/a?***#sha256=00"),
        ("git+https://me:se@cret@x.example/a", "git+https://***@x.example/a"),
    ],
)
def test_credentials_are_never_shown(text, shown):
    assert scrub(text) == shown


@pytest.mark.parametrize(
    ("runtime", "architecture", "name"),
    [
        ("python3.11", "x86_64", "x86_64-manylinux_2_17"),
        ("python3.12", "x86_64", "x86_64-manylinux_2_34"),
        ("python3.13", "arm64", "aarch64-manylinux_2_34"),
    ],
)
def test_the_platform_that_uv_is_asked_for(runtime, architecture, name):
    """serverless-python-requirements#765: a manylinux_2_28 wheel does not load where glibc is 2.26."""
    assert platform(Target(runtimes()[runtime], architecture)) == name


def test_what_uv_said_on_one_line():
    stderr = "Using Python 3.12\n  × No solution found:\n  ╰─▶ Because a\n      and b\n\nhint: do that\n"

    assert "\n" not in last_words(stderr)


def test_what_came_as_an_extra_is_required_by_who_has_the_extra(tmp_path):
    rows = {
        "jose-1": "Requires-Dist: rsa\nProvides-Extra: good\nRequires-Dist: crypto; extra == 'good'\n",
        "other-1": "Provides-Extra: rsa\nRequires-Dist: rsa; extra == 'rsa'\n",
        "crypto-1": "",
        "rsa-1": "Provides-Extra: test\nRequires-Dist: jose; extra == 'test'\n",
    }
    for name, more in rows.items():
        folder = tmp_path / f"{name}.dist-info"
        folder.mkdir()
        title, _, version = name.partition("-")
        text = f"Metadata-Version: 2.1\nName: {title}\nVersion: {version}\n{more}"
        (folder / "METADATA").write_text(text, "utf-8")

    found = {one.name: one for one in read_distributions(tmp_path, {"jose": "requirements.txt:1", "other": ""})}
    assert found["jose"].requires == ("crypto", "rsa")
    assert found["other"].requires == ()
    assert found["rsa"].requires == ()


def test_a_poetry_project_is_read_by_its_lock_or_without_one(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.poetry.dependencies]\npython = "^3.12"\nSix = "^1.10"\n')
    free = read_inputs(declared_in(tmp_path), TARGET)
    hashed = 'files = [{file = "six.whl", hash = "sha256:00"}]'
    (tmp_path / "poetry.lock").write_text(f'[[package]]\nname = "six"\nversion = "1.16.0"\n{hashed}\n')
    locked = read_inputs(declared_in(tmp_path), TARGET)

    assert free.direct == locked.direct == {"six": "pyproject.toml:3"}
    assert (free.pinned, locked.pinned) == (False, True)
    assert [batch.text for batch in free.batches] == ["Six>=1.10,<2\n"]
    assert [(batch.text, batch.exact) for batch in locked.batches] == [("six==1.16.0 --hash=sha256:00\n", True)]


def test_a_pipenv_project_is_read_by_its_lock_or_without_one(tmp_path):
    (tmp_path / "Pipfile").write_text('[packages]\nsix = "*"\n[dev-packages]\nattrs = "*"\n')
    free = read_inputs(declared_in(tmp_path), TARGET)
    (tmp_path / "Pipfile.lock").write_text('{"default": {"six": {"version": "==1.16.0"}}, "develop": {"attrs": {}}}')
    locked = read_inputs(declared_in(tmp_path), TARGET)

    assert free.direct == locked.direct == {"six": "Pipfile:2"}
    assert [batch.text for one in (free, locked) for batch in one.batches] == ["six\n", "six==1.16.0\n"]
    (tmp_path / "Pipfile.lock").write_text("{")
    with pytest.raises(ResolveError, match="is not JSON"):
        read_inputs(declared_in(tmp_path), TARGET)


@pytest.mark.parametrize("place", ["pyproject.toml", "uv.toml"])
def test_another_uv_that_a_team_requires_does_not_stop_ours(tmp_path, place):
    """Its other settings hold: the wheel comes from the folder that they name."""
    (tmp_path / "wheels").mkdir()
    with ZipFile(tmp_path / "wheels" / "own_thing-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("own_thing.py", "")
        wheel.writestr("own_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: own-thing\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr("own_thing-1.0.dist-info/WHEEL", tags)
        wheel.writestr("own_thing-1.0.dist-info/RECORD", "")
    head = "[tool.uv]\n" if place == "pyproject.toml" else ""
    settings = 'required-version = "==0.1.*"\npackage = false\nno-index = true\nfind-links = ["wheels"]\n'
    links = settings.replace('"wheels"', f'"{tmp_path.as_posix()}/wheels"')
    (tmp_path / place).write_text(head + (links if head else links.replace("package = false\n", "")))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "in.txt").write_text("own-thing\n")

    done = run_uv(["pip", "compile", "in.txt"], cwd=tmp_path / "below")

    assert (done.code, "own-thing==1.0" in done.stdout) == (0, True), done.stderr


def test_what_uv_notes_of_an_address_holds_no_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    with served({"private": {"1.0": wheel("us")}}) as indexes:
        file = f"{indexes.url('private').removesuffix('/simple')}/files/{file_name()}"
        (tmp_path / "requirements.txt").write_text(f"internal-lib @ {file}?token=s3cret\n")
        requirements = Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "requirements.txt")

        tree = resolve(
            Function("F", "app.handler", tmp_path, TARGET, requirements=requirements), Settings(tmp_path)
        ).tree

    noted = json.loads((tree / "internal_lib-1.0.dist-info/direct_url.json").read_text())
    assert noted["url"] == f"{file}?***"


HASHED = f"idna==3.7 \\\n    --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize(
    ("lines", "more", "refused"),
    [
        ("-c more.txt\nidna==3.7\n", HASHED, True),
        ("-c more.txt\nidna\n", f"-r even.txt\n{HASHED}", True),
        (f"-c more.txt\n{HASHED}", HASHED, False),
        ("-r more.txt\n", HASHED, False),
        ("-c more.txt\nidna==3.7\n", "idna==3.7  # --hash\n", False),
    ],
)
def test_a_hash_in_a_constraint_alone_is_refused_since_uv_does_not_check_it(tmp_path, lines, more, refused):
    (tmp_path / "more.txt").write_text(more)
    (tmp_path / "even.txt").write_text("")
    (tmp_path / "requirements.txt").write_text(lines)
    asked = Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "requirements.txt")
    if not refused:
        assert read_inputs(asked, TARGET).batches
        return
    with pytest.raises(LockError, match="the hash of `idna` stands in a constraint"):
        read_inputs(asked, TARGET)


def test_so_is_one_in_a_constraint_that_the_environment_names(tmp_path, monkeypatch):
    (tmp_path / "more.txt").write_text(HASHED)
    (tmp_path / "requirements.txt").write_text("idna==3.7\n")
    asked = Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "requirements.txt")
    assert read_inputs(asked, TARGET).batches
    monkeypatch.setenv("UV_CONSTRAINT", "more.txt")

    with pytest.raises(LockError, match="the hash of `idna` stands in a constraint"):
        read_inputs(asked, TARGET)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pyproject.toml",
            '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["idna"]\n',
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.13"\nidna = "*"\n'),
        ("Pipfile", '[packages]\nidna = "*"\n[requires]\npython_full_version = "3.13.1"\n'),
    ],
)
def test_a_project_for_other_versions_of_python_is_told(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    requirements = Requirements(RequirementsKind(name), tmp_path / name)

    (note,) = read_inputs(requirements, TARGET).notes
    assert note.startswith(f"`{name}` is not for python3.12: it is for Python")
    assert "3.13" in note

    (tmp_path / name).write_text(text.replace("3.13", "3.12"))
    assert read_inputs(requirements, TARGET).notes == ()


def test_requirements_that_include_each_other_without_end_are_an_error_that_says_so(tmp_path):
    for number in range(400):
        (tmp_path / f"r{number}.txt").write_text(f"-r r{number + 1}.txt\n")
    (tmp_path / "r400.txt").write_text("idna\n")

    with pytest.raises(ResolveError, match="in over 300 files"):
        read_inputs(Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "r0.txt"), TARGET)
    assert read_inputs(Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "r150.txt"), TARGET).batches
