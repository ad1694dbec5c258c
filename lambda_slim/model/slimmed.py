"""What `slim` has done to the packages of another tool."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackageSizes:
    """Bytes of a package before and after; zipped is 0 for what was a folder.

    Attributes:
        unzipped_before: Of all its files.
        unzipped: The same now.
        zipped_before: Of the zip that it was.
        zipped: Of the zip that it is, or makes.
    """

    unzipped_before: int = 0
    unzipped: int = 0
    zipped_before: int = 0
    zipped: int = 0


@dataclass(frozen=True, slots=True)
class SlimmedPackage:
    """A package that was slimmed where it lies. Paths are POSIX, from the folder that was slimmed.

    Attributes:
        path: Where it is.
        was: Where its former state was.
        kept: Where its former state lies, in the folder of those.
        before: Digest of its former state.
        after: Digest of what it is.
        key: Digest of everything else that decided: settings, functions, events, version of lambda-slim.
        functions: Names of its functions.
    """

    path: str
    was: str
    kept: str
    before: str
    after: str
    key: str
    functions: tuple[str, ...]
    sizes: PackageSizes = PackageSizes()


@dataclass(frozen=True, slots=True)
class SlimmedText:
    """A template or manifest that was changed with packages; fields as in `SlimmedPackage`."""

    path: str
    kept: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BytecodeGain:
    """What was measured of a package that is larger with bytecode. Times are microseconds of CPU here.

    Attributes:
        before_us: Of INIT from source only; where it cannot run here, of compiling what INIT imports.
        after_us: Of INIT with bytecode; there, of loading the bytecode.
        init: Whether INIT ran.
        larger: By how many bytes the package is larger as a zip.
        instructions: Bytes of the instructions that are compiled.
    """

    before_us: int
    after_us: int
    init: bool
    larger: int
    instructions: int


@dataclass(frozen=True, slots=True)
class SlimRow:
    """The result of one package.

    Attributes:
        path: Where it is, for people.
        functions: Names of its functions.
        status: `slimmed`, `already` (it was), `would` (without --dry-run), `left` (alone), `failed`, `undone`.
        why: Reason of `left` and `failed`; what the proof said of others.
        exit_code: Of the failure; 1 where a package cannot start.
        gain: What bytecode brings, where it makes a package larger; None elsewhere.
    """

    path: str
    functions: tuple[str, ...]
    status: str
    why: str = ""
    sizes: PackageSizes = PackageSizes()
    exit_code: int = 0
    gain: BytecodeGain | None = None
