"""What Pipenv's files ask for."""

from lambda_slim.formats.pipfile import lock_lines, pipfile_lines

LOCK = {
    "default": {
        "requests": {"version": "==2.32.0", "extras": ["socks"], "hashes": ["sha256:0"], "index": "pypi"},
        "tomli": {"version": "==2.0", "markers": "python_version < '3.11'"},
        "forked": {"git": "https://example.org/forked.git", "ref": "abc123", "editable": True},
        "common": {"path": "./common", "editable": True},
    },
    "develop": {"pytest": {"version": "==8"}},
}


def test_the_lock(tmp_path):
    assert list(lock_lines(LOCK, tmp_path)) == [
        "requests[socks]==2.32.0",
        "tomli==2.0 ; python_version < '3.11'",
        "forked @ git+https://example.org/forked.git@abc123",
        f"common @ {(tmp_path / 'common').as_uri()}",
    ]


def test_a_pipfile_without_a_lock(tmp_path):
    packages = {"boto3": "*", "requests": "~=2.33", "sentry-sdk": {"version": ">=2", "extras": ["flask"]}}
    assert list(pipfile_lines({"packages": packages, "dev-packages": {"black": "*"}}, tmp_path)) == [
        "boto3",
        "requests~=2.33",
        "sentry-sdk[flask]>=2",
    ]


def test_nothing_of_this_form(tmp_path):
    assert list(lock_lines({"default": []}, tmp_path)) == list(pipfile_lines({}, tmp_path)) == []
