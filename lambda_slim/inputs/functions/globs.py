"""Patterns of deployment tools as regular expressions."""

import re
from itertools import product

_BRACES = re.compile(r"\{([^{}]*)\}")
_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def glob_regex(glob: str) -> str:
    """The regular expression of a glob: `**` crosses folders, `*` does not."""
    parts = []
    for token in _TOKENS.findall(glob):
        if token in _MEANING:
            parts.append(_MEANING[token])
        elif token.startswith("[") and len(token) > 1:
            parts.append("[^" + token[2:] if token.startswith("[!") else token)
        else:
            parts.append(re.escape(token))
    text = "".join(parts)
    try:
        re.compile(text)
    except re.error:
        return re.escape(glob)
    return text


def glob_rules(glob: str, *, keep: bool) -> tuple[tuple[bool, str], ...]:
    """Rules (see `Placement`) of a glob that counts from the folder; `{a,b}` are choices."""
    return tuple((keep, glob_regex(plain)) for plain in _choices(glob.strip().removeprefix("./").lstrip("/")))


def _choices(glob: str) -> list[str]:
    pieces = _BRACES.split(glob)
    choices = [piece.split(",") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    if len(choices) > 15:  # no pattern of a person has seven groups
        return [glob]
    return ["".join(parts) for parts in product(*choices)][:200]
