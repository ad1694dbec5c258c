"""Variables of Serverless files: `${self:…}`, `${opt:…}`, `${env:…}`, `${file(…)}` and their fallbacks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import UNKNOWN

_INNERMOST = re.compile(r"\$\{([^${}]*)\}")
_FILE = re.compile(r"file\(\s*([^)]+?)\s*\)(?::(.*))?$")
_NATIVE = re.compile(r"(?:AWS|aws)::|[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)?$")  # CloudFormation's own, left as it is
_INDEX = re.compile(r"[0-9]{1,9}")
_DEEPEST = 40
_MOST = 200_000  # values that are evaluated; no file that a person wrote expands to more


@dataclass(slots=True)
class Variables:
    """What variables of one file stand for.

    Attributes:
        document: The file, unresolved.
        stage: `${sls:stage}`, where the file itself does not say it.
        environment: `${env:…}`.
        read: The text of a file by its path relative to the service; None where it is not there.
        missing: Variables of the environment that were asked for and are not set.
    """

    document: Any
    stage: str
    environment: Mapping[str, str]
    read: Callable[[str], str | None]
    missing: list[str] = field(default_factory=list)
    _files: dict[str, Any] = field(default_factory=dict)
    _left: int = _MOST

    def value(self, node: Any, depth: int = 0) -> Any:
        """A value with its variables replaced; `UNKNOWN` for what only the deployment knows.

        Raises:
            ValueError: it expands to more values than are evaluated.
        """
        self._left -= 1
        if self._left < 0:
            message = "its aliases and variables unfold to too much"
            raise ValueError(message)
        if depth > _DEEPEST:
            return UNKNOWN
        if isinstance(node, dict):
            return {key: self.value(item, depth + 1) for key, item in node.items()}
        if isinstance(node, list):
            return [self.value(item, depth + 1) for item in node]
        return self._text(node, depth) if isinstance(node, str) and "${" in node else node

    def _text(self, text: str, depth: int) -> Any:
        for _ in range(_DEEPEST):
            match = _INNERMOST.search(text)
            if match is None:
                return text
            value = self._chain(match[1], depth + 1)
            if match[0] == text.strip():
                return self.value(value, depth + 1) if isinstance(value, str) else value
            if value is None or isinstance(value, dict | list) or value == UNKNOWN:
                return UNKNOWN
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            text = text[: match.start()] + shown + text[match.end() :]
        return UNKNOWN

    def _chain(self, said: str, depth: int) -> Any:
        """The first of `address, fallback, …` that is there."""
        value: Any = UNKNOWN
        for address in _split(said):
            value = self._address(address, depth)
            if value is not None and value != UNKNOWN:
                return value
        return value if value is not None else UNKNOWN

    def _address(self, said: str, depth: int) -> Any:
        literal = _literal(said)
        if literal is not None:
            return literal
        if match := _FILE.match(said):
            return self._of_file(match[1].strip("\"'"), match[2] or "", depth)
        kind, _, rest = said.partition(":")
        if kind == "self":
            return self.value(_dig(self.document, rest), depth + 1)
        if kind == "env":
            if rest not in self.environment:
                self.missing.append(rest)
            return self.environment.get(rest)
        if kind == "param":
            return self._parameter(rest, depth)
        stage, region = self.stage, "us-east-1"
        fixed = {"opt:stage": stage, "sls:stage": stage, "opt:region": region, "aws:region": region}
        return fixed.get(said)

    def _parameter(self, name: str, depth: int) -> Any:
        for table in (
            f"params.{self.stage}",
            "params.default",
            f"stages.{self.stage}.params",
            "stages.default.params",
        ):
            value = _dig(self.document, f"{table}.{name}")
            if value is not None:
                return self.value(value, depth + 1)
        return None

    def _of_file(self, path: str, key: str, depth: int) -> Any:
        if path not in self._files:
            from lambda_slim.formats.yaml_text import load_yaml

            text = self.read(path)
            suffix = PurePosixPath(path).suffix
            try:
                data = suffix in (".yml", ".yaml", ".json")
                self._files[path] = None if text is None else load_yaml(text)[1] if data else text
            except ValueError:
                self._files[path] = None
        return self.value(_dig(self._files[path], key), depth + 1)


def _split(said: str) -> list[str]:
    """The parts between commas, but those in quotes and parentheses."""
    parts, quote, depth = [""], "", 0
    for sign in said:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        depth += {"(": 1, ")": -1}.get(sign, 0) if not quote else 0
        if sign == "," and not quote and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _literal(said: str) -> Any:
    if len(said) > 1 and said[0] == said[-1] and said[0] in "\"'":
        return said[1:-1]
    if said in ("true", "false") or re.fullmatch(r"-?\d+(\.\d+)?", said):
        return load_json(said)
    return None


def _dig(node: Any, path: str) -> Any:
    for key in filter(None, path.split(".")):
        if isinstance(node, dict):
            node = node.get(key, node.get(int(key)) if _INDEX.fullmatch(key) else None)
        elif isinstance(node, list) and _INDEX.fullmatch(key) and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node
