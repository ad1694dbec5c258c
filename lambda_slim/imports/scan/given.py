"""Texts that a call gives to a function of first-party code: `load("pkg.module")`."""

import ast

from lambda_slim.imports.scan.facts import parameter_text
from lambda_slim.imports.scan.literals import Values, text_of


def given_texts(arguments: ast.arguments) -> Values:
    """What the parameters of a function stand for in it, as `parameter_text` has it."""
    placed = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return {argument.arg: ast.Constant(parameter_text(argument.arg)) for argument in placed}


def taken_texts(function: ast.FunctionDef | ast.Lambda, *, bound: bool) -> tuple[tuple[str, str], ...]:
    """The parameters of a function in their order, each with the text that it is by default, or "".

    Args:
        function: The function.
        bound: Its first parameter is the object that it is called on.
    """
    arguments = function.args
    placed = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(placed) - len(arguments.defaults)), *arguments.defaults]
    pairs = [*zip(placed, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    rows = [(argument.arg, (text_of(default, {}) or "") if default else "") for argument, default in pairs]
    return tuple(rows[1:] if bound else rows)


def call_texts(call: ast.Call, values: Values) -> tuple[tuple[int | str, str], ...] | None:
    """What a call gives, by place or name: a text, or "" for anything else.

    None where it gives no text at all, but other things, and where it takes apart a list or dictionary.
    """
    given: list[tuple[int | str | None, ast.expr]] = [*enumerate(call.args)]
    given += [(keyword.arg, keyword.value) for keyword in call.keywords]
    texts: dict[int | str, str] = {}
    for key, value in given:
        if key is None or isinstance(value, ast.Starred):
            return None
        texts[key] = text_of(value, values) or ""
    return tuple(texts.items()) if not texts or any(texts.values()) else None
