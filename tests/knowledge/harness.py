"""How a proof is run: a mini project that shows the static pass only the snippet's imports.

The package holds nothing but a handler with the top-level imports of the proof. The snippet itself lives outside and
is run by the target's Python in a clean child process over the unpacked package: whatever it calls, loads lazily,
opens or looks up beyond those imports is invisible to the analysis.

A proof is a script `proofs/<distribution>.py` with inline metadata (PEP 723): what to install, the Python to run it
with, and in the table `tool.proof` the entries of recipes that it pins.
"""

import ast
import functools
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

FOLDER = Path(__file__).parent / "proofs"

RUNNER = """
import runpy, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
runpy.run_path(sys.argv[2], run_name="__main__")
"""

_BLOCK = re.compile(r"\A# /// script\n((?:#.*\n)+?)# ///\n")


@dataclass(frozen=True, slots=True)
class Proof:
    """A use of a distribution that must still work after slimming.

    Attributes:
        name: Of the distribution; of the file.
        requirements: What to install for it.
        code: Python that asserts on results; its top-level imports are what a handler would import.
        python: The minor version to run it with.
        pins: Entries without which it fails: `distribution: hidden example.engine`.
        settings: Text that the handler's module holds besides, as a framework's settings name what it loads.
    """

    name: str
    requirements: tuple[str, ...]
    code: str
    python: str
    pins: tuple[str, ...]
    settings: str = ""


@functools.cache
def load_proof(name: str) -> Proof:
    """The proof of one name."""
    code = (FOLDER / f"{name}.py").read_text("utf-8")
    block = _BLOCK.match(code)
    assert block, f"{name}.py begins with inline script metadata (PEP 723)"
    table = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in block[1].splitlines()))
    python = table["requires-python"].removeprefix("==").removesuffix(".*")
    proof = table.get("tool", {}).get("proof", {})
    return Proof(
        name, tuple(table["dependencies"]), code, python, tuple(proof.get("pins", ())), proof.get("settings", "")
    )


def proof_names() -> list[str]:
    """All proofs."""
    return sorted(path.stem for path in FOLDER.glob("*.py"))


def imports_of(code: str) -> str:
    """The snippet's top-level import statements."""
    tree = ast.parse(code)
    return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))


def write_project(folder: Path, proof: Proof, *, hidden: bool = False) -> None:
    """A function whose handler imports what the proof imports; with `hidden`, not even that: it runs its event."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "    exec(event['code'], {})\n" if hidden else "    return event\n"
    head = "" if hidden else f"{imports_of(proof.code)}\n{proof.settings}"
    folder.joinpath("app.py").write_text(f"{head}\n\n\ndef handler(event, context):\n{body}")
    folder.joinpath("requirements.txt").write_text("\n".join(proof.requirements) + "\n")
    folder.joinpath("lambda-slim.toml").write_text(
        f'runtime = "python{proof.python}"\narch = "x86_64"\n\n'
        '[functions.proof]\nhandler = "app.handler"\nrequirements = "requirements.txt"\n'
    )


def environment(scratch: Path) -> dict[str, str]:
    """What a clean child sees: as on Lambda, with a home and a place for temporary files, and no credentials."""
    return {
        "PATH": os.defpath,
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def run_proof(interpreter: Path, package: Path, code: str, scratch: Path) -> str:
    """Runs the snippet over an unpacked package; returns "" or what went wrong."""
    scratch.mkdir(parents=True, exist_ok=True)
    snippet = scratch / "proof.py"
    snippet.write_text(code)
    try:
        done = _run(interpreter, package, snippet, environment(scratch))
    except subprocess.TimeoutExpired:
        return "no end after 120 s"
    return "" if done.returncode == 0 else (done.stderr.strip() or f"exit code {done.returncode}")[-3000:]


def _run(
    interpreter: Path, package: Path, snippet: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(interpreter), "-I", "-S", "-c", RUNNER, str(package), str(snippet)],
        cwd=package,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def install(requirements: tuple[str, ...], folder: Path, interpreter: Path, python: str) -> None:
    """The full tree of the proof's requirements, for the target."""
    subprocess.run(
        [
            *(find_uv_bin(), "pip", "install", "--quiet", "--python", str(interpreter)),
            *("--python-version", python, "--python-platform", "x86_64-manylinux_2_34", "--only-binary", ":all:"),
            *("--target", str(folder), *requirements),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )


def build(project: Path, out: Path, level: str, interpreter: Path, bytecode: str = "none") -> None:
    """Builds the package as a user would, but leaves out its own proof.

    Raises:
        RuntimeError: the build failed.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "lambda_slim", "build", str(project), "-o", str(out), "--level", level),
            *("--bytecode", bytecode, "--interpreter", str(interpreter), "--no-verify", "--quiet"),
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    # Exit 1: the handler alone cannot start, as `pymysql.install_as_MySQLdb()` is in the proof. The zip is there.
    if done.returncode not in (0, 1) or not out.exists():
        raise RuntimeError(done.stderr[-3000:])
