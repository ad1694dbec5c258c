"""Would the tests notice? Changes the policy modules one place at a time and runs their tests over each change.

    python benchmarks/mutants.py [--seed 1] [--each 8] [--module plan/decide] [--all]

Of every module, some mutants are drawn by the seed (`--all` takes every one). Each runs in a forked process that
has the changed code and runs those tests of its room that call the changed function; all of them belong to the default
suite. A mutant is known by its place and change, not by its line. `mutants.toml` lists those that survive for good,
with a reason each.
Exit code 1: fewer than 90 % are killed, or one survives that is not listed.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import json
import os
import random
import resource
import sys
import tempfile
import tomllib
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis.strategies  # noqa: F401  (once, not in every process)
import pytest

ROOT = Path(__file__).parents[1]
LISTED = Path(__file__).with_name("mutants.toml")
LEAST = 0.9
SECONDS = 5  # of CPU for one mutant, beside three times what the tests take without: one that does not end is killed
TESTS = {  # a room or module to the tests that pin it
    "plan/evidence": ["tests/unit/plan/evidence"],
    "plan/starts": ["tests/unit/plan/starts"],
    "plan": [
        *("tests/unit/plan/test_decide.py", "tests/unit/plan/test_order.py", "tests/unit/plan/test_sharing.py"),
        *("tests/unit/plan/test_unresolved.py", "tests/unit/plan/rules", "tests/unit/plan/evidence"),
        "tests/unit/tasks/test_cuts.py",
    ],
    "imports/scan/straight": ["tests/unit/plan/starts"],
    "prove": ["tests/unit/prove"],
    "imports/link": ["tests/unit/imports"],
    "measure/coldstart": ["tests/unit/measure/test_coldstart.py"],
    "bundle/archive": ["tests/unit/bundle/test_archive.py", "tests/property"],
    "budgets": ["tests/unit/budgets", "tests/unit/tasks/test_check.py"],
}
MODULES = (
    "plan/decide", "plan/runtime_sdk", "plan/unresolved", "plan/sharing", "plan/rules/*", "plan/evidence/sdk",
    "plan/starts/*", "imports/link/*", "imports/scan/straight", "prove/*", "measure/coldstart", "bundle/archive",
    "budgets/*",
)  # fmt: skip

COMPARISONS = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
CALLS = {
    "min": "max", "max": "min", "any": "all", "all": "any", "startswith": "endswith", "endswith": "startswith",
    "partition": "rpartition", "rpartition": "partition", "add": "discard", "update": "difference_update",
}  # fmt: skip
Change = tuple[str, ast.AST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module's tree, made only to be compiled.

    Attributes:
        module: Path below the package without its ending: `plan/decide`.
        place: The function it is in, what was done, and to what: `decide: NotEq: x == 1`; numbered where equal.
    """

    module: str
    place: str
    tree: ast.Module
    parent: ast.AST
    field: str
    at: int | None
    node: ast.AST

    @property
    def function(self) -> str:
        """The function that it is in, as `Session` records calls."""
        return f"{self.module}: {self.place.partition(':')[0]}"

    @property
    def key(self) -> str:
        """What names it in the list."""
        return f"{self.module}: {self.place}"

    def compiled(self, path: str) -> types.CodeType:
        """The changed module's code; the tree is then as it was."""
        before = getattr(self.parent, self.field)
        changed = self.node if self.at is None else [*before[: self.at], self.node, *before[self.at + 1 :]]
        setattr(self.parent, self.field, changed)
        try:
            return compile(ast.fix_missing_locations(self.tree), path, "exec")
        finally:
            setattr(self.parent, self.field, before)


def changes(node: ast.AST) -> Iterator[Change]:
    """What a node could become, each with its name."""
    make = MAKERS.get(type(node))
    return make(node) if make else iter(())


