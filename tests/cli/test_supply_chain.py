"""What ships is what the lock says, from where it says; otherwise nothing does."""

import hashlib
import re
import zipfile

import pytest

from tests.cli.conftest import PYTHON
from tests.indexes import FORMATS, MODULE, Locked, file_name, make_stale, served, wheel, write_project


def formats(quick):
    """All formats; all but one in the slow tests."""
    marks = {True: (), False: pytest.mark.slow}
    return pytest.mark.parametrize("kind", [pytest.param(kind, marks=marks[kind == quick]) for kind in FORMATS])


@pytest.fixture
def indexes():
    wheels = {
        "public": {"1.0": wheel("a squatter"), "9.0": wheel("a squatter", "9.0")},
        "private": {"1.0": wheel("us")},
    }
    with served(wheels) as made:
        yield made


@pytest.fixture
def build(tool, indexes, tmp_path):
    """Builds a project with the public index as the default; gives back who made what ships, or what was said."""

    def run(name, *flags, code=0, **env):
        settings = {"UV_DEFAULT_INDEX": indexes.url("public"), "UV_CACHE_DIR": str(tmp_path / "uv"), **env}
        done = tool("build", tmp_path / name, "-o", tmp_path / f"{name}.zip", *flags, code=code, **settings)
        if code:
            assert not (tmp_path / f"{name}.zip").exists()
            return done.stderr
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as file:
            return file.read(f"{MODULE}.py").decode()

    return run


@formats("uv")
@pytest.mark.parametrize("hashed", [True, False], ids=["hashed", "without a hash"])
def test_a_name_that_two_indexes_have_comes_from_the_lock_s(build, indexes, tmp_path, kind, hashed):
    if kind in ("pylock", "pdm") and not hashed:
        pytest.skip("pylock.toml must have hashes, and without them nothing in pdm.lock says where from")
    locked = Locked(indexes.url("private"), indexes.sha("private") if hashed else "")
    write_project(tmp_path / "p", kind, locked, PYTHON)

    assert build("p") == "WHO = 'us'\n"
    assert not [path for path in indexes.asked if path.startswith("/public/files/")]


def test_a_pylock_is_held_against_the_target_and_not_against_the_python_that_runs_uv(build, tmp_path):
    other = "3.13" if PYTHON == "3.12" else "3.12"
    write_project(tmp_path / "p", "pylock", Locked("http://127.0.0.1:9/simple", "0" * 64), other)
    (tmp_path / "p" / "wheels").mkdir()
    (tmp_path / "p" / "wheels" / file_name()).write_bytes(wheel("us"))
    lock = tmp_path / "p" / "pylock.toml"
    text = re.sub(r"url = .*?(?=, hashes)", f'path = "wheels/{file_name()}"', lock.read_text())
    text = re.sub(r"0{64}", hashlib.sha256(wheel("us")).hexdigest(), text)

    lock.write_text(f'requires-python = "=={other}.*"\n{text}')
    assert build("p") == "WHO = 'us'\n"

    lock.write_text(f'requires-python = "=={PYTHON}.*"\n{text}')
    (tmp_path / "p.zip").unlink()
    assert f"`pylock.toml` is not for python{other}" in build("p", code=3)


@formats("pipenv")
def test_a_file_with_another_hash_is_refused(build, indexes, tmp_path, kind):
    write_project(tmp_path / "p", kind, Locked(indexes.url("private"), "0" * 64), PYTHON)

    assert "does not have the hash" in build("p", code=3)


@formats("poetry")
def test_what_the_lock_s_index_no_longer_has_is_not_taken_from_another(build, indexes, tmp_path, kind):
    """The day after the private index is gone, its names are free for anybody on the public one."""
    locked = Locked(indexes.url("private"), "" if kind != "pylock" else indexes.sha("private"))
    indexes.wheels["private"] = {}
    write_project(tmp_path / "p", kind, locked, PYTHON)

    assert "squatter" not in build("p", code=3)


@formats("requirements")
def test_a_lock_that_does_not_fit_is_an_error_that_says_so(build, indexes, tmp_path, kind):
    write_project(tmp_path / "p", kind, Locked(indexes.url("private"), indexes.sha("private")), PYTHON)
    make_stale(tmp_path / "p", kind)

    told = build("p", code=3)
    assert "does not fit" in told
    assert "--allow-stale-lock" in told
    assert [line.partition(":")[0] for line in told.splitlines() if "warning: " not in line] == [
        "error",
        "cause",
        "hint",
    ]

    assert build("p", "--allow-stale-lock") == "WHO = 'us'\n"
    (tmp_path / "p/lambda-slim.toml").open("a").write("")
    assert build("p", LAMBDA_SLIM_ALLOW_STALE_LOCK="1") == "WHO = 'us'\n"


