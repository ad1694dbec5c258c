"""How dense the code is: branches per 100 lines of code, cyclomatic complexity, parameters, lines of modules.

    python benchmarks/density.py [FOLDER] [--columns 88]

A branch is an `if`, `for`, `while`, conditional expression, `except` or `case`, a comprehension and each condition in
it, and each further operand of `and` and `or`. Blank lines and comments are no lines of code. The strict cyclomatic
complexity of a function is one more than its branches; functions inside it count for themselves.

The density depends on how wide the lines are: code in 120 columns has fewer lines than the same code in 88. `--columns`
formats a copy with ruff first, so that packages with different widths compare.
"""

import argparse
import ast
import io
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lambda_slim"
MOST_COMPLEX, MOST_PARAMETERS, MOST_LINES = 10, 6, 300
_LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.IfExp, ast.ExceptHandler, ast.match_case)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class FunctionSize:
    """One function.

    Attributes:
        module: Its file, relative to the folder.
        name: The function alone, without its class.
        line: Where it begins.
        complexity: The strict cyclomatic complexity.
        parameters: How many there are, `self` included.
    """

    module: str
    name: str
    line: int
    complexity: int
    parameters: int


def code_lines(source: str) -> int:
    """Lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines)


def branches(node: ast.AST) -> int:
    """How many branches this node alone adds."""
    if isinstance(node, _BRANCHES):
        return 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return 0


def complexity(function: ast.AST) -> int:
    """The strict cyclomatic complexity of a function."""
    total = 1
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _FUNCTIONS):
            continue
        total += branches(node)
        waiting.extend(ast.iter_child_nodes(node))
    return total


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len(plain) + bool(arguments.vararg) + bool(arguments.kwarg)


def functions(folder: Path) -> Iterator[FunctionSize]:
    """Every function below a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, _FUNCTIONS):
                module = path.relative_to(folder).as_posix()
                yield FunctionSize(module, node.name, node.lineno, complexity(node), _parameters(node))


def long_modules(folder: Path) -> dict[str, int]:
    """The lines of each module that has more than MOST_LINES of them."""
    modules = sorted(folder.rglob("*.py"))
    lengths = {path.relative_to(folder).as_posix(): len(path.read_text("utf-8").splitlines()) for path in modules}
    return {module: lines for module, lines in lengths.items() if lines > MOST_LINES}


def density(folder: Path) -> tuple[int, int]:
    """Branches and lines of code below a folder."""
    total, lines = 0, 0
    for path in folder.rglob("*.py"):
        source = path.read_text("utf-8")
        lines += code_lines(source)
        total += sum(map(branches, ast.walk(ast.parse(source))))
    return total, lines


def in_columns(folder: Path, columns: int, copy: Path) -> Path:
    """A copy of a folder, formatted to a width."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["ruff", "format", "--quiet", "--isolated", "--line-length", str(columns), str(copy)]
    subprocess.run([sys.executable, "-m", *command], check=True)
    return copy


def main() -> None:
    """Prints the density of every room, and what is over a limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=PACKAGE)
    parser.add_argument("--columns", type=int)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder
        show(in_columns(folder, asked.columns, Path(made, folder.name)) if asked.columns else folder)


def show(folder: Path) -> None:
    """Prints what is measured of a folder."""
    for room in (*sorted(place for place in folder.iterdir() if place.is_dir()), folder):
        total, lines = density(room)
        if lines:
            print(f"{100 * total / lines:5.1f} branches per 100 of {lines:6} lines   {room.name}")
    sizes = list(functions(folder))
    for size in sizes:
        if size.complexity > MOST_COMPLEX or size.parameters > MOST_PARAMETERS:
            place = f"{size.module}:{size.line} {size.name}"
            print(f"complexity {size.complexity:3}, {size.parameters:2} parameters: {place}")
    for module, lines in long_modules(folder).items():
        print(f"{lines} lines: {module}")
    over = sum(size.complexity > MOST_COMPLEX for size in sizes)
    print(f"{over} of {len(sizes)} functions are over {MOST_COMPLEX}")


if __name__ == "__main__":
    main()
