"""What a repository deploys, and what came of each of its functions."""

from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import ExitCode, SlimError
from lambda_slim.model.function import Function, Project
from lambda_slim.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Deployable:
    """A template, Dockerfile or project below a root, with its functions.

    Attributes:
        label: The deployment file's path from the root, POSIX; of a project without one its folder, `.` for the root.
        folder: The folder that it lies in.
        settings: The settings that hold for it.
        project: Its functions; None where they cannot be known.
        error: Why they cannot be known.
    """

    label: str
    folder: Path
    settings: Settings
    project: Project | None = None
    error: SlimError | None = None

    @property
    def functions(self) -> tuple[Function, ...]:
        """Its functions; none where they cannot be known."""
        return self.project.functions if self.project else ()

    def only(self, names: frozenset[str]) -> "Deployable":
        """The same with some of its functions."""
        if self.project is None:
            return self
        functions = tuple(function for function in self.functions if function.name in names)
        return replace(self, project=replace(self.project, functions=functions))


@dataclass(frozen=True, slots=True)
class EveryRow:
    """A function in the table of a run over a repository.

    Attributes:
        deployable: See `Deployable.label`.
        function: Its name; "" where the functions cannot be known.
        before: Bytes of the full package, unzipped; of a check those of the baseline, 0 where there is none.
        after: Bytes of what ships, unzipped; 0 where nothing was built.
        bytecode: Bytes of bytecode among them.
        before_zipped: Bytes of the zip that the usual tool would make, of a check those of the baseline; 0 where that
            is not known.
        zipped: Bytes of the zip that was built; of an analysis those of the full package.
        proved: `yes`, `imports only`, another result of a proof, or "" where none was made.
        result: `built`, `planned`, `same`, `dead` (it does not start), `failed` (there is no package); of a check
            `holds`, `refused` (a budget or a rule fails) or `unchecked`; of an analysis `analyzed`.
        message: What it is the same as, or why it failed.
        hint: What to do where it failed.
        code: The exit code that it asks for.
        path: The package, from the working folder; "" where none was written.
        sha256: Its hex digest.
        init_us: What INIT takes here, in microseconds; 0 where it was not timed.
        cold_start_us: The estimate of Init Duration on Lambda, in microseconds; 0 where there is none.
    """

    deployable: str
    function: str
    before: int = 0
    after: int = 0
    bytecode: int = 0
    before_zipped: int = 0
    zipped: int = 0
    proved: str = ""
    result: str = "built"
    message: str = ""
    hint: str = ""
    code: int = 0
    path: str = ""
    sha256: str = ""
    init_us: int = 0
    cold_start_us: int = 0


@dataclass(frozen=True, slots=True)
class EveryReport:
    """The result of a run over a repository.

    Attributes:
        root: The folder that labels count from.
        rows: One for each function, by deployable.
        unchanged: Functions that were left as they are, since nothing that they depend on changed.
        notes: What was passed over.
        command: `build`, `check` or `analyze`.
    """

    root: Path
    rows: tuple[EveryRow, ...]
    unchanged: int = 0
    notes: tuple[str, ...] = ()
    command: str = "build"

    @property
    def code(self) -> int:
        """The exit code: that of the first that failed, else of the first that does not start, else 0."""
        codes = [row.code for row in self.rows if row.code]
        return next((code for code in codes if code != ExitCode.FINDINGS), codes[0] if codes else ExitCode.OK)
