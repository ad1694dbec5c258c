"""Whether head is slower than base: both INITs run in turn, in pairs, so that other load affects both alike."""

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.progress import Progress, silent
from lambda_slim.budgets.evaluate import Timing
from lambda_slim.inputs.prebuilt import opened
from lambda_slim.measure.coldstart import Workload, estimate, reference_of
from lambda_slim.measure.undisturbed import undisturbed
from lambda_slim.model.function import Function
from lambda_slim.model.run import Rounds
from lambda_slim.model.settings import Settings
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.measure import measure

RUNS = 9  # of each; without the outermost run on either side the range holds the median with 96 %
MORE = 25  # of each where nine leave a budget in doubt; without the seven outermost on either side 96 % again


def time_init(
    head: tuple[Path, Function],
    base: tuple[Path, Function] | None,
    settings: Settings,
    progress: Progress = silent,
    *,
    limits: Mapping[str, int],
) -> dict[str, Timing] | None:
    """`import-time` and `cold-start` of head in microseconds, and `import-growth` over base in parts per million.

    Times are CPU times of INIT, which another process on the machine changes least.

    Args:
        head: Zip and function.
        base: What it is compared with, where there is such a thing; only then is a time ever `sure`.
        settings: `interpreter` and `offline`.
        progress: Told before each run.
        limits: What is asked for, to its limit in the same unit. A median over a limit that its range does not clear
            is run more often. Packages with the same bytes need no run for the growth alone.

    Returns:
        None where no Python of the target's minor version is here.

    Raises:
        RunError: INIT failed.
    """
    if find_interpreter(head[1].target, settings.interpreter) is None:
        return None
    same = base is not None and base[0].read_bytes() == head[0].read_bytes()
    growth_of_same = {"import-growth": Timing(0, 0, 0, sure=True)} if same else {}
    if limits.keys() <= {"import-growth"} and (same or base is None):
        return growth_of_same
    times = _timed([head, base] if base and not same else [head], settings, progress, limits)
    return {**times, **growth_of_same}


def _timed(
    sides: Sequence[tuple[Path, Function]], settings: Settings, progress: Progress, limits: Mapping[str, int]
) -> dict[str, Timing]:
    """The times of head, which is the first side, beside those of base where there is one."""
    package, function = sides[0]
    with ExitStack() as stack:
        packages = [stack.enter_context(opened(path)) for path, _ in sides]
        runs = _Runs(packages, [side for _, side in sides], settings, progress)
        times = _times(runs.until(RUNS), function, runs.kernel_us, package)
        if len(sides) > 1 and _in_doubt(times, limits):
            times = _times(runs.until(MORE), function, runs.kernel_us, package)
    return times


class _Runs:
    """INIT of each side in turn; which side begins changes with every pair."""

    def __init__(
        self, packages: Sequence[Path], functions: Sequence[Function], settings: Settings, progress: Progress
    ) -> None:
        self._sides = list(zip(packages, functions, strict=True))
        self._settings = settings
        self._progress = progress
        self._cpu_us: list[list[int]] = [[] for _ in packages]
        self.kernel_us: tuple[int, ...] = ()  # beside the runs of head

    def until(self, count: int) -> Sequence[Sequence[int]]:
        """CPU microseconds of each side, with as many runs as asked for."""
        for number in range(len(self._cpu_us[0]), count):
            self._progress(f"{self._sides[0][1].name}: timing INIT, {number + 1} of {count}")
            order = range(len(self._sides))
            for side in order if number % 2 else reversed(order):
                package, function = self._sides[side]
                rounds = Rounds(1, kernel=side == 0)
                report = measure(package, function, self._settings, {}, rounds=rounds)
                self._cpu_us[side].append(report.cpu_us)
                self.kernel_us += report.kernel_us
        return self._cpu_us


def _times(
    runs: Sequence[Sequence[int]], function: Function, kernel_us: Sequence[int], package: Path
) -> dict[str, Timing]:
    """What the runs say; with those of a base, `import-growth` too, and the others are sure where head is slower."""
    imports = interval(runs[0])
    cold = _cold(function, kernel_us, round(undisturbed(runs[0])), package)
    if len(runs) == 1:
        return {"import-time": imports, "cold-start": cold}
    growth = interval([_ppm(new, old) for new, old in zip(*runs, strict=True)])
    slower = growth.low > 0
    return {
        "import-time": replace(imports, sure=slower),
        "import-growth": growth,
        "cold-start": replace(cold, sure=slower),
    }


def _in_doubt(times: Mapping[str, Timing], limits: Mapping[str, int]) -> bool:
    return any(times[key].low <= limit < times[key].value for key, limit in limits.items() if key in times)


def _ppm(new: int, old: int) -> int:
    return round((new / old - 1) * 1e6) if old else 0


def interval(values: Sequence[int]) -> Timing:
    """The median, and the range that is left without the outermost values on either side; see `RUNS` and `MORE`."""
    ordered = sorted(values)
    trimmed = 7 if len(ordered) >= MORE else 1
    inner = ordered[trimmed:-trimmed] if len(ordered) > 2 * trimmed + 2 else ordered
    return Timing(round(statistics.median(ordered)), inner[0], inner[-1])


def _cold(function: Function, kernel_us: Sequence[int], import_cpu_us: int, package: Path) -> Timing:
    """The estimate; its interval holds what the model does not know, so it is no narrower than the imports'."""
    cold = estimate(
        Workload(
            function.target.runtime.name,
            function.target.architecture,
            function.memory_mb,
            import_cpu_us,
            zipped_bytes=package.stat().st_size,
            reference=reference_of(kernel_us),
        )
    )
    return Timing(cold.init_us, cold.init_low_us, cold.init_high_us)
