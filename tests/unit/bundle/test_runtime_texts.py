"""Modules find code that the build compiled while INIT runs, and nothing of it stays."""

import dataclasses
import importlib.util
import marshal
import sys
import types
import typing

import pytest

from lambda_slim.bundle.runtime import texts

OTHER = compile("40 + 2", "<string>", "eval")  # what is stored under another text, so that one sees what was used


@pytest.fixture
def lay(tmp_path, monkeypatch):
    """Lays the file of a package that the texts of modules come from."""
    helper = types.ModuleType("_lambda_slim_startup")
    helper.EAGER = False
    monkeypatch.setitem(sys.modules, "_lambda_slim_startup", helper)
    monkeypatch.setattr(texts, "__file__", f"{tmp_path}/texts.py")

    def write(own, known, magic=importlib.util.MAGIC_NUMBER):
        (tmp_path / "_lambda_slim_texts.bin").write_bytes(marshal.dumps((magic, own, known)))
        return helper

    yield write
    texts.forget()


def module(source, name="made_by_test"):
    made = types.ModuleType(name)
    exec(compile(source, name, "exec", dont_inherit=True), vars(made))
    return made


def test_a_module_finds_the_code_of_its_texts_until_init_ends(lay, monkeypatch):
    user = module("def value(text):\n    return eval(compile(text, '<string>', 'eval'))\n")
    monkeypatch.setitem(sys.modules, "made_by_test", user)
    lay({}, {"made_by_test": {("1 + 1", "<string>", "eval"): OTHER}})

    texts.know()
    texts.take("made_by_test")
    during = user.value("1 + 1"), user.value("1 + 2")
    texts.forget()

    assert during == (42, 3)
    assert user.value("1 + 1") == 2
    assert "compile" not in vars(user)


def test_annotations_in_quotes_and_dataclasses_are_texts(lay):
    made = compile("def __create_fn__():\n def odd(self):\n  return 'stored'\n return odd\n", "<string>", "exec")
    lay({"typing": {("int", "<string>", "eval"): OTHER}, "dataclasses": {("text", "<string>", "exec"): made}}, {})

    texts.know()
    space = {}
    vars(dataclasses)["exec"]("text", {}, space)
    code = typing.ForwardRef("int").__forward_code__ if hasattr(typing.ForwardRef, "__forward_code__") else OTHER

    @dataclasses.dataclass
    class Row:
        a: int = 1

    texts.forget()

    assert code.co_consts == OTHER.co_consts
    assert space["__create_fn__"]()(None) == "stored"
    assert Row(a=2) == Row(2)
    assert not {"compile", "exec"} & {*vars(typing), *vars(dataclasses)}


@pytest.mark.parametrize("magic", [b"other", None])
def test_another_interpreter_or_the_way_back_compiles_as_ever(lay, magic):
    helper = lay({"typing": {("int", "<string>", "eval"): OTHER}}, {}, *([magic] if magic else []))
    helper.EAGER = magic is None

    texts.know()

    assert "compile" not in vars(typing)


def test_flags_of_the_caller_hold_for_what_is_not_known(lay, monkeypatch):
    source = (
        "from __future__ import annotations\ndef make(text, **more):\n    return compile(text, 'x', 'exec', **more)\n"
    )
    user = module(source)
    monkeypatch.setitem(sys.modules, "made_by_test", user)
    lay({}, {"made_by_test": {}})
    plain = [user.make("x: y"), user.make("x: y", dont_inherit=True)]

    texts.know()
    texts.take("made_by_test")

    assert "compile" in vars(user)
    assert [user.make("x: y"), user.make("x: y", dont_inherit=True)] == plain
    assert plain[0] != plain[1]


def test_a_module_with_a_compile_of_its_own_keeps_it(lay, monkeypatch):
    user = module("def compile(text):\n    return text\n")
    monkeypatch.setitem(sys.modules, "made_by_test", user)
    own = user.compile
    lay({}, {"made_by_test": {("1 + 1", "<string>", "eval"): OTHER}})

    texts.know()
    texts.take("made_by_test")
    texts.forget()

    assert user.compile is own


def test_a_file_that_is_executed_under_another_name_gets_no_code(lay, monkeypatch):
    monkeypatch.delitem(sys.modules, "made_by_test", raising=False)
    lay({}, {"made_by_test": {("1 + 1", "<string>", "eval"): OTHER}})

    texts.know()
    texts.take("made_by_test")

    assert texts.HELD == []
