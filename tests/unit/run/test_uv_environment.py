"""What uv sees of our environment, and where it takes distributions from."""

import os

import pytest

from lambda_slim.base.errors import ResolveError
from lambda_slim.run.uv_environment import find_sources, uv_environment


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    for name in [*os.environ]:
        if name.startswith(("UV_", "PIP_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))


@pytest.mark.parametrize(
    "name",
    [
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "MY_PASSWORD",
        "PYTHONPATH",
        "UV_COMPILE_BYTECODE",
        "UV_LINK_MODE",
        "UV_NO_VERIFY_HASHES",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PYTHON",
        "UV_SYSTEM_PYTHON",
        "UV_TARGET",
        "VIRTUAL_ENV",
    ],
)
def test_what_does_not_go_through(monkeypatch, name):
    monkeypatch.setenv(name, "x")

    assert name not in uv_environment()


@pytest.mark.parametrize("name", ["UV_INDEX_URL", "UV_INDEX_OURS_PASSWORD", "HTTPS_PROXY", "SSL_CERT_FILE", "NETRC"])
def test_what_goes_through(monkeypatch, name):
    monkeypatch.setenv(name, "x")

    assert uv_environment()[name] == "x"


def test_what_the_requirements_name_goes_through(monkeypatch):
    monkeypatch.setenv("OUR_TOKEN", "x")

    assert "OUR_TOKEN" not in uv_environment(["six\n"])
    assert uv_environment(["--index-url https://${OUR_TOKEN}@x.example/simple\n"])["OUR_TOKEN"] == "x"


def test_a_lock_adds_and_takes_away(monkeypatch):
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", "https://x.example")
    environment = uv_environment([], {"UV_EXTRA_INDEX_URL": None, "UV_INDEX": "ours=https://y.example"})

    assert "UV_EXTRA_INDEX_URL" not in environment
    assert environment["UV_INDEX"] == "ours=https://y.example"


def digests(folder, **more):
    return find_sources(folder, **more).digest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UV_INDEX_URL", "https://a.example/simple"),
        ("UV_INDEX_URL", "https://a.example/simple?repository=b"),
        ("UV_DEFAULT_INDEX", "https://user:token@a.example/simple"),
        ("UV_EXTRA_INDEX_URL", "https://a.example/simple"),
        ("UV_INDEX_STRATEGY", "unsafe-best-match"),
        ("UV_FIND_LINKS", "wheels"),
        ("UV_NO_INDEX", "1"),
        ("UV_EXCLUDE_NEWER", "2026-01-01"),
        ("UV_PRERELEASE", "allow"),
        ("UV_REQUIRE_HASHES", "1"),
    ],
)
def test_every_variable_that_decides_where_from_is_part_of_the_digest(tmp_path, monkeypatch, name, value):
    before = digests(tmp_path)
    monkeypatch.setenv(name, value)

    assert digests(tmp_path) != before
    assert "token" not in digests(tmp_path)


def test_what_only_says_how_is_not(tmp_path, monkeypatch):
    before = digests(tmp_path)
    for name in ("UV_HTTP_TIMEOUT", "UV_CACHE_DIR", "UV_INDEX_OURS_PASSWORD", "UV_KEYRING_PROVIDER"):
        monkeypatch.setenv(name, "7")

    assert digests(tmp_path) == before


@pytest.mark.parametrize(
    "place", ["uv.toml", "pyproject.toml", "../uv.toml", "home/.config/uv/uv.toml", "xdg/uv/uv.toml"]
)
def test_settings_files_are(tmp_path, place):
    project = tmp_path / "project"
    project.mkdir()
    before = digests(project)
    path = (tmp_path if place.startswith(("home", "xdg")) else project) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(("[tool.uv]\n" if place == "pyproject.toml" else "") + 'index-url = "https://a.example"\n')

    assert digests(project) != before


def test_folders_of_wheels_are_by_their_content(tmp_path, monkeypatch):
    (tmp_path / "wheels").mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", "wheels https://b.example")
    before = digests(tmp_path)
    (tmp_path / "wheels/a-1-py3-none-any.whl").write_bytes(b"one")
    first = digests(tmp_path)
    (tmp_path / "wheels/a-1-py3-none-any.whl").write_bytes(b"two")

    assert len({before, first, digests(tmp_path)}) == 3


def test_the_value_of_a_variable_that_is_named_is(tmp_path, monkeypatch):
    texts = ["--index-url https://x.example/${TENANT}/simple\n"]
    monkeypatch.setenv("TENANT", "a")
    first = digests(tmp_path, texts=texts)
    monkeypatch.setenv("TENANT", "b")

    assert digests(tmp_path, texts=texts) != first


def test_settings_that_are_too_long_are_refused(tmp_path):
    """uv would read them: without them in the digest, another project's tree could be taken for this one's."""
    with (tmp_path / "uv.toml").open("wb") as file:
        file.write(b'index-url = "https://a.example/simple"\n')
        file.truncate(65 << 20)
    with pytest.raises(ResolveError, match="cannot be read"):
        find_sources(tmp_path)
