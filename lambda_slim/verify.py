"""Does the slim package behave like the full one?

The pipeline hands over both as folders; this module runs each through INIT and every event, compares what can be
compared, and names what differs. `search` finds which left-out files make the difference.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.quotes import without_quotes
from lambda_slim.packages import file_states, written_note
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
        unsteady: Events that it does not answer alike twice, and "log" where its log lines vary.
    """

    init: str
    results: dict[str, tuple[str, Any]]
    logs: tuple[str, ...]
    exit: int | None
    client: str
    asked: tuple[str, ...] = ()
    unsteady: frozenset[str] = frozenset()


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
    """A session without this machine's paths, ids, times, quoted sources and the fields that the user declared."""

    def clean(text: str) -> str:
        text = without_quotes(text.replace(str(package), "/var/task"))
        for pattern, mark in _IDS:
            text = pattern.sub(mark, text)
        return text

    def value(body: str) -> Any:
        try:
            return _without(json.loads(body), frozenset(ignore), clean)
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
    logs = tuple(line for line in clean(session.logs).splitlines() if line.strip())
    return Behaviour(init, results, logs, session.code, session.client, session.asked)


def _without(value: Any, ignore: frozenset[str], clean: Callable[[str], str], path: str = "") -> Any:
    if isinstance(value, dict):
        return {
            key: _without(item, ignore, clean, f"{path}.{key}".lstrip("."))
            for key, item in value.items()
            if not {key, f"{path}.{key}".lstrip(".")} & ignore
        }
    if isinstance(value, list):
        return [_without(item, ignore, clean, path) for item in value]
    return clean(value) if isinstance(value, str) else value


def differences(full: Behaviour, slim: Behaviour) -> tuple[Difference, ...]:
    """What differs, INIT first; nothing where both failed alike."""
    same = full.init == slim.init
    found = [] if same else [Difference("INIT", full.init or "well", slim.init or "well")]
    for name in sorted({*full.results, *slim.results} - full.unsteady):
        one, other = full.results.get(name), slim.results.get(name)
        if one and other and one[0] == other[0] == "error":
            other = ("error", {key: other[1].get(key) for key in one[1]})
        if one != other:
            found.append(Difference(f"event {name}", _short(one), _short(other)))
    if not found and full.exit != slim.exit:
        found.append(Difference("exit", str(full.exit), str(slim.exit)))
    found += [Difference("spare archive", "not needed", line) for line in spare_lines(slim)]
    if not found:
        gone, new = _log_changes(full, slim)
        if gone or new:
            found.append(Difference("log", _short(gone), _short(new)))
    return tuple(found)


def spare_lines(found: Behaviour) -> list[str]:
    """What a package says where it takes a module from its spare archive: the module is needed, so it must ship."""
    return [line for line in found.logs if line.startswith("lambda-slim: No module named ")]


_TELLING = re.compile("No module named|No such file|cannot import name")  # said first: it leads to the file
_NUMBER = re.compile(r"[0-9a-fA-F]*\d[0-9a-fA-F.]*")


def _log_changes(full: Behaviour, slim: Behaviour) -> tuple[list[str], list[str]]:
    """Lines that went and that came; where lines vary from run to run, only by their words."""
    before, after = set(full.logs), set(slim.logs)
    if "log" in full.unsteady:
        before, after = ({_NUMBER.sub("#", line) for line in lines} for lines in (before, after))
        return [], sorted(after - before)
    return sorted(before - after), sorted(after - before, key=lambda line: (not _TELLING.search(line), line))


def steady(first: Behaviour, second: Behaviour) -> Behaviour:
    """What two runs of one package have in common: only that can be compared with another package."""
    results = dict(first.results)
    unsteady = set()
    for name in {*first.results, *second.results}:
        one, other = first.results.get(name), second.results.get(name)
        if one == other:
            continue
        if one and other and one[0] == other[0] == "error" and one[1].get("errorType") == other[1].get("errorType"):
            results[name] = ("error", {"errorType": one[1].get("errorType")})
        else:
            results.pop(name, None)
            unsteady.add(name)
    logs = first.logs
    if set(first.logs) != set(second.logs):
        logs, unsteady = (*first.logs, *second.logs), {*unsteady, "log"}
    return replace(first, results=results, logs=logs, unsteady=frozenset(unsteady))


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a package is compared with.

    Attributes:
        session: The whole package's first life.
        behaviour: What its lives have in common.
        ignore: Fields that are not compared: the declared, and those that differed.
        unstable: Those that differed.
        written: A note where it wrote to its own folder.
    """

    session: Session
    behaviour: Behaviour
    ignore: tuple[str, ...]
    unstable: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say of it."""
        found, notes = self.behaviour, [*self.written]
        if self.unstable:
            shown = ", ".join(self.unstable)
            notes.append(f"differs between two runs of the whole package, so not compared: {shown} (ignore-fields)")
        if odd := sorted(found.unsteady - {"log"}):
            notes.append(f"not answered alike in two runs of the whole package, so not compared: {', '.join(odd)}")
        if "log" in found.unsteady:
            notes.append("log lines differ between two runs of the whole package: compared by their words only")
        if found.init:
            notes.append(f"the whole package fails at INIT too: {found.init}")
        for name, (kind, value) in sorted(found.results.items()):
            notes += [f"event {name} fails in the whole package too: {_short(value)}"] if kind == "error" else []
        if found.asked:
            asked = ", ".join(found.asked[:5])
            notes.append(f"it asked for {asked}; there is no network here, so what an answer leads to is unproved")
        if found.client == "own client":
            notes.append("awslambdaric could not be installed; run by our own client with the same import order")
        return tuple(notes)


def take_baseline(run: Callable[[], Session], package: Path, ignore: Sequence[str]) -> Baseline:
    """Runs the whole package twice; what differs then proves nothing.

    Args:
        run: One life of the package, through INIT and all events.
        package: Its folder.
        ignore: Fields of results that may differ, as declared.
    """
    before = file_states(package)
    first = run()
    base = Baseline(first, tidy(first, package, ignore), tuple(ignore), written=tuple(written_note(before, package)))
    return run_again(base, run, package)


def run_again(base: Baseline, run: Callable[[], Session], package: Path) -> Baseline:
    """One more life of the whole package: what has changed since the first is not compared any more."""
    other = run()
    fields = unstable_fields(tidy(base.session, package, base.ignore), tidy(other, package, base.ignore))
    skip = (*base.ignore, *fields)
    found = steady(tidy(base.session, package, skip), tidy(other, package, skip))
    found = replace(found, unsteady=found.unsteady | base.behaviour.unsteady)
    return replace(base, behaviour=found, ignore=skip, unstable=(*base.unstable, *fields))


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
        found.update([path] if path else [])


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

    def run(package: Path) -> Session:
        return drive(interpreter, package, function, events, timeout=limit, offline=offline, stub_aws=stub_aws)

    base = take_baseline(lambda: run(full), full, ignore)
    ran = run(slim)
    found = differences(base.behaviour, tidy(ran, slim, base.ignore))
    if found:  # or has the clock only moved on?
        base = run_again(base, lambda: run(full), full)
        found = differences(base.behaviour, tidy(ran, slim, base.ignore))
    failed = failing_imports(interpreter, slim, full, function, request, offline=offline)
    found += tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))
    counts = len(events), len(request["modules"]), len(request["libraries"])
    return Verdict(found, *counts, base.behaviour.client, base.notes)


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
