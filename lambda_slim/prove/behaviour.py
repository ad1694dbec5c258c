"""What a package did, without what may differ between two equal runs, and how two packages compare."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.json_text import load_json, load_table
from lambda_slim.formats.quotes import without_quotes
from lambda_slim.model.behaviour import Behaviour, Difference
from lambda_slim.model.run import Run

_IDS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "<address>"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|s|seconds|µs)\b"), "<duration>"),
)


def tidy(session: Run, package: Path, ignore: Sequence[str] = ()) -> Behaviour:
    """A session without this machine's paths, ids, times, quoted sources and the fields that the user declared."""

    def clean(text: str) -> str:
        text = without_quotes(text.replace(str(package), "/var/task"))
        for pattern, mark in _IDS:
            text = pattern.sub(mark, text)
        return text

    def value(body: str) -> Any:
        try:
            return _without(load_json(body, any_number=True), frozenset(ignore), clean)
        except ValueError:
            return clean(body)

    results = {answer.event: (answer.kind, value(answer.body)) for answer in session.answers}
    for name, (kind, result) in results.items():
        if kind == "error" and isinstance(result, dict):
            results[name] = (kind, {key: clean(str(result.get(key, ""))) for key in ("errorType", "errorMessage")})
    init = clean(_end_of_init(session))
    logs = tuple(line for line in clean(session.logs).splitlines() if line.strip())
    return Behaviour(init, results, logs, session.code, session.client, session.asked)


def _end_of_init(session: Run) -> str:
    """How INIT failed; "" where it was over before the process ended."""
    if session.init_error:
        document = load_table(session.init_error)
        return f"{document.get('errorType')}: {document.get('errorMessage')}"
    if session.stopped:
        return session.stopped_text
    return "" if session.ready else f"the process ended with exit code {session.code} while the module was imported"


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
    changes: list[Difference] = []
    if full.init != slim.init:
        changes.append(Difference("INIT", full.init or "well", slim.init or "well"))
    changes += _result_changes(full, slim)
    if not changes and full.exit != slim.exit:
        changes.append(Difference("exit", str(full.exit), str(slim.exit)))
    changes += [Difference("spare archive", "not needed", line) for line in spare_lines(slim)]
    gone, new = ([], []) if changes else _log_changes(full, slim)
    if gone or new:
        changes.append(Difference("log", short(gone), short(new)))
    return tuple(changes)


def _result_changes(full: Behaviour, slim: Behaviour) -> Iterator[Difference]:
    """Events that the packages do not answer alike."""
    for name in sorted({*full.results, *slim.results} - full.unsteady):
        expected, actual = full.results.get(name), slim.results.get(name)
        if expected and actual and expected[0] == actual[0] == "error":
            actual = ("error", {key: actual[1].get(key) for key in expected[1]})
        if expected != actual:
            yield Difference(f"event {name}", short(expected), short(actual))


def spare_lines(behaviour: Behaviour) -> list[str]:
    """What a package says where it takes a module from its spare archive: the module is needed, so it must ship."""
    return [line for line in behaviour.logs if line.startswith("lambda-slim: No module named ")]


_TELLING = re.compile("No module named|No such file|cannot import name")  # said first: it leads to the file
_FRAME = re.compile(r'\s*File ".*", line ')
_VARYING = re.compile(r"[A-Za-z0-9+/]{6,}={1,2}|[\w+/-]*\d[\w+/.-]*")  # base64, and words with a number in them


ANY_LOG = "log lines"


def _log_changes(full: Behaviour, slim: Behaviour) -> tuple[list[str], list[str]]:
    """Lines that went and that came; where lines vary from run to run, only by their words."""
    before, after = set(full.logs), set(slim.logs)
    if ANY_LOG in full.unsteady:
        return [], []
    if "log" in full.unsteady:
        before, after = ({_VARYING.sub("#", line) for line in lines} for lines in (before, after))
        return [], sorted(line for line in after - before if not _FRAME.match(line))  # which thread was first?
    return sorted(before - after), sorted(after - before, key=lambda line: (not _TELLING.search(line), line))


def steady(first: Behaviour, second: Behaviour) -> Behaviour:
    """What two runs of one package have in common: only that can be compared with another package."""
    results = dict(first.results)
    unsteady = set()
    for name in {*first.results, *second.results}:
        before, after = first.results.get(name), second.results.get(name)
        if before == after:
            continue
        error_type = _common_error(before, after)
        if error_type is not None:
            results[name] = ("error", {"errorType": error_type})
        else:
            results.pop(name, None)
            unsteady.add(name)
    logs = first.logs
    if set(first.logs) != set(second.logs):
        logs, unsteady = (*first.logs, *second.logs), {*unsteady, "log"}
    return replace(first, results=results, logs=logs, unsteady=frozenset(unsteady))


def _common_error(before: tuple[str, Any] | None, after: tuple[str, Any] | None) -> Any:
    """The type of the error that two answers are; None where they are not both of one type."""
    if not before or not after or not before[0] == after[0] == "error":
        return None
    error_type = before[1].get("errorType")
    return error_type if error_type == after[1].get("errorType") else None


def unstable_fields(first: Behaviour, second: Behaviour) -> tuple[str, ...]:
    """Dotted fields of results that differ between two runs of one package: they cannot prove anything."""
    fields: set[str] = set()
    for name in first.results.keys() & second.results.keys():
        if first.results[name][0] == second.results[name][0] == "response":
            fields.update(_unequal(first.results[name][1], second.results[name][1], ""))
    return tuple(sorted(fields - {""}))


def _unequal(first: Any, second: Any, path: str) -> Iterator[str]:
    """The dotted paths at which two values differ; "" for the values themselves."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        for key in first:
            yield from _unequal(first[key], second[key], f"{path}.{key}".lstrip("."))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for left, right in zip(first, second, strict=True):
            yield from _unequal(left, right, path)
    elif first != second:
        yield path


def short(value: object) -> str:
    """As JSON, cut at 200 characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:200]}…"
