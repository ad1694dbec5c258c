"""What the user asked for, and what is said of a mistake."""

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.inputs.settings.keys import KEYS
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.settings import Bytecode, Level, Sdk


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for key in KEYS:
        monkeypatch.delenv("LAMBDA_SLIM_" + key.upper().replace("-", "_"), raising=False)


def write(folder, text, name="lambda-slim.toml"):
    (folder / name).write_text(text, "utf-8")
    return folder


def test_nothing_said(tmp_path):
    settings = load(tmp_path)

    assert (settings.root, settings.file, settings.level, settings.sdk) == (tmp_path, None, Level.AUTO, Sdk.KEEP)


def test_own_file_comes_before_pyproject(tmp_path):
    write(tmp_path, '[tool.lambda-slim]\nlevel = "trace"\n', "pyproject.toml")
    assert load(tmp_path).level is Level.TRACE

    write(tmp_path, 'level = "reach"\n')
    assert load(tmp_path).level is Level.REACH


def test_a_pyproject_of_others_is_not_ours(tmp_path):
    write(tmp_path, "[tool.other]\nx = 1\n", "pyproject.toml")

    assert load(tmp_path).file is None


def test_flags_beat_the_environment_and_that_the_file(tmp_path, monkeypatch):
    write(tmp_path, 'level = "reach"\nsdk = "prune"\nbytecode = "none"\n')
    monkeypatch.setenv("LAMBDA_SLIM_LEVEL", "trace")
    monkeypatch.setenv("LAMBDA_SLIM_SDK", "runtime")

    settings = load(tmp_path, overrides={"level": "safe", "runtime": None})

    assert (settings.level, settings.sdk, settings.bytecode) == (Level.SAFE, Sdk.RUNTIME, Bytecode.NONE)
    assert settings.runtime is None


def test_lists_and_flags_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_KEEP", "a/**, b.txt")
    monkeypatch.setenv("LAMBDA_SLIM_OFFLINE", "yes")

    settings = load(tmp_path)

    assert (settings.keep, settings.offline) == (("a/**", "b.txt"), True)


def test_functions(tmp_path):
    (tmp_path / "events").mkdir()
    for name in ("b.json", "a.json"):
        (tmp_path / "events" / name).write_text("{}")
    write(
        tmp_path,
        '[functions]\nShort = "app.handler"\n[functions.Long]\nhandler = "src/app.main"\nsource = "src"\n'
        'python = "3.13"\narch = "aarch64"\nmemory = 512\nevents = ["events/*.json"]\nenvironment = { A = 1 }\n',
    )

    short, long = load(tmp_path).functions

    assert (short.name, short.handler, short.where) == ("Short", "app.handler", "lambda-slim.toml:2")
    assert (long.source, long.runtime, long.architecture) == (tmp_path / "src", "python3.13", "arm64")
    assert (long.memory_mb, long.environment, long.where) == (512, {"A": "1"}, "lambda-slim.toml:3")
    assert [path.name for path in long.events] == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('\nlevl = "safe"\n', "lambda-slim.toml:2: there is no setting `levl`", "did you mean `level`?"),
        ("zzzzz = 1\n", "there is no setting `zzzzz`", "docs/settings.md"),
        (
            '[functions.F]\nhandlr = "x"\n',
            "lambda-slim.toml:2: there is no setting `handlr`",
            "did you mean `handler`?",
        ),
        ('level = "bold"\n', "lambda-slim.toml:1: `level` must be one of auto, safe, reach, trace", ""),
        ("level = 3\n", "`level` must be a string", ""),
        ("keep = 3\n", "`keep` must be a list of strings", ""),
        ("keep = [1]\n", "`keep` must be a list of strings", ""),
        ('strip = "perhaps"\n', "`strip` must be true or false", ""),
        ('arch = "riscv"\n', "`arch` must be x86_64 or arm64", ""),
        ('arch = ["arm64"]\n', "`arch` must be x86_64 or arm64", ""),
        ("functions = 1\n", "`functions` must be a table", ""),
        ("[functions]\nF = 1\n", "`functions` must be a table of tables", ""),
        ("[functions.F]\nmemory = true\n", "`memory` must be a positive whole number", ""),
        ('[functions.F]\nevents = ["none/*.json"]\n', "no event file matches `none/*.json`", "relative"),
        ('[functions.F]\nevents = ["/abs/*.json"]\n', "no event file matches `/abs/*.json`", "relative"),
        ('[functions.F]\nevents = [""]\n', "no event file matches ``", "relative"),
        ("level = \n", "`lambda-slim.toml` is not TOML", "fix the line"),
        ("a = " + "[" * 2000, "`lambda-slim.toml` is not TOML", "fix the line"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message, hint):
    write(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text", ["tool = 3 # lambda-slim\n", "[tool]\nlambda-slim = 3\n", "[[tool.lambda-slim]]\nlevel = 1\n"]
)
def test_a_pyproject_with_something_else_in_our_place(tmp_path, text):
    write(tmp_path, text, "pyproject.toml")

    with pytest.raises(ConfigError, match="must be a table"):
        load(tmp_path)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "lambda-slim.toml").write_bytes(b"level = '\xff'\n")

    with pytest.raises(ConfigError, match="not TOML"):
        load(tmp_path)


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    (tmp_path / "lambda-slim.toml").write_bytes(b"\xef\xbb\xbflevel = 'reach'\n")

    assert load(tmp_path).level is Level.REACH


def test_a_settings_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="cannot read"):
        load(tmp_path, config=tmp_path / "other.toml")


def test_a_flag_with_a_wrong_value(tmp_path):
    with pytest.raises(ConfigError, match="--arch must be x86_64 or arm64"):
        load(tmp_path, overrides={"architecture": "mips"})


def test_the_environment_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_LEVEL", "bold")

    with pytest.raises(ConfigError, match="LAMBDA_SLIM_LEVEL"):
        load(tmp_path)
