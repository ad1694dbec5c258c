"""The package indexes that a project declares for Poetry, Pipenv, PDM or Rye."""

import re
from collections.abc import Mapping
from typing import Any

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.sources import insecure_hosts, source_name, sources_of
from lambda_slim.formats.tables import as_list, as_rows, as_several, as_table, as_text, table_at, text_at
from lambda_slim.model.locked import PYPI, DeclaredSources

_PYPI_URL = re.compile(r"https://pypi\.(org|python\.org)/simple/?")
_EARLY = ("default", "primary")


def of_poetry(project: Mapping[str, Any]) -> DeclaredSources:
    """`[[tool.poetry.source]]`: a primary source stands for PyPI, a supplemental one comes after it.

    Source: python-poetry.org/docs/repositories, "Package sources".
    """
    poetry = table_at(project, "tool", "poetry")
    rows = [row for row in as_rows(poetry.get("source")) if row.get("name")]
    named = values_by_key((_priority(row), str(row["name"])) for row in rows)
    early = named.get("default", []) + named.get("primary", [])
    late = named.get("secondary", []) + named.get("supplemental", [])
    return _declared([*(early or [PYPI]), *late], rows, _claims(poetry.get("dependencies"), "source"), "poetry lock")


def _claims(requirements: Any, key: str) -> dict[str, str]:
    """Requirements that name an index, to its name."""
    rows = [(name, row) for name, spec in as_table(requirements).items() for row in as_several(spec)]
    return {name: source for name, row in rows if (source := as_text(as_table(row).get(key)))}


def _priority(row: Mapping[str, Any]) -> str:
    """The priority of a source of Poetry; before 1.5 there were two flags."""
    flags = [name for name in ("default", "secondary") if row.get(name) is True]
    return text_at(row, "priority", [*flags, "primary"][0]).lower()


def of_pipfile(pipfile: Mapping[str, Any]) -> DeclaredSources:
    """`[[source]]`: the first is for all packages that name none.

    Source: pipenv.pypa.io, "Specifying package indexes".
    """
    rows = sources_of(pipfile.get("source"))
    first = [*map(source_name, rows), PYPI][:1]
    return _declared(first, rows, _claims(pipfile.get("packages"), "index"), "pipenv lock")


def of_pdm(project: Mapping[str, Any]) -> DeclaredSources:
    """`[[tool.pdm.source]]`, and PyPI where none has its name; a source may be for some packages alone.

    Source: pdm-project.org, "Configure the package indexes".
    """
    rows = sources_of(table_at(project, "tool", "pdm").get("source"))
    claimed = {str(text): source_name(row) for row in rows for text in as_list(row.get("include_packages"))}
    order = [source_name(row) for row in rows if not row.get("include_packages")]
    return _declared(order if PYPI in order else [*order, PYPI], rows, claimed, "pdm lock")


def of_rye(project: Mapping[str, Any]) -> DeclaredSources:
    """`[[tool.rye.sources]]`: `default` stands for PyPI. Source: rye.astral.sh, "Dependency sources"."""
    rows = sources_of(table_at(project, "tool", "rye").get("sources"))
    names = dict.fromkeys(map(source_name, rows))
    last = "default" if "default" in names else PYPI
    names.pop(last, None)
    return _declared([*names, last], rows, {}, "rye lock")


def declared_sources(project: Mapping[str, Any]) -> DeclaredSources:
    """The sources that a pyproject.toml declares; uv's own settings stand before those of another tool."""
    uv = table_at(project, "tool", "uv")
    if any(uv.get(name) for name in ("index", "index-url", "extra-index-url", "sources")):
        return DeclaredSources()
    tools = (of_poetry(project), of_pdm(project), of_rye(project))
    return next(filter(_says_something, tools), DeclaredSources())


def _says_something(declared: DeclaredSources) -> bool:
    return bool(declared.urls or declared.claimed)


def _declared(order: list[str], rows: list[dict[str, Any]], claimed: Mapping[str, str], lock: str) -> DeclaredSources:
    """Sources with PyPI under one name, and without claims that the only source fulfils anyway."""
    urls: dict[str, str] = {}
    public = {PYPI}
    for row in rows:
        name, url = source_name(row), str(row.get("url", ""))
        if _is_public(name, url):
            public.add(name)
        else:
            urls[name] = url
    names = tuple(dict.fromkeys(_plain(name, public) for name in order))
    needed = {name: source for name, source in claimed.items() if (_plain(source, public),) != names}
    return DeclaredSources(names, urls, needed, insecure_hosts(sources_of(rows)), lock)


def _is_public(name: str, url: str) -> bool:
    """Whether a source is PyPI; Poetry has it without an address."""
    return bool(_PYPI_URL.fullmatch(url)) if url else name.lower() == PYPI


def _plain(name: str, public: set[str]) -> str:
    return PYPI if name in public or name.lower() == PYPI else name
