"""The page's script and style with everything left out that only people need; both stay readable in `assets`."""

import re

_TEXTS = re.compile(r'("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)')  # what the script says, where spaces count
_SIGNS = re.compile(r" ?([-+*/%=<>!&|?:;,(){}\[\]]) ?")
_CONSTANT = re.compile(r"\bconst\b")
_VARIABLE = re.compile(r"(--[a-z]{2})[a-z]+")  # of the style: their first two letters differ


def squeeze_script(text: str) -> str:
    """Without comment lines, indentation, and spaces around signs; the script has no template within a template."""
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    text = _VARIABLE.sub(r"\1", text)
    return "".join(part if number % 2 else _code(part) for number, part in enumerate(_TEXTS.split(text)))


def _code(text: str) -> str:
    return _CONSTANT.sub("let", _SIGNS.sub(r"\1", text).replace(";}", "}"))


def squeeze_style(text: str) -> str:
    """Without line ends, and without the semicolon before a brace."""
    return _VARIABLE.sub(r"\1", text.replace("\n", "").replace(";}", "}"))
