"""Locks as uv is to install them."""

from lambda_slim.inputs.closure import Chosen
from lambda_slim.inputs.locks import batches_of, only_index, split_export
from lambda_slim.model.locked import Lock, LockedPackage


def package(name, index="", hashes=("sha256:0",)):
    return LockedPackage(name, "1", hashes=hashes, index=index)


def test_one_batch_for_each_index(monkeypatch):
    monkeypatch.delenv("UV_INDEX", raising=False)
    packages = (package("a"), package("b", "private"), package("c", "private"), package("d", "unheard of"))
    lock = Lock(packages, {"private": "https://x.example/simple"}, insecure=("x.example",))

    plain, private = batches_of(lock, Chosen(packages, ()))

    assert plain.text == "a==1 --hash=sha256:0\nd==1 --hash=sha256:0\n"
    assert private.text == "b==1 --hash=sha256:0\nc==1 --hash=sha256:0\n"
    assert "UV_DEFAULT_INDEX" not in plain.variables
    assert private.variables["UV_INDEX"] == "private=https://x.example/simple"
    assert private.variables["UV_INSECURE_HOST"] == "x.example"
    assert plain.exact
    assert private.exact


def test_an_index_of_a_lock_is_the_only_one():
    """Without hashes, not even a folder of wheels may stand for it."""
    variables = only_index("our index", "https://x.example/simple", hashed=True)
    assert variables["UV_DEFAULT_INDEX"] == "https://x.example/simple"
    assert variables["UV_INDEX"] == "our-index=https://x.example/simple"
    assert variables["UV_EXTRA_INDEX_URL"] is None
    assert "UV_FIND_LINKS" not in variables

    assert only_index("ours", "https://x.example/simple", hashed=False)["UV_FIND_LINKS"] is None


def test_indexes_that_are_asked_in_order(monkeypatch):
    monkeypatch.setenv("UV_INDEX", "https://z.example")
    urls = {"one": "https://1.example", "pypi": "https://mirror.example/simple", "two": "https://2.example"}
    (batch,) = batches_of(Lock((), urls, common=("one", "pypi", "two")), Chosen((package("a"),), ()))

    assert batch.variables["UV_INDEX"] == "one=https://1.example two=https://2.example https://z.example"
    assert batch.variables["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_credentials_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("TOKEN", "s3cret")
    monkeypatch.setenv("POETRY_HTTP_BASIC_OUR_INDEX_USERNAME", "me")
    monkeypatch.setenv("POETRY_HTTP_BASIC_OUR_INDEX_PASSWORD", "p/w")

    url = "https://u:${TOKEN}@x.example/simple"
    assert only_index("other", url, hashed=True)["UV_DEFAULT_INDEX"] == "https://u:s3cret@x.example/simple"
    url = "https://x.example/simple"
    assert only_index("our-index", url, hashed=True)["UV_DEFAULT_INDEX"] == "https://me:p%2Fw@x.example/simple"


def test_an_export_of_uv_is_dealt_out_by_index():
    text = (
        "# a comment\nsix==1.16.0 ; python_version > '3' \\\n    --hash=sha256:0 \\\n    --hash=sha256:1\n"
        "ours==1.0 \\\n    --hash=sha256:2\n./lib\ngit-lib @ git+https://x.example/lib@abc\n"
    )
    registries = {("six", "1.16.0"): "https://pypi.org/simple", ("ours", "1.0"): "https://x.example/simple"}

    assert split_export(text, registries) == {
        "": "six==1.16.0 ; python_version > '3' --hash=sha256:0 --hash=sha256:1\n"
        "./lib\ngit-lib @ git+https://x.example/lib@abc\n",
        "https://x.example/simple": "ours==1.0 --hash=sha256:2\n",
    }