@formats("poetry")
def test_two_projects_with_one_line_and_other_indexes_share_nothing(build, indexes, tmp_path, kind):
    """One cache: what another project resolved first decides nothing here."""
    for name in ("public", "private", "public"):
        write_project(tmp_path / name, kind, Locked(indexes.url(name), indexes.sha(name), index=name), PYTHON)
        assert build(name) == {"public": "WHO = 'a squatter'\n", "private": "WHO = 'us'\n"}[name]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(how, marks=() if how == "uv.toml" else pytest.mark.slow)
        for how in ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "uv.toml", "pyproject.toml")
    ],
)
def test_an_index_of_the_environment_or_of_uv_s_settings_is_part_of_what_was_asked(build, indexes, tmp_path, how):
    for name in ("public", "private"):
        folder = tmp_path / name
        write_project(folder, "requirements", Locked("", ""), PYTHON)
        (folder / "requirements.in").unlink()
        (folder / "requirements.txt").write_text("internal-lib==1.0\n")
        url = indexes.url(name)
        env = {"UV_DEFAULT_INDEX": "", how: url} if how.startswith("UV_") else {}
        if how == "uv.toml":
            (folder / how).write_text(f'[[index]]\nurl = "{url}"\n')
        elif how == "pyproject.toml":
            (folder / how).write_text(f'[[tool.uv.index]]\nname = "ours"\nurl = "{url}"\n')
        env = {key: value for key, value in env.items() if value} | ({"UV_DEFAULT_INDEX": url} if env else {})
        assert build(name, **env) == {"public": "WHO = 'a squatter'\n", "private": "WHO = 'us'\n"}[name]


def test_the_first_index_that_has_a_name_is_the_one(build, indexes, tmp_path):
    """As uv has it: a higher version on the public index is not looked at."""
    write_project(tmp_path / "p", "requirements", Locked("", ""), PYTHON)
    (tmp_path / "p/requirements.in").unlink()
    lines = f"--index-url {indexes.url('public')}\n--extra-index-url {indexes.url('private')}\ninternal-lib\n"
    (tmp_path / "p/requirements.txt").write_text(lines)

    assert build("p") == "WHO = 'us'\n"


UNLOCKED = {
    "poetry, primary": (
        "[tool.poetry.dependencies]\ninternal-lib = '*'\n[[tool.poetry.source]]\nname = 'p'\nurl = '{url}'\n"
    ),
    "poetry, default": (
        "[tool.poetry.dependencies]\ninternal-lib = {{version = '*', source = 'p'}}\n"
        "[[tool.poetry.source]]\nname = 'p'\nurl = '{url}'\ndefault = true\n"
    ),
    "standard, poetry's source": "[[tool.poetry.source]]\nname = 'p'\nurl = '{url}'\npriority = 'primary'\n",
    "pdm": "[[tool.pdm.source]]\nname = 'p'\nurl = '{url}'\n",
    "rye": "[[tool.rye.sources]]\nname = 'default'\nurl = '{url}'\n",
    "pipenv": (
        "[[source]]\nname = 'p'\nurl = '{url}'\nverify_ssl = true\n"
        "[packages]\ninternal-lib = {{index = 'p', version = '*'}}\n"
    ),
}
CLAIMED = {
    "poetry lock": (
        "[tool.poetry.dependencies]\ninternal-lib = {{version = '*', source = 'p'}}\n"
        "[[tool.poetry.source]]\nname = 'p'\nurl = '{url}'\npriority = 'explicit'\n"
    ),
    "pdm lock": "[[tool.pdm.source]]\nname = 'p'\nurl = '{url}'\ninclude_packages = ['internal-*']\n",
    "pipenv lock": (
        "[[source]]\nname = 'pypi'\nurl = 'https://pypi.org/simple'\n[[source]]\nname = 'p'\nurl = '{url}'\n"
        "[packages]\ninternal-lib = {{index = 'p', version = '*'}}\n"
    ),
}


def write_unlocked(folder, text):
    """A project that declares its indexes and has no lock."""
    write_project(folder, "requirements", Locked("", ""), PYTHON)
    for path in folder.glob("requirements.*"):
        path.unlink()
    standard = "[project]\nname = 'x'\nversion = '0'\ndependencies = ['internal-lib']\n"
    own = "[packages]" in text or "poetry.dependencies" in text
    name = "Pipfile" if "[packages]" in text else "pyproject.toml"
    (folder / name).write_text(text if own else standard + text)


@pytest.mark.parametrize("kind", UNLOCKED)
def test_without_a_lock_the_declared_indexes_are_asked(build, indexes, tmp_path, kind):
    write_unlocked(tmp_path / "p", UNLOCKED[kind].format(url=indexes.url("private")))

    assert build("p") == "WHO = 'us'\n"
    assert not [path for path in indexes.asked if path.startswith("/public/files/")]


