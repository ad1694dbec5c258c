"""Languages whose catalogs a Django project may load, by what its settings say."""

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.python_syntax import bare_name, end_name, literal_text
from lambda_slim.model.file import File
from lambda_slim.plan.evidence.source_syntax import SourceSyntax, first_party_sources, read_syntax

_NAMES = ("USE_I18N", "LANGUAGES", "LANGUAGE_CODE")
_I18N = b"USE_I18N"
_CHOOSERS = ("activate", "override", "translation")
_Values = dict[str, list[ast.expr]]


def find_languages(files: Iterable[File]) -> frozenset[str] | None:
    """The languages, as `pt-br`; none where `USE_I18N` is off, and None where they are only known at run time.

    Args:
        files: All that could ship; first-party sources among them say it.
    """
    trees = [read_syntax(file) for file in first_party_sources(files)]
    settings = [tree for tree in trees if b"INSTALLED_APPS" in tree.source]
    values = values_by_key(chain.from_iterable(map(_said, trees)))
    if _is_off(values.get("USE_I18N", [])) and _all_say(_I18N, settings):
        return frozenset()
    if not _all_say(b"LANGUAGES", settings):
        return None
    chosen = chain.from_iterable(map(_chosen, trees))
    return _listed(values.get("LANGUAGES", []), [*values.get("LANGUAGE_CODE", []), *chosen])


def _all_say(name: bytes, settings: list[SourceSyntax]) -> bool:
    """Whether each module with settings has a setting: one that has not may be the one that is used."""
    return bool(settings) and all(tree.tree is not None and name in tree.source for tree in settings)


def _said(tree: SourceSyntax) -> Iterator[tuple[str, ast.expr]]:
    """(setting, value) of assignments, and of the arguments of `settings.configure(…)`."""
    asked = b"LANG" in tree.source or _I18N in tree.source
    return chain.from_iterable(map(_set_by, tree.nodes)) if asked else iter(())


def _set_by(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((name, value) for name in map(bare_name, targets) if name in _NAMES)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in _NAMES:
            yield name, value
        case ast.AugAssign(target=ast.Name(id=name), value=value) if name in _NAMES:
            yield name, value
        case ast.keyword(arg=str(name), value=value) if name in _NAMES:
            yield name, value


def _is_off(values: list[ast.expr]) -> bool:
    return bool(values) and all(map(_is_false, values))


def _is_false(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=False):
            return True
        case _:
            return False


def _chosen(tree: SourceSyntax) -> Iterator[ast.expr]:
    """What code switches to: the argument of `activate(…)` and `override(…)`."""
    for node in tree.nodes if b"translation" in tree.source else ():
        match node:
            case ast.Call(func=func, args=[language, *_]) if end_name(func) in _CHOOSERS:
                yield language


def _listed(tables: list[ast.expr], names: list[ast.expr]) -> frozenset[str] | None:
    """The languages of `LANGUAGES` and of single names; None where there is no table, or something is computed."""
    rows = list(chain.from_iterable(getattr(table, "elts", [table]) for table in tables))
    texts = list(map(literal_text, (*map(_first, rows), *names)))
    if not rows or None in texts:
        return None
    return frozenset(text.lower().replace("_", "-") for text in ("en", *filter(None, texts)))


def _first(row: ast.expr) -> ast.expr:
    """The language of a row of `LANGUAGES`."""
    return row.elts[0] if isinstance(row, ast.Tuple | ast.List) and row.elts else row