def _comparison(node: ast.Compare) -> Iterator[Change]:
    other = COMPARISONS[type(node.ops[0])]
    yield other.__name__, ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _operands(node: ast.BoolOp) -> Iterator[Change]:
    yield "and/or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for at in range(len(node.values)):
        rest = [*node.values[:at], *node.values[at + 1 :]]
        yield f"operand {at + 1} gone", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _negation(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        yield "not gone", node.operand


def _operation(node: ast.BinOp) -> Iterator[Change]:
    if type(node.op) in OPERATORS:
        yield "other operator", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield "other truth", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield "one more", ast.Constant(node.value + 1)


def _result(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "nothing returned", ast.Return(ast.Constant(None))


def _call(node: ast.Call) -> Iterator[Change]:
    match node.func:
        case ast.Name(id=name) if name in CALLS:
            yield CALLS[name], ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=value, attr=name) if name in CALLS:
            yield CALLS[name], ast.Call(ast.Attribute(value, CALLS[name], ast.Load()), node.args, node.keywords)


def _conditions(node: ast.comprehension) -> Iterator[Change]:
    for at, _ in enumerate(node.ifs):
        rest = [*node.ifs[:at], *node.ifs[at + 1 :]]
        yield f"condition {at + 1} gone", ast.comprehension(node.target, node.iter, rest, node.is_async)


def _statement(node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield "statement gone", ast.Pass()


def _neighbours(node: ast.Tuple) -> Iterator[Change]:
    """Two neighbours of a list of functions in the other order."""
    if not (isinstance(node.ctx, ast.Load) and all(isinstance(part, ast.Attribute) for part in node.elts)):
        return
    for at in range(len(node.elts) - 1):
        rows = [*node.elts]
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
        yield f"{ast.unparse(rows[at])} before {ast.unparse(rows[at + 1])}", ast.Tuple(rows, ast.Load())


MAKERS: dict[type, Callable[[Any], Iterator[Change]]] = {
    ast.Compare: _comparison,
    ast.BoolOp: _operands,
    ast.UnaryOp: _negation,
    ast.BinOp: _operation,
    ast.Constant: _constant,
    ast.IfExp: lambda node: iter([("branches swapped", ast.IfExp(node.test, node.orelse, node.body))]),
    ast.If: lambda node: iter([("turned", ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse))]),
    ast.Return: _result,
    ast.Continue: lambda _: iter([("break", ast.Break())]),
    ast.Call: _call,
    ast.comprehension: _conditions,
    ast.Expr: _statement,
    ast.Tuple: _neighbours,
}


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse((ROOT / "lambda_slim" / f"{module}.py").read_text("utf-8"))
    seen: Counter[str] = Counter()
    made = []
    for place, parent, field, at, node in _places(tree):
        for name, changed in changes(node):
            text = " ".join(ast.unparse(node).split())[:70]
            told = f"{place}: {name}: {text}"
            seen[told] += 1
            number = f" #{seen[told]}" if seen[told] > 1 else ""
            made.append(Mutant(module, f"{told}{number}", tree, parent, field, at, changed))
    return made


def _places(tree: ast.AST, place: str = "module") -> Iterator[tuple[str, ast.AST, str, int | None, ast.AST]]:
    """Every node with where it hangs: (function, parent, field, index in it, node)."""
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns", "decorator_list"}:
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for at, node in children:
            if isinstance(node, ast.AST):
                inner = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else place
                yield place, tree, field, at, node
                yield from _places(node, inner)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"lambda_slim.{mutant.module.replace('/', '.')}"
        self.path = ROOT / "lambda_slim" / f"{mutant.module}.py"
        self.code = mutant.compiled(str(self.path))

    def find_spec(self, name, *_):
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)

    def swap(self) -> bool:
        """Gives the functions that are there already the changed code; False where the change is outside of them."""
        module = importlib.import_module(self.name)
        changed = types.ModuleType(self.name)
        changed.__file__ = str(self.path)
        self.exec_module(changed)
        swapped = [_swap(old, new) for old, new in _functions(module, changed)]
        return True in swapped


def _functions(old: Any, new: Any) -> Iterator[tuple[types.FunctionType, types.FunctionType]]:
    """Functions of a module or class and of its changed copy, methods and cached ones too."""
    for name, value in vars(new).items():
        before, there = vars(old).get(name), value
        if isinstance(there, type) and there.__module__ == new.__name__ and isinstance(before, type):
            yield from _functions(_Named(before, new.__name__), _Named(there, new.__name__))
        before, there = _bare(before), _bare(there)
        if isinstance(there, types.FunctionType) and isinstance(before, types.FunctionType):
            yield before, there


def _bare(value: Any) -> Any:
    """The function in a property, a cache or another wrapper."""
    while isinstance(value, property) or hasattr(value, "__wrapped__"):
        value = value.fget if isinstance(value, property) else value.__wrapped__
    return value


class _Named:
    """A class's attributes, with the module's name."""

    def __init__(self, made: type, module: str) -> None:
        self.__dict__.update(vars(made))
        self.__dict__["__name__"] = module


def _swap(old: types.FunctionType, new: types.FunctionType) -> bool:
    if old.__code__ == new.__code__ or old.__code__.co_freevars != new.__code__.co_freevars:
        return False
    if old.__code__.co_filename != new.__code__.co_filename:
        return False  # from another module
    old.__code__ = new.__code__
    return True


def room_of(module: str) -> str:
    """The key of TESTS that a module belongs to."""
    return max((name for name in TESTS if module.startswith(name)), key=len)


def tests_of(room: str, modules: Iterable[str]) -> list[str]:
    """The tests of some modules of one room: those of their own names first."""
    paths = (ROOT / "tests/unit" / Path(module).parent / f"test_{Path(module).name}.py" for module in modules)
    return list(dict.fromkeys([*(str(path.relative_to(ROOT)) for path in paths if path.exists()), *TESTS[room]]))


