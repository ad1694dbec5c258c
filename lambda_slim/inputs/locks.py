"""Locks in the form that uv installs: each package with its version, its hashes and its index."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.closure import Chosen
from lambda_slim.model.locked import PYPI, DeclaredSources, Lock, LockedPackage

_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_PYPI = re.compile(r"https://pypi\.(org|python\.org)/simple/?")
_LINE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*(?P<version>[^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Batch:
    """Requirements that uv installs in one go.

    Attributes:
        arguments: For uv: `-r FILE`; `-r -` for `text`.
        text: What uv reads from standard input.
        variables: What a lock adds to uv's environment, as its indexes; None takes a variable away.
        exact: Only these are installed, and nothing that they require.
    """

    arguments: tuple[str, ...]
    text: str = ""
    variables: Mapping[str, str | None] = field(default_factory=dict)
    exact: bool = False


def batches_of(lock: Lock, chosen: Chosen) -> tuple[Batch, ...]:
    """Chosen packages of a lock, one batch an index; those that need no index go with the default one."""
    packages = chosen.packages
    rows = values_by_key((package.index if package.index in lock.indexes else "", package) for package in packages)
    return tuple(_batch(lock, name, rows[name]) for name in sorted(rows))


def _batch(lock: Lock, name: str, packages: Iterable[LockedPackage]) -> Batch:
    lines = [package.line for package in packages]
    hashed = all("--hash=" in line or " @ " in line for line in lines)
    variables: dict[str, str | None] = {}
    if name:
        variables = only_index(name, lock.indexes[name], hashed=hashed)
    elif lock.common:
        variables = _in_order(lock)
    variables |= _insecure(lock.insecure)
    return Batch(("-r", "-"), "".join(f"{line}\n" for line in lines), variables, exact=True)


def only_index(name: str, url: str, *, hashed: bool) -> dict[str, str | None]:
    """Variables with which uv asks one index and no other that the environment names.

    Args:
        name: Of the index.
        url: Its address; `${NAME}` is taken from the environment, as Pipenv does.
        hashed: Whether every file is known by its hash; only then may a folder of wheels stand for the index.
    """
    address = _with_credentials(name, _expanded(url))
    variables: dict[str, str | None] = {
        "UV_DEFAULT_INDEX": address,
        "UV_INDEX": f"{_label(name)}={address}",
        "UV_INDEX_URL": None,
        "UV_EXTRA_INDEX_URL": None,
        "UV_INDEX_STRATEGY": None,
    }
    return variables if hashed else {**variables, "UV_FIND_LINKS": None, "UV_NO_INDEX": None}


def _in_order(lock: Lock) -> dict[str, str | None]:
    """Variables with which uv asks indexes in the lock's order, before those of the environment."""
    named = {name: _with_credentials(name, _expanded(lock.indexes[name])) for name in lock.common}
    first = [f"{_label(name)}={url}" for name, url in named.items() if name != "pypi"]
    variables: dict[str, str | None] = {"UV_INDEX": " ".join([*first, *os.environ.get("UV_INDEX", "").split()])}
    if "pypi" in named and not _PYPI.fullmatch(named["pypi"]):
        variables["UV_DEFAULT_INDEX"] = named["pypi"]
    return variables


def declared_indexes(declared: DeclaredSources) -> dict[str, str | None]:
    """Variables with which uv asks the indexes that a project declares for another tool, in their order."""
    variables = _insecure(declared.insecure)
    if declared.order == (PYPI,) and PYPI not in declared.urls:
        return variables
    mirror = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or "https://pypi.org/simple"
    addresses = [(name, _with_credentials(name, _expanded(declared.urls.get(name, mirror)))) for name in declared.order]
    variables["UV_INDEX"] = " ".join(f"{_label(name)}={address}" for name, address in addresses)
    variables["UV_DEFAULT_INDEX"] = addresses[-1][1]
    return {**variables, "UV_INDEX_URL": None, "UV_EXTRA_INDEX_URL": None, "UV_INDEX_STRATEGY": None}


def _insecure(hosts: tuple[str, ...]) -> dict[str, str | None]:
    """The variable that names hosts whose certificates are not looked at, after those of the environment."""
    known = os.environ.get("UV_INSECURE_HOST", "").split()
    return {"UV_INSECURE_HOST": " ".join([*known, *hosts])} if hosts else {}


def folder_links(folder: str) -> dict[str, str | None]:
    """Variables with which uv also looks into a folder of wheels, before those of the environment."""
    return {"UV_FIND_LINKS": ",".join([folder, *filter(None, [os.environ.get("UV_FIND_LINKS", "")])])}


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "locked"


def _expanded(url: str) -> str:
    return _VARIABLE.sub(lambda match: os.environ.get(match[1] or match[2], match[0]), url)


def _with_credentials(name: str, url: str) -> str:
    """The address with what the environment has for an index of Poetry (`POETRY_HTTP_BASIC_NAME_USERNAME`)."""
    key = f"POETRY_HTTP_BASIC_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}"
    user, password = (os.environ.get(f"{key}_{part}") for part in ("USERNAME", "PASSWORD"))
    parts = urlsplit(url)
    if not user or "@" in parts.netloc:
        return url
    secret = f"{quote(user, safe='')}:{quote(password or '', safe='')}"
    return urlunsplit(parts._replace(netloc=f"{secret}@{parts.netloc}"))


def split_export(text: str, registries: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """What `uv export` prints, by the index that uv.lock has for each package; "" for the default one and for none.

    Args:
        text: Requirements with hashes.
        registries: Normalised names and versions to the address of their index.
    """
    requirements: dict[str, list[str]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        named = _LINE.match(line)
        url = registries.get((normalise(named["name"]), named["version"]), "") if named else ""
        requirements.setdefault("" if _PYPI.fullmatch(url) else url, []).append(" ".join(line.split()))
    return {url: "".join(f"{line}\n" for line in lines) for url, lines in requirements.items()}
