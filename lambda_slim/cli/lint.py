"""`lambda-slim lint`: what in the code costs cold starts or breaks between invocations. No import, no network."""

import json as json_module
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, NothingToDoError, SlimError, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.inputs.settings import load as settings_module
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Settings

Fix = Annotated[bool, typer.Option("--fix", help="mend what cannot change behaviour; exit 1 where it changed a file")]
Diff = Annotated[bool, typer.Option("--diff", help="show what --fix would change, and write nothing")]
Files = Annotated[list[Path] | None, typer.Argument(help="Python files or folders; this folder when none")]
Format = Annotated[str, typer.Option("--format", "-f", help="text, concise or github")]
Phases = Annotated[bool, typer.Option("--phases", help="show which code runs in INIT and which in INVOKE, and stop")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="exit 0 in spite of findings")]


def command(
    files: Files = None,
    fix: Fix = False,
    diff: Diff = False,
    phases: Phases = False,
    format_: Format = "text",
    exit_zero: ExitZero = False,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
) -> ExitCode:
    """Reports what it finds in the given files; exit 1 on errors and warnings, and where --fix changed a file."""
    from lambda_slim.lint.folder import lint_files

    if format_ not in ("text", "concise", "github"):
        raise UsageError(f"`--format {format_}` is not known", hint="one of text, concise, github")
    base = directory or Path()
    settings = settings_module.load(_root(base, files), config=config)
    chosen = _chosen([base / file for file in files or [Path()]])
    roots = _roots(settings)
    if phases:
        return _show_phases(chosen, settings, roots, json)
    aside = json == Path("-")
    changed = (fix or diff) and _mend(chosen, settings, roots, write=fix and not diff, quiet=quiet, aside=aside)
    findings = lint_files(chosen, settings.root, roots, settings.ignore_findings)
    _show(findings, len(chosen), format_, json, quiet=quiet)
    failed = changed or any(one.level != "info" for one in findings)
    return ExitCode.FINDINGS if failed and not exit_zero else ExitCode.OK


def _show_phases(
    files: Sequence[Path], settings: Settings, roots: Mapping[Path, Sequence[str]], json: Path | None
) -> ExitCode:
    from lambda_slim.base.files import write_text
    from lambda_slim.lint.folder import phases_of
    from lambda_slim.render.phases import render_phases

    found = phases_of(files, settings.root, roots)
    if json:
        text = json_module.dumps({"phases": [asdict(one) for one in found]}, indent=1) + "\n"
        sys.stdout.write(text) if json == Path("-") else write_text(json, text)
    if json != Path("-"):
        sys.stdout.write(render_phases(found))
    return ExitCode.OK


def _root(base: Path, files: Sequence[Path] | None) -> Path:
    """The nearest folder upwards that has settings; else that of a repository or project; else where we are."""
    start = (base / files[0]).absolute() if files else base.absolute()
    folders = [start, *start.parents] if start.is_dir() else list(start.parents)
    for names in (("lambda-slim.toml", "pyproject.toml"), ("template.yaml", "template.yml", ".git")):
        for folder in folders:
            if any((folder / name).exists() for name in names):
                return folder
    return base.absolute()


def _chosen(files: list[Path]) -> list[Path]:
    from lambda_slim.lint.folder import python_files

    found: list[Path] = []
    for file in files:
        if file.is_dir():
            found += python_files(file)
        elif file.is_file():
            found.append(file)
        else:
            raise UsageError(f"`{file}` is not there", hint="name Python files or folders")
    chosen = [file for file in dict.fromkeys(found) if file.suffix in (".py", ".pth")]
    if not chosen:
        raise NothingToDoError("there is no Python file to lint", hint="name files, or start in the project's folder")
    return chosen


def _roots(settings: Settings) -> Mapping[Path, Sequence[str]]:
    """Code folders and handlers, where the project says; the lints guess where it does not."""
    from lambda_slim.inputs.project.find import find_project

    try:
        project = find_project(settings.template or settings.root, settings)
    except SlimError:
        return {}
    found: dict[Path, list[str]] = {}
    for function in project.functions:
        if function.artifact is None:
            found.setdefault(function.source.absolute(), []).append(function.handler)
    return found


def _mend(
    files: Sequence[Path],
    settings: Settings,
    roots: Mapping[Path, Sequence[str]],
    *,
    write: bool,
    quiet: bool,
    aside: bool,
) -> bool:
    """Mends what can be, shows the difference and what is refused; says whether there was anything to change."""
    from lambda_slim.formats.patch import unified
    from lambda_slim.lint.fixes.mend import mend_files, write_mended
    from lambda_slim.lint.folder import shown

    mended, refused = mend_files(files, settings.root, roots, settings.ignore_findings)
    if write:
        write_mended(mended)
    out = sys.stderr if aside else sys.stdout
    for one in mended:
        out.write(unified(shown(one.path), one.before, one.after))
    for one in mended:
        out.write("".join(f"{'fixed' if write else 'would fix'}: {shown(one.path)}: {done}\n" for done in one.done))
    for left in refused if not quiet else ():
        where = f"{shown(left.path)}:{left.finding.line}:{left.finding.column}"
        out.write(f"not fixed: {where}: {left.finding.rule}: {left.why}\n")
    return bool(mended)


def _show(findings: Sequence[Finding], count: int, format_: str, json: Path | None, *, quiet: bool) -> None:
    from lambda_slim.base.files import write_text

    if json:
        text = json_module.dumps({"files": count, "findings": [asdict(one) for one in findings]}, indent=1) + "\n"
        sys.stdout.write(text) if json == Path("-") else write_text(json, text)
    if json == Path("-"):
        return
    told = [one for one in findings if not (quiet and one.level == "info")]
    if format_ == "github":
        from lambda_slim.render.annotations import finding_annotations

        sys.stdout.write(finding_annotations(told))
        return
    sys.stdout.write("".join(_text(one, hint=format_ == "text" and not quiet) for one in told))
    if findings:
        loud = sum(one.level != "info" for one in findings)
        sys.stdout.write(
            f"{count} file{'s' if count != 1 else ''}: {loud} to mend, {len(findings) - loud} to consider\n"
        )


def _text(one: Finding, *, hint: bool) -> str:
    line = f"{one.file}:{one.line}:{one.column}: {one.rule} {one.level}: {one.message}\n"
    return line + (f"    {one.hint}\n" if hint and one.hint else "")
