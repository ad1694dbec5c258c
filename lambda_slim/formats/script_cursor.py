"""A place among the tokens of a script."""


class Cursor:
    """Goes through tokens."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self._tokens = tokens
        self._at = 0

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _text(self, ahead: int = 0) -> str:
        return self._tokens[self._at + ahead][1] if self._at + ahead < len(self._tokens) else ""

    def _line(self) -> int:
        return self._tokens[min(self._at, len(self._tokens) - 1)][2] if self._tokens else 0

    def _take(self, text: str) -> bool:
        taken = self._text() == text and self._kind() == "sign"
        self._at += taken
        return taken

    def _path(self) -> str:
        parts = []
        while self._kind() == "name":
            parts.append(self._text())
            self._at += 1
            if self._text() != ".":
                break
            self._at += 1
        return ".".join(parts)

    def _pass_type(self) -> None:
        if self._take(":"):
            while self._at < len(self._tokens) and self._text() not in ("=", ";", ",", ")"):
                self._at += 1
