"""What bytecode saves if it makes a package larger than it was."""

import zipfile
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Bytecode, Settings
from lambda_slim.model.slimmed import BytecodeGain
from lambda_slim.run.compiler import time_compiling
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.shared_layer import source_of

_LITTLE = 4 << 10  # bytes of instructions that compile in less than 5 ms: counted, as times differ from run to run


def gain_of(
    report: FunctionReport, packed: Path, origin: Path, function: Function, settings: Settings
) -> BytecodeGain | None:
    """What the bytecode of a slim package saves at INIT, where the package is larger than the one that was there.

    Args:
        report: Of the slim package.
        packed: Its zip.
        origin: The package as its tool built it.
        function: The package's, or the first of them.
        settings: `interpreter` counts.

    Raises:
        RunError: the interpreter failed.
    """
    larger = _growth(report)
    if larger <= 0 or not (report.package and report.package.bytecode_bytes):
        return None
    interpreter = find_interpreter(function.target, settings.interpreter)
    if interpreter is None:
        return None
    before, after, size = time_compiling(interpreter, _sources(packed, unpacked(origin)))
    proof = report.proof
    if proof and all(proof.timed_us):
        return BytecodeGain(*proof.timed_us, init=True, larger=larger, instructions=size)
    return BytecodeGain(before, after, init=False, larger=larger, instructions=size)


def _growth(report: FunctionReport) -> int:
    """Bytes by which a slim package is larger than the one that was there, as zips."""
    before, after = report.before, report.after
    if after is None:
        return 0
    if not before.zipped_bytes:  # which was too large to compress
        return after.unzipped_bytes - before.unzipped_bytes
    return after.zipped_bytes - before.zipped_bytes


def _sources(packed: Path, origin: Path) -> list[tuple[str, bytes]]:
    """The modules that have bytecode in a zip, as they were."""
    with zipfile.ZipFile(packed) as archive:
        paths = {source_of(name) for name in archive.namelist() if name.endswith(".pyc")}
    return [(path, read_regular(origin / path)) for path in sorted(paths) if (origin / path).is_file()]


def without_bytecode(gain: BytecodeGain | None, settings: Settings) -> Settings | None:
    """The settings by which a package ships no bytecode, where that makes it larger and has next to no code.

    Times do not decide: the same package would have other bytes on another run.
    """
    if gain is None or settings.bytecode is not Bytecode.AUTO or gain.instructions >= _LITTLE:
        return None
    return replace(settings, bytecode=Bytecode.NONE)
