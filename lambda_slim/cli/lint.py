"""`lambda-slim lint`: what in the code costs cold starts or breaks between invocations. No import, no network."""

import json as json_module
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, NothingToDoError, SlimError, UsageError
from lambda_slim.base.rows import values_by_key
from lambda_slim.base.text import shown as safe
from lambda_slim.base.units import plural
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import spread
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.inputs.settings import load as settings_module
from lambda_slim.model.function import Function
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Settings

Fix = Annotated[bool, typer.Option("--fix", help="fix what cannot change behaviour; exit 1 where it changed a file")]
Diff = Annotated[bool, typer.Option("--diff", help="show what --fix would change, and write nothing")]
Files = Annotated[list[Path] | None, typer.Argument(help="Python files or folders (default: this folder)")]
Format = Annotated[
    str, typer.Option("--format", "-f", metavar="[text|concise|github]", help="how findings are printed")
]
Phases = Annotated[bool, typer.Option("--phases", help="show which code runs in INIT and which in INVOKE, and stop")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="exit 0 even with findings")]


@dataclass(frozen=True, slots=True)
class LintFlags:
    """What is done with the findings, and how they are shown."""

    fix: Fix = False
    diff: Diff = False
    phases: Phases = False
    format_: Format = "text"
    exit_zero: ExitZero = False


@dataclass(frozen=True, slots=True)
class _Linted:
    """What to lint: the files, their project's settings, and its code folders with their handlers."""

    files: Sequence[Path]
    settings: Settings
    roots: Mapping[Path, Sequence[str]]
    functions: tuple[Function, ...] = ()


@spread
def command(
    *,
    files: Files = None,
    lint: LintFlags,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
) -> ExitCode:
    """Reports what it finds in the given files; exit 1 on errors and warnings, and where --fix changed a file."""
    if lint.format_ not in ("text", "concise", "github"):
        raise flags.unknown_choice("--format", lint.format_, ("text", "concise", "github"))
    linted = _linted(directory or Path(), config, files)
    if lint.phases:
        return _show_phases(linted, json)
    changed = (lint.fix or lint.diff) and _fix(linted, lint, to_stderr=json == STDOUT, quiet=quiet)
    findings = _findings(linted)
    _write(findings, len(linted.files), json)
    if json != STDOUT:
        _show(findings, len(linted.files), lint.format_, quiet=quiet)
    failed = not lint.exit_zero and (changed or _loud(findings))
    return ExitCode.FINDINGS if failed else ExitCode.OK


def _loud(findings: Sequence[Finding]) -> int:
    """How many findings are errors or warnings."""
    return sum(finding.level != "info" for finding in findings)


def _linted(base: Path, config: Path | None, files: Sequence[Path] | None) -> _Linted:
    settings = settings_module.load(_root(base, files), config=config)
    chosen = _chosen([base / file for file in files or [Path()]])
    functions = _functions(settings)
    return _Linted(chosen, settings, _roots(functions), functions)


def _findings(linted: _Linted) -> tuple[Finding, ...]:
    from lambda_slim.lint.folder import lint_files
    from lambda_slim.tasks.lint_start import start_findings

    settings = linted.settings
    about_code = lint_files(linted.files, settings.root, linted.roots, settings.ignore_findings)
    return (*start_findings(linted.functions, settings, linted.files), *about_code)


def _show_phases(linted: _Linted, json: Path | None) -> ExitCode:
    from lambda_slim.lint.folder import phases_of
    from lambda_slim.render.phases import render_phases

    rows = phases_of(linted.files, linted.settings.root, linted.roots)
    write_result(json, json_module.dumps({"phases": [asdict(row) for row in rows]}, indent=1) + "\n")
    if json != STDOUT:
        sys.stdout.write(render_phases(rows))
    return ExitCode.OK


def _root(base: Path, files: Sequence[Path] | None) -> Path:
    """The nearest folder upwards with settings; else the root of the repository or project; else this folder."""
    start = (base / files[0]).absolute() if files else base.absolute()
    folders = [start, *start.parents] if start.is_dir() else list(start.parents)
    for names in (("lambda-slim.toml", "pyproject.toml"), ("template.yaml", "template.yml", ".git")):
        for folder in folders:
            if any((folder / name).exists() for name in names):
                return folder
    return base.absolute()


