"""What Pipenv's files ask for."""

from lambda_slim.formats.pipfile import pipfile_hash, pipfile_lines, read_pipfile_lock

SOURCES = [
    {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True},
    {"name": "private", "url": "https://${USER}:${PASS}@packages.example/simple", "verify_ssl": False},
]
LOCK = {
    "_meta": {"sources": SOURCES},
    "default": {
        "Requests": {"version": "==2.32.0", "extras": ["socks"], "hashes": ["sha256:0"], "index": "pypi"},
        "ours": {"version": "==1.0", "hashes": ["sha256:1", "sha256:2"], "index": "private"},
        "tomli": {"version": "==2.0", "markers": "python_version < '3.11'"},
        "forked": {"git": "https://example.org/forked.git", "ref": "abc123", "editable": True},
        "common": {"path": "./common", "editable": True},
    },
    "develop": {"pytest": {"version": "==8"}},
}


def test_the_lock(tmp_path):
    lock = read_pipfile_lock(LOCK, tmp_path)

    assert [package.line for package in lock.packages] == [
        "requests==2.32.0 --hash=sha256:0",
        "ours==1.0 --hash=sha256:1 --hash=sha256:2",
        "tomli==2.0",
        "forked @ git+https://example.org/forked.git@abc123",
        f"common @ {(tmp_path / 'common').as_uri()}",
    ]
    assert lock.packages[2].marker == "python_version < '3.11'"
    assert lock.roots is None
    assert lock.insecure == ("packages.example",)


def test_a_package_comes_from_the_index_that_it_names_and_the_public_one_may_have_a_mirror(tmp_path):
    lock = read_pipfile_lock(LOCK, tmp_path)

    assert [package.index for package in lock.packages] == ["", "private", "", "", ""]
    assert lock.indexes == {"private": "https://${USER}:${PASS}@packages.example/simple"}


def test_a_package_that_names_no_index_comes_from_the_first(tmp_path):
    lock = read_pipfile_lock({**LOCK, "_meta": {"sources": SOURCES[::-1]}}, tmp_path)

    assert [package.index for package in lock.packages[:3]] == ["", "private", "private"]


def test_a_pipfile_without_a_lock(tmp_path):
    packages = {"boto3": "*", "requests": "~=2.33", "sentry-sdk": {"version": ">=2", "extras": ["flask"]}}
    assert list(pipfile_lines({"packages": packages, "dev-packages": {"black": "*"}}, tmp_path)) == [
        "boto3",
        "requests~=2.33",
        "sentry-sdk[flask]>=2",
    ]


def test_the_hash_is_pipenv_s_own():
    """As pipenv 2026.x wrote it for this Pipfile."""
    pipfile = {
        "source": [{"url": "https://pypi.org/simple", "verify_ssl": True, "name": "pypi"}],
        "packages": {"requests": {"version": "*", "extras": ["socks"]}},
        "dev-packages": {"six": "*"},
        "requires": {"python_version": "3.11"},
    }

    assert pipfile_hash(pipfile) == "7b0eb258da745fe1f7c23bd4a4f18cda648a1590e287f87088aaa93575d1e8c9"
    assert pipfile_hash({**pipfile, "packages": {}}) != pipfile_hash(pipfile)


def test_nothing_of_this_form(tmp_path):
    assert read_pipfile_lock({"default": []}, tmp_path).packages == ()
    assert list(pipfile_lines({}, tmp_path)) == []


def test_a_version_without_an_operator_is_exact(tmp_path):
    assert list(pipfile_lines({"packages": {"boto3": "1.20.31", "six": {"version": "1.16"}}}, tmp_path)) == [
        "boto3==1.20.31",
        "six==1.16",
    ]
