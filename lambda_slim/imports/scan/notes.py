"""What a pass over a module has collected."""

import ast
import re
from collections.abc import Iterable

from lambda_slim.formats.python_syntax import literal_text, literal_texts, texts_below
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.syntax import is_computed
from lambda_slim.imports.scan.values import ANY

NAME_LIKE = re.compile(r"\.{0,3}[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_][\w.]*)?\Z")
_TAKEN_OUT = re.compile(rb"__all__\s*\.\s*(?:remove|pop|clear)|del\s+__all__")
_LONGEST = 150  # characters of a string that may name a module


class Notes:
    """Import statements, attribute chains and texts of one module.

    Attributes:
        strings: Dotted texts that may name a module, to their first line.
        bare: Single words that may name one.
        exports: See `facts.SourceFacts`.
        promised: See `facts.SourceFacts`.
        listed: Texts that are items of a list.
        given: Dotted names that are put into a list or given to a call.
        lazy_modules: What `__lazy_modules__` lists.
    """

    def __init__(self) -> None:
        self.imports: list[f.ScannedImport] = []
        self.chains: dict[tuple[str, str], f.Chain] = {}
        self.strings: dict[str, int] = {}
        self.bare: dict[str, int] = {}
        self.exports: list[str] = []
        self.promised: list[str] = []
        self.listed: dict[str, None] = {}
        self.given: dict[str, ast.expr] = {}
        self.lazy_modules: set[str] = set()

    def add_chain(self, line: int, how: str, text: str) -> None:
        """Notes attributes taken from a name, once."""
        root, _, attributes = text.partition(".")
        if (root, attributes) not in self.chains:
            self.chains[root, attributes] = f.Chain(line, how, root, attributes)

    def add_text(self, text: str, line: int) -> None:
        """Notes a text if it looks like a module's name."""
        if 1 < len(text) < _LONGEST and NAME_LIKE.match(text):
            table = self.strings if "." in text or ":" in text else self.bare
            table.setdefault(text, line)

    def add_template(self, pattern: str, line: int) -> None:
        """Notes a pattern such as `pkg.backends.*`, whose known part names a package."""
        head, unknown, _ = pattern.partition(ANY)
        package = head.removesuffix(".").lstrip("\x01\x02")
        if unknown and head.endswith(".") and NAME_LIKE.match(package or "x"):
            self.strings.setdefault(pattern, line)

    def add_item(self, item: ast.expr) -> None:
        """Notes a name in a list, which a framework may load."""
        text = literal_text(item)
        if text and NAME_LIKE.match(text):
            self.listed[text] = None

    def add_given(self, values: Iterable[ast.expr]) -> None:
        """Notes what first-party code puts into a list or gives to a call: a container may load all of a package."""
        for value in values:
            text = dotted(value)
            if text:
                self.given.setdefault(text, value)

    def add_assignment(self, name: str, value: ast.expr) -> None:
        """Keeps the names in lists that the import system reads."""
        if name == "__all__":
            self.exports += texts_below(value)
            if is_computed(value):
                self.exports.append("*")
            texts = literal_texts(value.elts) if isinstance(value, ast.List | ast.Tuple) else []
            self.promised += texts if len(texts) == len(getattr(value, "elts", ())) > 0 else [ANY]
        elif name == "__lazy_modules__":
            self.lazy_modules.update(texts_below(value))

    def import_rows(self) -> tuple[f.ScannedImport, ...]:
        """The import statements, marked lazy where `__lazy_modules__` names them."""
        return tuple(self._marked(statement) for statement in self.imports)

    def _marked(self, statement: f.ScannedImport) -> f.ScannedImport:
        lazy = statement.module in self.lazy_modules and statement.how == f.TOP
        return statement._replace(how=f.LAZY) if lazy else statement

    def text_rows(self, *, bare: bool) -> tuple[tuple[int, str], ...]:
        """(line, text) of what may name a module; single words only on request."""
        lines = self.strings | self.bare if bare else self.strings
        return tuple((line, text) for text, line in lines.items())

    def promises(self, source: bytes) -> tuple[str, ...]:
        """See `facts.SourceFacts.promised`; nothing where the source takes names out again."""
        return () if _TAKEN_OUT.search(source) else tuple(self.promised)

    def bound(self) -> set[str]:
        """The names that import statements bind."""
        return {name for statement in self.imports for name in f.bound_by(statement)}
