"""Secrets are found by name or content; public material is not."""

import pytest

from lambda_slim.knowledge.secrets import load_secrets

KEY = b"-----BEGIN " + b"RSA PRIVATE KEY-----\nMIIE\n"


def kinds(path, data=b""):
    return {secret.slug for secret in load_secrets() if secret.suspects(path) and secret.found_in(data)}


@pytest.mark.parametrize(
    ("path", "data", "slug"),
    [
        (".env", b"", "environment-files"),
        ("config/.env.production", b"", "environment-files"),
        (".git/HEAD", b"ref: refs/heads/main\n", "version-control"),
        ("vendored/.svn/wc.db", b"", "version-control"),
        ("server.pem", KEY, "private-key"),
        ("conf/id_ed25519", b"-----BEGIN OPENSSH " + b"PRIVATE KEY-----", "private-key"),
        (".aws/credentials", b"", "aws-credentials"),
        (
            "conf.ini",
            b"k=AKIA" + b"IOSFODNN7EXAMPLE\ns=" + b"wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + b"EXAMPLEKEY\n",
            "aws-access-key",
        ),
        (".npmrc", b"//registry/:_authToken=x", "package-index-login"),
        ("reqs/base.txt", b"requests\n--extra-index-url https://me:pw@index.example/simple\n", "package-source-login"),
        ("base.txt", b"lib[x] @ https://me:pw@files.example/lib.whl\n", "package-source-login"),
        ("base.txt", b"-e git+https://ghp_abc@github.com/o/r.git#egg=r\n", "package-source-login"),
        ("base.txt", b"lib @ https://files.example/lib-1-py3-none-any.whl?a=1&token=abc\n", "package-source-login"),
        (
            "lib/pyproject.toml",
            b'[[tool.uv.index]]\nurl = "https://me:pw@index.example/simple"',
            "package-source-login",
        ),
        ("lib/pyproject.toml", b'x = { git = "https://ghp_abc@github.com/o/r" }', "package-source-login"),
        ("sa.json", b'{"type": "service_account", "private_key": "x"}', "google-service-account"),
    ],
)
def test_found(path, data, slug):
    assert slug in kinds(path, data)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("certifi/cacert.pem", b"-----BEGIN CERTIFICATE-----\nMIIE\n"),
        ("keys/public.pem", b"-----BEGIN PUBLIC KEY-----\n"),
        (".env.example", b""),
        ("env/__init__.py", b""),
        ("environment.py", b""),
        ("data.json", b'{"type": "service"}'),
        ("ids.csv", b"AKIA" + b"IOSFODNN7EXAMPLE alone is an identifier"),
        (".npmrc", b"save-exact=true"),
        ("base.txt", b"--index-url https://me:${TOKEN}@index.example/simple\n"),
        ("base.txt", b"lib @ git+ssh://git@github.com/o/r.git\nme@x.example writes to https://x.example\n"),
        ("app.toml", b'database = "https://me:pw@db.example/x"\nfeed = "https://x.example/a?token=abc"'),
        ("x.lock", b'url = "https://files.example/lib-1-py3-none-any.whl"'),
    ],
)
def test_harmless(path, data):
    assert kinds(path, data) == set()
