"""Does the slim package behave like the full one?

The pipeline hands over both as folders; this module runs each through INIT and every event, compares what can be
compared, and names what differs. `culprits` finds which left-out files make the difference.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_slim.project import Function
from lambda_slim.tools.lambda_runtime import Session, drive, try_imports

_IDS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "<address>"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|s|seconds|µs)\b"), "<duration>"),
)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a package did, without what may differ between two equal runs.

    Attributes:
        init: How INIT ended: "" when well, else the error.
        results: Event name to (kind, value).
        logs: Lines that it printed.
        exit: Exit code, None where it lived on.
        client: What drove it.
        asked: Addresses off this machine that it asked for.
    """

    init: str
    results: dict[str, tuple[str, Any]]
    logs: tuple[str, ...]
    exit: int | None
    client: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: where, and both values as short text."""

    where: str
    full: str
    slim: str


def behave(  # noqa: PLR0913  (a life has this many conditions)
    interpreter: Path,
    package: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    *,
    ignore: Sequence[str] = (),
    timeout: float = 60,
    offline: bool = False,
    stub_aws: bool = False,
) -> Behaviour:
    """Runs a package through INIT and all events and tidies what it gave."""
    session = drive(interpreter, package, function, events, timeout=timeout, offline=offline, stub_aws=stub_aws)
    return tidy(session, package, ignore)


def tidy(session: Session, package: Path, ignore: Sequence[str] = ()) -> Behaviour:
    """A session without paths of this machine, ids, times and the fields that the user declared."""

    def clean(text: str) -> str:
        text = text.replace(str(package), "/var/task")
        for pattern, mark in _IDS:
            text = pattern.sub(mark, text)
        return text

    def value(body: str) -> Any:
        try:
            return _without(json.loads(body.replace(str(package), "/var/task")), frozenset(ignore))
        except ValueError:
            return clean(body)

    results = {answer.event: (answer.kind, value(answer.body)) for answer in session.answers}
    for name, (kind, found) in results.items():
        if kind == "error" and isinstance(found, dict):
            results[name] = (kind, {key: clean(str(found.get(key, ""))) for key in ("errorType", "errorMessage")})
    init = ""
    if session.init_error:
        document = json.loads(session.init_error)
        init = clean(f"{document.get('errorType')}: {document.get('errorMessage')}")
    elif session.late:
        init = "no answer within the time limit"
    logs = tuple(clean(line) for line in session.logs.splitlines() if line.strip())
    return Behaviour(init, results, logs, session.code, session.client, session.asked)


def _without(value: Any, ignore: frozenset[str], path: str = "") -> Any:
    if isinstance(value, dict):
        return {
            k: _without(v, ignore, f"{path}.{k}".lstrip("."))
            for k, v in value.items()
            if not {k, f"{path}.{k}".lstrip(".")} & ignore
        }
    if isinstance(value, list):
        return [_without(item, ignore, path) for item in value]
    return value


def differences(full: Behaviour, slim: Behaviour) -> tuple[Difference, ...]:
    """What differs, INIT first; nothing where both failed alike."""
    found = []
    if full.init != slim.init:
        found.append(Difference("INIT", full.init or "well", slim.init or "well"))
    for name in sorted({*full.results, *slim.results}):
        one, other = full.results.get(name), slim.results.get(name)
        if one != other:
            found.append(Difference(f"event {name}", _short(one), _short(other)))
    if not found and full.exit != slim.exit:
        found.append(Difference("exit", str(full.exit), str(slim.exit)))
    if not found and sorted(full.logs) != sorted(slim.logs):
        gone, new = sorted(set(full.logs) - set(slim.logs)), sorted(set(slim.logs) - set(full.logs))
        if gone or new:
            found.append(Difference("log", _short(gone), _short(new)))
    return tuple(found)


def unstable_fields(first: Behaviour, second: Behaviour) -> tuple[str, ...]:
    """Dotted fields of results that differ between two runs of one package: they cannot prove anything."""
    found: set[str] = set()
    for name in first.results.keys() & second.results.keys():
        if first.results[name][0] == second.results[name][0] == "response":
            _unequal(first.results[name][1], second.results[name][1], "", found)
    return tuple(sorted(found))


def _unequal(one: Any, other: Any, path: str, found: set[str]) -> None:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            _unequal(one[key], other[key], f"{path}.{key}".lstrip("."), found)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            _unequal(left, right, path, found)
    elif one != other:
        found.add(path or "(the whole result)")


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:200]}…"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison of two packages found; `notes` say what it cannot vouch for."""

    differences: tuple[Difference, ...]
    events: int
    modules: int
    libraries: int
    client: str
    notes: tuple[str, ...] = ()


