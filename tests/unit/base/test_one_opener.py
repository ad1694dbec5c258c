"""Files from outside are opened in one place; the modules that read others are listed here, each with its reason."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "lambda_slim"
OURS = {
    "base/files.py": "the opener itself",
    "base/journal.py": "what `slim` wrote before a change",
    "bundle/guard.py": "files of a plan, which are read already",
    "bundle/layout.py": "files of a plan, which are read already",
    "cli/init.py": "files that were read a moment ago",
    "run/own.py": "the answer of a process of ours",
    "run/usage.py": "/proc",
    "tasks/build_cache.py": "the cache, which is sealed and private",
    "tasks/every/repository.py": "/proc",
    "tasks/slim/layer_union.py": "files of a layer, whose sizes are added up before",
    "tasks/measure.py": "a package that was laid out for a run",
    "tasks/paired_runs.py": "zips that were built for a run",
    "tasks/reproduce.py": "zips that were built for it",
}


def _reads_plainly(tree: ast.AST) -> bool:
    calls = [
        node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    plain = [call for call in calls if call.attr in ("read_text", "read_bytes")]
    return any(
        "files('lambda_slim" not in ast.unparse(call) and "distribution(" not in ast.unparse(call) for call in plain
    )


def test_files_from_outside_are_read_by_the_one_opener():
    modules = (path for path in PACKAGE.rglob("*.py") if "probe" not in path.parts and "runtime" not in path.parts)
    plain = {path.relative_to(PACKAGE).as_posix() for path in modules if _reads_plainly(ast.parse(path.read_bytes()))}
    assert plain == set(OURS)