def forked(work: Callable[[], int], *, seconds: int = 0, quiet: bool = True) -> int:
    """The exit code of some work in a process of its own."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 99
        try:
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            if quiet:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


ALIVE, KILLED, OUTSIDE, BROKEN = 0, 1, 2, 3


class Session:
    """Collects the tests once, and runs those that a mutant concerns over each mutant, in a process of its own."""

    def __init__(self, drawn: list[Mutant], outcomes: Path) -> None:
        self.drawn, self.outcomes = drawn, outcomes

    def pytest_runtestloop(self, session) -> bool:
        calls = self.outcomes.with_name("calls.json")
        codes = [forked(lambda: self._record(session, calls))]
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        if codes[0] == ALIVE:
            called = json.loads(calls.read_text())
            limit = SECONDS + round(3 * spent)
            for mutant in self.drawn:
                items = [item for item, names in zip(session.items, called, strict=True) if mutant.function in names]
                codes.append(forked(lambda m=mutant, i=items: self._run(session, i or session.items, m), seconds=limit))
        self.outcomes.write_text(json.dumps(codes))
        return True

    @staticmethod
    def _record(session, calls: Path) -> int:
        """Runs every test as it is, and writes which functions each calls."""
        package = f"{ROOT / 'lambda_slim'}/"
        called = []
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            codes: set[types.CodeType] = set()
            sys.settrace(lambda frame, *_, codes=codes: codes.add(frame.f_code))
            try:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            finally:
                sys.settrace(None)
            ours = [code for code in codes if code.co_filename.startswith(package)]
            called.append([f"{code.co_filename.removeprefix(package)[:-3]}: {code.co_name}" for code in ours])
        calls.write_text(json.dumps(called))
        return KILLED if session.testsfailed else ALIVE

    @staticmethod
    def _run(session, items: list[pytest.Item], mutant: Mutant) -> int:
        if not Changed(mutant).swap():
            return OUTSIDE
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return KILLED
        return ALIVE


def run_all(tests: list[str], drawn: list[Mutant]) -> list[bool]:
    """Whether the tests notice each mutant.

    Raises:
        RuntimeError: they fail as it is.
    """
    with tempfile.TemporaryDirectory() as folder:
        outcomes = Path(folder) / "outcomes.json"
        arguments = ["-q", "-p", "no:cacheprovider", *tests]
        forked(lambda: int(pytest.main(arguments, plugins=[Session(drawn, outcomes)])))
        codes = json.loads(outcomes.read_text()) if outcomes.exists() else [BROKEN]
    if codes[0] != ALIVE:
        msg = f"{' '.join(tests)} fail as it is"
        raise RuntimeError(msg)
    rows = zip(drawn, codes[1:], strict=True)
    return [(_anew(tests, mutant) if code == OUTSIDE else code) != ALIVE for mutant, code in rows]


def _anew(tests: list[str], mutant: Mutant) -> int:
    """Runs the tests where the changed module is imported: for what happens when it is."""

    def work() -> int:
        sys.meta_path.insert(0, Changed(mutant))
        return KILLED if pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]) else ALIVE

    return forked(work, seconds=10 * SECONDS)


def chosen(patterns: list[str]) -> list[str]:
    """Modules by path below the package."""
    folder = ROOT / "lambda_slim"
    paths = {path for pattern in patterns for path in folder.glob(f"{pattern}.py") if path.name != "__init__.py"}
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in paths)


def _draw(every: list[Mutant], asked: argparse.Namespace) -> list[Mutant]:
    dice = random.Random(f"{asked.seed} {every[0].module}" if every else "")
    return every if asked.all else dice.sample(every, min(asked.each, len(every)))


def _print_room(
    every: dict[str, list[Mutant]], drawn: list[Mutant], alive: list[Mutant], listed: Iterable[str]
) -> None:
    for module, there in every.items():
        tried, left = (sum(mutant.module == module for mutant in rows) for rows in (drawn, alive))
        print(f"{module}: {tried - left} of {tried} killed ({len(there)} there are)")
        for mutant in alive:
            if mutant.module == module:
                print(f"    {'listed' if mutant.key in listed else 'survives'}: {mutant.key}", flush=True)


def main() -> int:
    """Draws, runs and reports."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=8, help="mutants of every module")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--module", action="append", help="such as plan/decide or plan/rules/*")
    asked = parser.parse_args()
    os.chdir(ROOT)
    listed = tomllib.loads(LISTED.read_text("utf-8"))["survivors"]
    rooms: dict[str, list[str]] = defaultdict(list)
    for module in chosen(asked.module or list(MODULES)):
        rooms[room_of(module)].append(module)
    total, killed, unlisted = 0, 0, 0
    for room, modules in rooms.items():
        every = {module: mutants(module) for module in modules}
        drawn = [mutant for module in modules for mutant in _draw(every[module], asked)]
        alive = [
            mutant for mutant, dead in zip(drawn, run_all(tests_of(room, modules), drawn), strict=True) if not dead
        ]
        total, killed = total + len(drawn), killed + len(drawn) - len(alive)
        unlisted += len({mutant.key for mutant in alive} - listed.keys())
        _print_room(every, drawn, alive, set(listed))
    if not total:
        parser.error("no such module has anything to change")
    print(f"{killed} of {total} killed, {100 * killed / max(1, total):.1f} %; {unlisted} survive that are not listed")
    return int(killed < LEAST * total or bool(unlisted))


if __name__ == "__main__":
    sys.exit(main())
