"""Builds a function, or reuses an equal earlier build; `build_fresh.py` has the stages."""

import contextlib
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.progress import Progress, silent
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.build_cache import asked_key, build_key, load_build, read_build, store_build
from lambda_slim.tasks.build_options import BuildOptions, Built
from lambda_slim.tasks.kept_answers import AnswerKey, answer_key, keep_answer, load_answer, read_answer
from lambda_slim.tasks.prepare import Prepared, Shared, prepare

__all__ = ["BuildOptions", "Built", "build_function", "known_build"]


def build_function(
    function: Function,
    settings: Settings,
    out: Path,
    options: BuildOptions | None = None,
    progress: Progress = silent,
    shared: Shared | None = None,
) -> Built:
    """From a function to its zip at `out`; `shared` is what functions of the same run have in common.

    Raises:
        SlimError: as the stages say; `out` is then as it was.
    """
    asked = options or BuildOptions()
    function = replace(function, events=tuple(dict.fromkeys((*function.events, *asked.events))))
    prepared = prepare(function, settings, progress, shared)
    function = prepared.function
    key = _key(prepared, asked)
    if asked.cached and (known := load_build(key, out)):
        archive, report = known
        return Built(function, archive, _placed(report, archive))
    answer = _answer_key(prepared, asked)
    if asked.cached and answer and (known := load_answer(answer, prepared, out)):
        archive, report = known
        return Built(function, archive, _placed(report, archive))
    from lambda_slim.tasks.build_fresh import make_build  # most of the tool: what is unchanged does without it

    made = make_build(prepared, settings, out, asked, progress)
    if _key(prepared, asked) == key:  # nobody has changed a file meanwhile
        store_build(key, made.archive, made.report)
        if answer and _answer_key(prepared, asked) == answer:
            keep_answer(answer, key, made.apart)
    return Built(function, made.archive, _placed(made.report, made.archive))


def known_build(
    function: Function,
    settings: Settings,
    options: BuildOptions,
    progress: Progress = silent,
    shared: Shared | None = None,
) -> FunctionReport | None:
    """The report of an equal earlier build, if it is still kept."""
    function = replace(function, events=tuple(dict.fromkeys((*function.events, *options.events))))
    prepared = prepare(function, settings, progress, shared)
    answer = _answer_key(prepared, options)
    return read_build(_key(prepared, options)) or (read_answer(answer, prepared) if answer else None)


def _key(prepared: Prepared, asked: BuildOptions) -> str:
    inventory, extra = prepared.inventory, _extra(prepared, asked)
    return build_key(prepared.function, prepared.settings, prepared.resolution, inventory, extra)


def _answer_key(prepared: Prepared, asked: BuildOptions) -> AnswerKey | None:
    if asked.beside:
        return None
    extra = (*_extra(prepared, asked), str(asked.limit))
    return answer_key(prepared, asked_key(prepared.function, prepared.settings, prepared.resolution, extra))


def _extra(prepared: Prepared, asked: BuildOptions) -> tuple[bytes | str, ...]:
    events = [part for name, data in read_events(prepared.function.events) for part in (name, data)]
    beside = [repr(replace(function, source=Path())) for function in asked.beside]
    also = [data for function in asked.beside for _, data in read_events(function.events)]
    return repr(asked.trace), str(asked.prove), *events, *beside, *also


def _placed(report: FunctionReport, archive: Archive) -> FunctionReport:
    """The report with the place of its zip, which is no part of what is kept."""
    if report.package is None:
        return report
    shown = archive.path
    with contextlib.suppress(ValueError):
        shown = shown.absolute().relative_to(Path.cwd())
    return replace(report, package=replace(report.package, path=shown.as_posix()))
