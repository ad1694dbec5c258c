"""All static rules on a project's own files. Pure: nothing is imported, read or run."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from lambda_slim.knowledge.lints import Rule, load_rules
from lambda_slim.lint import background, growing, imports, init, invoke, layout
from lambda_slim.lint.make_program import make_program
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.measured import Init
from lambda_slim.lint.modules import ParsedModule, Source, parse_module
from lambda_slim.lint.program import Program
from lambda_slim.lint.suppress import is_ignored
from lambda_slim.lint.web import with_nested_routes
from lambda_slim.model.report import Finding

_STATIC = (imports.unused, imports.deferrable)  # without a measurement
_WEIGHED = (imports.weighed_unused, imports.weighed)
_CHECKS: tuple[Callable[[Program], Iterable[Mark]], ...] = (
    imports.wildcards,
    imports.broad_excepts,
    invoke.clients,
    invoke.secrets,
    background.background,
    growing.growing,
    invoke.shared_memory,
    init.heavy,
    layout.shadows,
)


def lint_sources(
    sources: Sequence[Source],
    handlers: Iterable[str] = (),
    ignore: Sequence[str] = (),
    init: Init | None = None,
) -> tuple[Finding, ...]:
    """Findings on the files of one project, by file and line.

    Args:
        sources: First-party files, `.py` and `.pth`; more of them tell more about what runs when.
        handlers: Handlers as Lambda reads them; where none is given, functions that look like handlers.
        ignore: Rules not to report: `LS203`, a name, a prefix (`LS2`), or with a pattern of files `LS203:legacy/**`.
        init: A measured INIT of the same files, for what imports cost.
    """
    program, broken = read_program(sources, handlers)
    findings = {*broken, *(finding for _, finding in judge(program, init))}
    for source in sources:
        findings.update(layout.pth_file(source))
    kept = (finding for finding in findings if not is_ignored(finding, ignore))
    return tuple(sorted(kept, key=_by_place))


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.file, finding.line, finding.column, finding.rule, finding.message


def read_program(sources: Sequence[Source], handlers: Iterable[str] = ()) -> tuple[Program, tuple[Finding, ...]]:
    """The program of some files, and what cannot be parsed of them."""
    modules: list[ParsedModule] = []
    broken: list[Finding] = []
    for source in sources:
        if source.path.endswith(".pth"):
            continue
        try:
            modules.append(with_nested_routes(parse_module(source)))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            broken.append(_broken(source, error))
    return make_program(modules, handlers), tuple(broken)


def judge(program: Program, init: Init | None = None) -> Iterator[tuple[Mark, Finding]]:
    """The findings of the rules that no comment silences, with their messages."""
    rules = load_rules()
    for mark in _marks(program, init):
        rule = rules[mark.rule]
        if not mark.silenced & {"*", rule.id, rule.name}:
            yield mark, _told(mark, rule)


def _marks(program: Program, init: Init | None) -> Iterator[Mark]:
    for check in _CHECKS:
        yield from check(program)
    if init is None:
        for check in _STATIC:
            yield from check(program)
    else:
        for weigh in _WEIGHED:
            yield from weigh(program, init)


def _told(mark: Mark, rule: Rule) -> Finding:
    return Finding(
        rule.id,
        mark.level or rule.level,
        mark.message,
        file=mark.module.path,
        line=mark.node.lineno,
        hint=mark.hint or rule.fix,
        saves_bytes=mark.saves_bytes,
        saves_us=mark.saves_us,
        column=mark.node.col_offset + 1,
    )


def _broken(source: Source, error: BaseException) -> Finding:
    line = getattr(error, "lineno", None) or 1
    column = getattr(error, "offset", None) or 1
    unread = source.text.startswith("\0") and source.text[1:]  # see `read_source`
    why = unread or getattr(error, "msg", None) or str(error) or type(error).__name__
    return Finding("LS200", "error", f"cannot be parsed: {why}", file=source.path, line=line, column=column)