def _chosen(files: list[Path]) -> list[Path]:
    from lambda_slim.lint.folder import python_files

    sources: list[Path] = []
    for file in files:
        if file.is_dir():
            sources += python_files(file)
        elif file.is_file():
            sources.append(file)
        else:
            raise UsageError(
                f"`{file}` is not there", cause="it is neither a file nor a folder", hint="name Python files or folders"
            )
    chosen = [file for file in dict.fromkeys(sources) if file.suffix in (".py", ".pth")]
    if not chosen:
        raise NothingToDoError(
            "there is no Python file to lint",
            cause="no *.py and no *.pth below what was named",
            hint="name files, or start in the project's folder",
        )
    return chosen


def _functions(settings: Settings) -> tuple[Function, ...]:
    """The functions that the project declares."""
    from lambda_slim.inputs.project.find import find_project

    try:
        return find_project(settings.template or settings.root, settings).functions
    except SlimError:
        return ()


def _roots(functions: Sequence[Function]) -> Mapping[Path, Sequence[str]]:
    """Code folders and handlers, where the project says; the lints guess where it does not."""
    own = (function for function in functions if function.artifact is None)
    return values_by_key((function.source.absolute(), function.handler) for function in own)


def _fix(linted: _Linted, lint: LintFlags, *, to_stderr: bool, quiet: bool) -> bool:
    """Fixes what can be fixed and shows the difference and what is refused; whether there was anything to change."""
    from lambda_slim.formats.patch import unified
    from lambda_slim.lint.fixes.mend import mend_files, write_mended
    from lambda_slim.lint.folder import shown

    settings, write = linted.settings, lint.fix and not lint.diff
    out = sys.stderr if to_stderr else sys.stdout
    mended, refused = mend_files(linted.files, settings.root, linted.roots, settings.ignore_findings)
    if write:
        write_mended(mended)
    out.writelines(unified(shown(file.path), file.before, file.after) for file in mended)
    label = "fixed" if write else "would fix"
    out.writelines(
        "".join(f"{label}: {safe(shown(file.path))}: {safe(change)}\n" for change in file.done) for file in mended
    )
    for refusal in refused if not quiet else ():
        where = f"{safe(shown(refusal.path))}:{refusal.finding.line}:{refusal.finding.column}"
        out.write(f"not fixed: {where}: {refusal.finding.rule}: {safe(refusal.why)}\n")
    return bool(mended)


def _write(findings: Sequence[Finding], count: int, json: Path | None) -> None:
    document = {"files": count, "findings": [asdict(finding) for finding in findings]}
    write_result(json, json_module.dumps(document, indent=1) + "\n")


def _show(findings: Sequence[Finding], count: int, format_: str, *, quiet: bool) -> None:
    shown = [finding for finding in findings if not (quiet and finding.level == "info")]
    if format_ == "github":
        from lambda_slim.render.annotations import finding_annotations

        sys.stdout.write(finding_annotations(shown))
        return
    sys.stdout.write("".join(_texts(shown, hints=format_ == "text" and not quiet)))
    if findings:
        problems = _loud(findings)
        notes = len(findings) - problems
        sys.stdout.write(f"{plural(count, 'file')}: {plural(problems, 'problem')}, {plural(notes, 'note')}\n")
    elif not quiet:
        sys.stdout.write(f"{plural(count, 'file')}: nothing found\n")


def _texts(findings: Iterable[Finding], *, hints: bool) -> Iterator[str]:
    """One line for each finding; the first finding of a rule says what to do."""
    from lambda_slim.render.console import fold, look_of_stdout

    look, said = look_of_stdout(), {""}
    for finding in findings:
        place = f"{safe(finding.file)}:{finding.line}:{finding.column}"
        yield f"{place}: {finding.rule} {finding.level}: {safe(finding.message)}\n"
        if hints and finding.hint not in said:
            said.add(finding.hint)
            yield "    " + fold(4, safe(finding.hint), look)