def verify(  # noqa: PLR0913  (both packages, and everything they are run with)
    interpreter: Path,
    slim: Path,
    full: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    request: dict[str, Any],
    *,
    ignore: Sequence[str] = (),
    timeout: float = 0,
    offline: bool = False,
    stub_aws: bool = False,
) -> Verdict:
    """Runs the whole package twice and the slim one once, and compares what they did and what imports in them.

    Args:
        interpreter: A Python of the target's minor version.
        slim: The package to prove, unpacked.
        full: The whole package, unpacked.
        function: Its handler and environment.
        events: (name, JSON) pairs; without any, only INIT and imports are compared.
        request: modules, entry_points and libraries that must load as in the whole package.
        ignore: Fields of results that may differ, dotted or by their last name.
        timeout: Seconds for INIT and for each event; 0 for 30 or the function's own limit.
        offline: Do not fetch awslambdaric where it is not cached.
        stub_aws: Answer AWS clients with empty successes.
    """
    limit = timeout or max(30.0, float(function.timeout_s))

    def run(package: Path, skip: Sequence[str]) -> Behaviour:
        more = {"offline": offline, "stub_aws": stub_aws}
        return behave(interpreter, package, function, events, ignore=skip, timeout=limit, **more)

    before = file_states(full)
    baseline = run(full, ignore)
    notes = written_note(before, full)
    skip = tuple(ignore)
    if unstable := unstable_fields(baseline, run(full, ignore)) if events else ():
        skip = (*skip, *unstable)
        baseline = run(full, skip)
        notes.append(unstable_note(unstable))
    if baseline.init:
        notes.append(f"the whole package fails at INIT too: {baseline.init}")
    notes += [f"{name} fails in the whole package too: {_short(value)}" for name, value in failing_events(baseline)]
    if baseline.asked:
        notes.append(
            f"it asked for {', '.join(baseline.asked[:5])}; there is no network here, so that path is unproved"
        )
    if baseline.client == "own client":
        notes.append("awslambdaric could not be installed; run by our own client with the same import order")
    found = differences(baseline, run(slim, skip))
    failed = failing_imports(interpreter, slim, full, function, request, offline=offline)
    found += tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))
    counts = len(events), len(request["modules"]), len(request["libraries"])
    return Verdict(found, *counts, baseline.client, tuple(notes))


def failing_events(behaviour: Behaviour) -> list[tuple[str, Any]]:
    """Events that were answered with an error."""
    return [(name, value) for name, (kind, value) in sorted(behaviour.results.items()) if kind == "error"]


def unstable_note(fields: Sequence[str]) -> str:
    """What to say of fields that differ between two runs of one package."""
    shown = ", ".join(fields)
    return f"differs between two runs of the whole package, so not compared: {shown} (declare it in ignore-fields)"


