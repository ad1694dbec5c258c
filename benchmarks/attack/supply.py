"""The supply chain: a name on two indexes, a wrong hash, a private index that is gone, a stale lock.

Each is tried for each kind of lock. The public index has a squatter's version of a private name; it is the default
index throughout. `count` is not used.
"""

import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.attack.cache import build
from tests.indexes import FORMATS, MODULE, Indexes, Locked, make_stale, served, wheel, write_project

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
US, REFUSED = "us", "refused"
Case = tuple[str, str, Callable[[Path, str, Indexes], None]]


def _two_indexes(folder: Path, kind: str, indexes: Indexes) -> None:
    write_project(folder, kind, Locked(indexes.url("private"), indexes.sha("private")), PYTHON)


def _wrong_hash(folder: Path, kind: str, indexes: Indexes) -> None:
    write_project(folder, kind, Locked(indexes.url("private"), indexes.sha("public")), PYTHON)


def _private_source(folder: Path, kind: str, indexes: Indexes) -> None:
    sha = indexes.sha("private") if kind in ("pylock", "pdm") else ""
    write_project(folder, kind, Locked(indexes.url("private"), sha), PYTHON)


def _gone(folder: Path, kind: str, indexes: Indexes) -> None:
    sha = indexes.sha("private") if kind in ("pylock", "pdm") else ""
    write_project(folder, kind, Locked(indexes.url("empty"), sha), PYTHON)


def _stale(folder: Path, kind: str, indexes: Indexes) -> None:
    _two_indexes(folder, kind, indexes)
    make_stale(folder, kind)


CASES: tuple[Case, ...] = (
    ("same name on two indexes", US, _two_indexes),
    ("wrong hash", REFUSED, _wrong_hash),
    ("private source", US, _private_source),
    ("private source is gone", REFUSED, _gone),
    ("stale lock", REFUSED, _stale),
)


def _ends(indexes: Indexes, work: Path) -> Iterator[tuple[str, str, str, str]]:
    """(case, format, what should come, what came)."""
    for name, wanted, prepare in CASES:
        for kind in FORMATS:
            folder = work / f"{name}-{kind}".replace(" ", "-")
            prepare(folder, kind, indexes)
            out = work / "x.zip"
            out.unlink(missing_ok=True)
            code = build(["build", str(folder), "-q", "--bytecode", "none", "-o", str(out)], work / "log")
            if code == 0:
                with zipfile.ZipFile(out) as file:
                    came = file.read(f"{MODULE}.py").decode().removeprefix("WHO = ").strip().strip("'")
            else:
                came = REFUSED if code == 3 and not out.exists() else f"exit {code}"
            yield name, kind, wanted, came


def main(seed: int, count: int) -> int:  # noqa: ARG001  (there is nothing random in it)
    """Runs all cases in one cache; the number that came out wrong."""
    work = Path(tempfile.mkdtemp(prefix="attack-supply-"))
    os.environ |= {"LAMBDA_SLIM_CACHE": str(work / "cache"), "UV_CACHE_DIR": str(work / "uv")}
    wheels = {
        "public": {"1.0": wheel("a squatter"), "9.0": wheel("a squatter", "9.0")},
        "private": {"1.0": wheel("us")},
    }
    wrong = 0
    with served(wheels) as indexes:
        os.environ["UV_DEFAULT_INDEX"] = indexes.url("public")
        for name, kind, wanted, came in _ends(indexes, work):
            wrong += came != wanted
            print(f"{name:<26}{kind:<14}{came:<12}{'' if came == wanted else 'WRONG: wanted ' + wanted}", flush=True)
    print(f"{len(CASES) * len(FORMATS)} cases, {wrong} wrong")
    shutil.rmtree(work, ignore_errors=True)
    return wrong
