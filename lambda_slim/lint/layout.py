"""Rules on files as such: names that hide the standard library, `.pth` files."""

import ast
import sys
from collections.abc import Iterator

from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import Source
from lambda_slim.lint.program import Program
from lambda_slim.model.report import Finding


def shadows(program: Program) -> Iterator[Mark]:
    """Modules at the code's root that are named like one of the standard library."""
    for module in program.modules.values():
        if "." not in module.name and module.name in sys.stdlib_module_names - load_lint_tables().harmless:
            first_line = ast.Pass(lineno=1, col_offset=0, end_lineno=1)
            place: ast.stmt = module.tree.body[0] if module.tree.body else first_line
            yield Mark("LS111", module, place, f"shadows the standard library's `{module.name}`")


def pth_file(source: Source) -> Iterator[Finding]:
    """Lines of a root `.pth` file that do something: Lambda processes them before the handler is imported."""
    if not source.path.endswith(".pth") or "/" in source.path:
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            code = line.startswith(("import ", "import\t"))
            what = "runs code" if code else "adds to sys.path"
            yield Finding("LS209", "warning" if code else "info", f"{what} at every cold start", source.path, number)