def test_two_projects_with_other_declared_indexes_share_nothing(build, indexes, tmp_path):
    for name in ("public", "private", "public"):
        write_unlocked(tmp_path / name, UNLOCKED["poetry, primary"].format(url=indexes.url(name)))
        assert build(name) == {"public": "WHO = 'a squatter'\n", "private": "WHO = 'us'\n"}[name]


@pytest.mark.parametrize("command", CLAIMED)
def test_what_comes_from_one_index_alone_needs_a_lock(build, indexes, tmp_path, command):
    write_unlocked(tmp_path / "p", CLAIMED[command].format(url=indexes.url("private")))

    told = build("p", code=3)

    assert "from the index `p` alone" in told
    assert f"run `{command}`" in told
    assert not indexes.asked


def test_a_declared_index_without_an_address_is_named(build, indexes, tmp_path):
    write_unlocked(tmp_path / "p", "[[tool.poetry.source]]\nname = 'ours'\n")

    assert "declares the index `ours` without an address" in build("p", code=3)


def test_find_links_of_the_requirements(build, indexes, tmp_path):
    write_project(tmp_path / "p", "requirements", Locked("", ""), PYTHON)
    (tmp_path / "p/requirements.in").unlink()
    (tmp_path / "p/requirements.txt").write_text("--no-index\n--find-links ./wheels\ninternal-lib==1.0\n")
    place = tmp_path / "p/wheels/internal_lib-1.0-py3-none-any.whl"
    place.parent.mkdir()
    for who in ("first", "second"):
        place.write_bytes(wheel(who))
        assert build("p") == f"WHO = {who!r}\n"


SECRET = "s3cr3t-t0ken"


@formats("pdm")
@pytest.mark.parametrize("where", ["user", "query"])
def test_credentials_of_a_lock_are_in_no_file_and_no_message(build, indexes, tmp_path, kind, where):
    indexes.passwords["private"] = f"user:{SECRET}" if where == "user" else ""
    url = indexes.url("private", f"user:{SECRET}" if where == "user" else "")
    url += f"?token={SECRET}" if where == "query" else ""
    if where == "query" and kind in ("uv", "pylock"):
        pytest.skip("the address of a file is made of the index's")
    write_project(tmp_path / "p", kind, Locked(url, "0" * 64), PYTHON)

    told = build("p", "-vv", code=3)

    assert "hash" in told
    assert SECRET not in told
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_settings_of_uv_that_change_what_is_laid_out_stay_outside(build, indexes, tmp_path):
    write_project(tmp_path / "p", "poetry", Locked(indexes.url("private"), indexes.sha("private")), PYTHON)
    env = {
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "symlink",
        "UV_TARGET": str(tmp_path / "elsewhere"),
        "UV_NO_VERIFY_HASHES": "1",
        "UV_PYTHON": "2.7",
        "UV_REQUIRE_HASHES": "1",
    }

    assert build("p", **env) == "WHO = 'us'\n"
    assert not (tmp_path / "elsewhere").exists()


def test_a_damaged_cache_of_uv_is_seen_and_fetched_again(build, indexes, tmp_path):
    write_project(tmp_path / "p", "poetry", Locked(indexes.url("private"), indexes.sha("private")), PYTHON)
    assert build("p") == "WHO = 'us'\n"
    (path,) = (tmp_path / "uv").rglob("internal_lib.py")
    path.write_text("WHO = 'damaged'\n")

    assert build("p", LAMBDA_SLIM_CACHE=str(tmp_path / "another")) == "WHO = 'us'\n"


def test_what_runs_never_reaches_the_cache(tool, build, indexes, tmp_path):
    """A function that appends to its own dependency changes nothing that another project ships."""
    for name, more in (("victim", ""), ("writer", "open(internal_lib.__file__, 'a').write('POISON = 1\\n')\n")):
        write_project(tmp_path / name, "poetry", Locked(indexes.url("private"), indexes.sha("private")), PYTHON)
        (tmp_path / name / "app.py").open("a").write(f"\n\n{more}")
    assert build("victim") == "WHO = 'us'\n"
    env = {"UV_CACHE_DIR": str(tmp_path / "uv"), "UV_DEFAULT_INDEX": indexes.url("public"), "UV_OFFLINE": ""}

    for _ in range(2):
        tool("analyze", tmp_path / "writer", "-q", **env)
    (tmp_path / "victim/app.py").open("a").write("# touched\n")

    assert build("victim") == "WHO = 'us'\n"
    assert build("victim", "--level", "reach", "--bytecode", "none") == "WHO = 'us'\n"
    for path in (tmp_path / "uv").rglob("internal_lib.py"):
        assert path.read_text() == "WHO = 'us'\n"
