"""A shell script as a tree of commands; nothing is run, and nothing is expanded."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from lambda_slim.formats.shell_idioms import simplified

_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_OPERATORS = frozenset({";", ";;", "&&", "&", "|", "||", "(", ")", "|&"})
_PUNCTUATION = frozenset("();<>|&")
_SIGNS = re.compile(r"[<>&|]*[<>][<>&|]*|&&|\|\||;;|\|&|[();|&]")
_MOST = 20_000  # words of a script
_MOST_LINES = 30  # lines that a text in quotes may have


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command.

    Attributes:
        words: Its words, quotes removed, variables as they are written.
        line: Where it begins.
        output: The file that its output goes to, "" for none.
    """

    words: tuple[str, ...]
    line: int
    output: str = ""


@dataclass(frozen=True, slots=True)
class ShellGroup:
    """Commands that belong together.

    Attributes:
        kind: `(`, `{`, `if`, `case`, `while`, or `function`.
        body: What is in it; of `if`, `case` and `while` a group for each test and branch.
        name: The name of a function.
    """

    kind: str
    body: tuple["ShellNode", ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShellLoop:
    """`for NAME in WORDS; do BODY; done`."""

    name: str
    words: tuple[str, ...]
    body: tuple["ShellNode", ...]


@dataclass(frozen=True, slots=True)
class ShellList:
    """An array: `NAME=(WORDS)`."""

    name: str
    words: tuple[str, ...]


ShellNode = ShellCommand | ShellGroup | ShellLoop | ShellList


def parse_script(text: str) -> tuple[ShellNode, ...]:
    """The commands of a script.

    Raises:
        ValueError: it is not understood as a script.
    """
    tokens = list(_tokens(text))
    if len(tokens) > _MOST:
        message = "it is too long"
        raise ValueError(message)
    try:
        return _Parser(tokens).whole()
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """(word or operator, line); the end of a line is `;`."""
    lines = iter(enumerate(_joined(text), 1))
    for number, first in lines:
        line, words = _whole(first, number, lines)
        yield from ((word, number) for word in words)
        yield ";", number
        _skip_heredoc(line, lines)


def _whole(first: str, number: int, lines: Iterator[tuple[int, str]]) -> tuple[str, list[str]]:
    """A line with those that a text in quotes goes on in, and its words."""
    line = first
    for _ in range(_MOST_LINES):
        words = _words(line)
        if words is not None:
            return line, words
        line += "\n" + next(lines, (0, ""))[1]
    message = f"line {number}: a quote has no end"
    raise ValueError(message)


def _joined(text: str) -> Iterator[str]:
    """Lines, those with a backslash at their end joined; as many as the text has."""
    text = simplified(text)
    waiting = ""
    skipped = 0
    for line in text.splitlines():
        if line.endswith("\\") and not line.endswith("\\\\"):
            waiting += line[:-1] + " "
            skipped += 1
            continue
        yield waiting + line
        yield from [""] * skipped
        waiting, skipped = "", 0
    if waiting:
        yield waiting


def _skip_heredoc(line: str, lines: Iterator[tuple[int, str]]) -> None:
    if begin := _HEREDOC.search(line):
        for _, text in lines:
            if text.strip() == begin[1]:
                return


def _words(line: str) -> list[str] | None:
    """The words of a line; None where a quote goes on."""
    lexer = shlex.shlex(_uncommented(line), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return [part for word in lexer for part in (_SIGNS.findall(word) if set(word) <= _PUNCTUATION else [word])]
    except ValueError:
        return None


def _uncommented(line: str) -> str:
    """A line without the comment at its end."""
    for begin in re.finditer(r"(?:^|(?<=\s))#", line):
        before = line[: begin.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return before
    return line


def _is_redirection(word: str) -> bool:
    return set(word) <= set("<>&|") and bool(set(word) & set("<>"))


class _Parser:
    def __init__(self, tokens: list[tuple[str, int]]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> tuple[ShellNode, ...]:
        nodes: list[ShellNode] = []
        while self._at < len(self._tokens):
            nodes += self._until(frozenset())
            self._at += 1  # a word that ends what was never begun
        return tuple(nodes)

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place][0] if place < len(self._tokens) else ""

    def _until(self, stops: frozenset[str]) -> list[ShellNode]:
        """The statements up to one of some words, which is not taken."""
        nodes: list[ShellNode] = []
        while (word := self._peek()) and word not in stops and word != ")":
            if word in ("||", "|&"):
                self._at += 1
                self._statement()  # what is done where the one before fails
            elif word in _OPERATORS - {"("}:
                self._at += 1
            else:
                nodes += self._statement()
        return nodes

    def _statement(self) -> list[ShellNode]:
        word = self._peek()
        if word in ("(", "{"):
            return [self._group(word, ")" if word == "(" else "}")]
        if word in ("if", "while", "until"):
            return [self._branches(word, "fi" if word == "if" else "done")]
        if word in ("for", "case"):
            return [self._loop() if word == "for" else self._case()]
        if word == "function" or (self._peek(1).startswith("(") and not word.endswith("=")):
            return [self._function()]
        return self._command()

    def _group(self, kind: str, end: str, name: str = "") -> ShellGroup:
        self._at += 1
        body = self._until(frozenset({end}))
        self._at += 1
        return ShellGroup(kind, tuple(body), name)

    def _branches(self, kind: str, end: str) -> ShellGroup:
        """All of `if … then … elif … else … fi` and of `while … do … done`, the tests too."""
        self._at += 1
        body: list[ShellNode] = []
        while self._peek() and self._peek() != end:
            body.append(ShellGroup("{", tuple(self._until(frozenset({"then", "elif", "else", "do", end})))))
            if self._peek() != end:
                self._at += 1
        self._at += 1
        return ShellGroup("if" if kind == "if" else "while", tuple(body))

    def _loop(self) -> ShellLoop:
        name = self._peek(1)
        self._at += 3  # for NAME in
        words = self._taken({";", "do"})
        self._until(frozenset({"do"}))
        self._at += 1
        body = self._until(frozenset({"done"}))
        self._at += 1
        return ShellLoop(name, tuple(words), tuple(body))

    def _case(self) -> ShellGroup:
        self._taken({"in"})
        self._at += 1
        body: list[ShellNode] = []
        while self._peek() and self._peek() != "esac":
            self._taken({")", "esac"})
            if self._peek() == ")":
                self._at += 1
            body.append(ShellGroup("{", tuple(self._until(frozenset({";;", "esac"})))))
            if self._peek() == ";;":
                self._at += 1
        self._at += 1
        return ShellGroup("case", tuple(body))

    def _taken(self, stops: set[str]) -> list[str]:
        words = []
        while self._peek() and self._peek() not in stops:
            words.append(self._peek())
            self._at += 1
        return words

    def _function(self) -> ShellGroup:
        self._at += self._peek() == "function"
        name = self._peek()
        self._at += 1
        while self._peek().startswith(("(", ")", ";")):
            self._at += 1
        return self._group("function", "}", name)

    def _command(self) -> list[ShellNode]:
        line = self._tokens[self._at][1]
        words: list[str] = []
        output = ""
        while (word := self._peek()) and word not in _OPERATORS:
            self._at += 1
            if _is_redirection(word):
                output = self._redirected(word, words) or output
            else:
                words.append(word)
        if len(words) == 1 and words[0].endswith("=") and self._peek() == "(":
            return [self._array(words[0][:-1])]
        return [ShellCommand(tuple(words), line, output)] if words else []

    def _redirected(self, sign: str, words: list[str]) -> str:
        """The file that output goes to, "" for none; the number before the sign is no word."""
        channel = words.pop() if words[-1:] in (["0"], ["1"], ["2"]) else ""
        name = self._peek()
        self._at += 1
        return name if sign in (">", ">>") and channel != "2" else ""

    def _array(self, name: str) -> ShellList:
        self._at += 1
        words = [word for word in self._taken({")"}) if word != ";"]
        self._at += 1
        return ShellList(name, tuple(words))