def file_states(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            state = path.stat()
            found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found


def written_note(before: dict[str, tuple[int, int]], folder: Path) -> list[str]:
    """A note where a run has written to its package, which is read-only on Lambda."""
    changed = [path for path, state in sorted(file_states(folder).items()) if before.get(path) != state]
    return [f"it writes to its own folder, which is read-only on Lambda: {', '.join(changed[:3])}"] if changed else []


def failing_imports(
    interpreter: Path, slim: Path, full: Path, function: Function, request: dict[str, Any], *, offline: bool = False
) -> dict[str, str]:
    """What imports or loads in the full package and not in the slim one, to the error."""
    failed = try_imports(interpreter, slim, function, request, offline=offline)
    if failed is None:
        failed = _one_by_one(interpreter, slim, function, request, offline=offline)
    if not failed:
        return {}
    asked = {
        "modules": [name for name in request["modules"] if name in failed],
        "entry_points": [row for row in request["entry_points"] if f"{row[0]}: {row[1]} = {row[2]}" in failed],
        "libraries": [path for path in request["libraries"] if path in failed],
    }
    before = try_imports(interpreter, full, function, asked, offline=offline)
    if before is None:
        before = _one_by_one(interpreter, full, function, asked, offline=offline)
    return {what: error for what, error in failed.items() if what not in before}


def _one_by_one(
    interpreter: Path, package: Path, function: Function, request: dict[str, Any], *, offline: bool
) -> dict[str, str]:
    """A module killed the child: halves are tried until it is known which."""
    modules = request["modules"]
    if len(modules) <= 1:
        return dict.fromkeys(modules, "ended the process")
    middle = len(modules) // 2
    found: dict[str, str] = {}
    for part in (modules[:middle], modules[middle:]):
        asked = {"modules": part, "entry_points": [], "libraries": []}
        failed = try_imports(interpreter, package, function, asked, offline=offline)
        found |= failed if failed is not None else _one_by_one(interpreter, package, function, asked, offline=offline)
    return found


_MISSING = re.compile(r"No module named '([\w.]+)'|cannot import name '(\w+)' from '([\w.]+)'")
_NO_FILE = re.compile(r"No such file or directory: '([^']+)'|DataNotFoundError: Unable to load data for: ([\w./-]+)")


def suspects(messages: Iterable[str], dropped: Sequence[str], package: Path) -> tuple[str, ...]:
    """Left-out files that error messages name: a missing module's, or a missing file itself."""
    known = set(dropped)
    found: dict[str, None] = {}
    for message in messages:
        for module, name, parent in _MISSING.findall(message):
            dotted = module or f"{parent}.{name}"
            stem = dotted.replace(".", "/")
            hits = [path for path in dropped if path.startswith((f"{stem}.", f"{stem}/__init__."))]
            found.update(dict.fromkeys(hits))
        for path, data in _NO_FILE.findall(message):
            short = path.replace(str(package), "/var/task").removeprefix("/var/task/")
            found.update(dict.fromkeys([short] if short in known else []))
            found.update(dict.fromkeys(one for one in dropped if data and f"/data/{data}" in one))
    return tuple(found)


Passes = Callable[[Sequence[frozenset[str]]], Sequence[bool]]


def culprits(dropped: Sequence[str], passes: Passes, *, most: int = 8) -> tuple[str, ...]:
    """The left-out files whose absence makes the difference.

    A set of restored files passes when it holds every culprit, so the shortest prefix that passes ends with one of
    them. A round tries two prefixes, which leaves a third: 8 rounds for one culprit among 5,000 files, and one to see
    that it is the only one; then the same with that one restored.

    Args:
        dropped: Candidates, most suspicious first; files of one distribution together.
        passes: For each of some sets of files, whether the package is right with these brought back.
        most: Culprits to look for before everything is given back.

    Returns:
        The culprits; all of `dropped` where there are more than `most`; nothing where even all do not help.
    """
    if not dropped or not passes([frozenset(dropped)])[0]:
        return ()
    found: list[str] = []
    while len(found) < most:
        rest = [path for path in dropped if path not in found]
        low, high = 0, len(rest)
        while high - low > 1:
            third = max(1, (high - low) // 3)
            cuts = sorted({low + third, high - third})
            for cut, right in zip(cuts, passes([frozenset((*found, *rest[:cut])) for cut in cuts]), strict=True):
                if right:
                    high = cut
                    break
                low = cut
        found.append(rest[high - 1])
        if passes([frozenset(found)])[0]:
            return tuple(found)
    return tuple(dropped)
