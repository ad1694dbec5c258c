"""What in a finished package would break on Lambda?"""

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from lambda_slim.base.units import plural, show_count, show_size
from lambda_slim.bundle.archive import DIRECT_UPLOAD
from lambda_slim.formats.elf import Elf, ElfError, is_elf, is_object_file, parse_elf
from lambda_slim.formats.names import normalise
from lambda_slim.formats.pyc import parse_pyc
from lambda_slim.inputs.zips import is_hidden, read_zip
from lambda_slim.knowledge.libraries import load_libraries
from lambda_slim.model.image import IMAGE_LIMIT, ImageFacts
from lambda_slim.model.member import UNZIPPED_LIMIT, Member
from lambda_slim.model.report import Finding
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit_sdk import sdk_findings

# Modules that the runtime has loaded before the handler: a root module of that name is never seen.
_MACHO = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")


def audit_members(members: Sequence[Member], target: Target, image: ImageFacts | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a package, errors first.

    Args:
        members: The package; `data` is looked at only where it matters.
        target: The runtime and architecture that it is for.
        image: The image that it lies in: its libraries are there too, and its limit is another one.
    """
    elves = {member.name: member.data for member in members if is_elf(member.data) and not _is_for_linkers(member)}
    findings = [
        *_libraries(elves, target, image.libraries if image else frozenset()),
        *_foreign(members, target),
        *_bytecode(members, target),
        *_names(members),
        *_place(members),
        *_versions(members),
        *_shadows(members),
        *(_image_size(image) if image else _sizes(members)),
        *sdk_findings(members),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: (order[finding.level], finding.rule, finding.file)))


def _is_for_linkers(member: Member) -> bool:
    """Whether a file is a compiler's output that nothing loads; with a library's name, something may try."""
    return is_object_file(member.data) and ".so" not in member.name.rpartition("/")[2]


def hidden_files(place: Path) -> list[str]:
    """Names of files in a zip or folder that others than their owner may not read, sorted."""
    if place.is_file():
        with read_zip(place) as file:
            return sorted(entry.filename for entry in file.infolist() if is_hidden(entry) and not entry.is_dir())
    files = (path for path in place.rglob("*") if path.is_file() and not path.stat().st_mode & 0o004)
    return sorted(path.relative_to(place).as_posix() for path in files)


def audit_modes(hidden: Sequence[str]) -> tuple[Finding, ...]:
    """Files that Lambda's user may not read, as one finding: usually it is all of them."""
    if not hidden:
        return ()
    more = f", nor are {plural(len(hidden) - 1, 'other file')}" if len(hidden) > 1 else ""
    told = f"is not readable for others than its owner{more}"
    return (Finding("LS117", "error", told, file=hidden[0], hint="chmod -R a+rX, and zip it again"),)


def _libraries(elves: dict[str, bytes], target: Target, beside: frozenset[str]) -> Iterable[Finding]:
    parsed: dict[str, Elf] = {}
    for name, data in elves.items():
        try:
            parsed[name] = parse_elf(data)
        except ElfError as error:
            yield Finding("LS103", "error", f"cannot be loaded: {error}", file=name)
    shipped = {name.rpartition("/")[2] for name in elves} | {elf.soname for elf in parsed.values()} | beside
    runtime = target.runtime
    for name, elf in parsed.items():
        if elf.machine != target.machine:
            yield Finding(
                "LS101",
                "error",
                f"is built for {elf.machine}; the function runs on {target.machine}",
                file=name,
                hint=f"install the wheel for {target.platform}, or change --arch",
            )
            continue
        for label, needed, there in (("GLIBC", elf.glibc, runtime.glibc), ("GLIBCXX", elf.glibcxx, runtime.glibcxx)):
            if needed > tuple(there):
                shown, has = (".".join(map(str, version)) for version in (needed, there))
                yield Finding(
                    "LS102",
                    "error",
                    f"needs {label}_{shown}; {runtime.name} has {has}",
                    file=name,
                    hint=f"install a wheel for {target.platform} or lower, or choose a newer runtime",
                )
        yield from _links(name, elf, shipped, target)


def _links(name: str, elf: Elf, shipped: set[str], target: Target) -> Iterable[Finding]:
    system = load_libraries(target.runtime.os)
    for needed in elf.needed:
        if needed not in shipped and needed not in system:
            yield Finding(
                "LS104",
                "warning",
                f"needs {needed}, which is neither in the package nor known to be in {target.runtime.os}",
                file=name,
                hint="ship it in lib/, take a headless or -binary variant of the distribution, or add a layer",
            )


def _foreign(members: Iterable[Member], target: Target) -> Iterable[Finding]:
    tag = f"cpython-{target.runtime.python.replace('.', '')}"
    for member in members:
        name = member.name.rpartition("/")[2]
        if member.data[:4] in _MACHO and name.endswith((".so", ".dylib")):
            yield Finding(
                "LS105",
                "error",
                "is built for macOS",
                file=member.name,
                hint=f"install the wheel for {target.platform}",
            )
        elif member.data[:2] == b"MZ" and name.endswith((".pyd", ".dll")):
            yield Finding(
                "LS105",
                "error",
                "is built for Windows",
                file=member.name,
                hint=f"install the wheel for {target.platform}",
            )
        elif ".cpython-" in name and name.endswith(".so") and f".{tag}-" not in name:
            there = name.partition(".cpython-")[2].partition("-")[0]
            yield Finding(
                "LS106", "error", f"is an extension module of CPython {there}; the runtime has {tag}", file=member.name
            )


def _bytecode(members: Sequence[Member], target: Target) -> Iterable[Finding]:
    """Bytecode that this runtime will not use; dates in zips are 1980 or rounded, so dated bytecode counts as stale."""
    unused = [(member, why) for member in members if (why := _unused(member, target))]
    names = {member.name for member in members}
    for member, why in unused:
        if why == _OTHER_PYTHON and _lacks_source(member.name, names):
            told = "is bytecode of another Python, and its source is not there"
            yield Finding("LS107", "error", told, file=member.name)
    beside = [(member, why) for member, why in unused if "__pycache__/" in member.name]
    if beside:
        yield _in_vain(beside)


def _in_vain(unused: Sequence[tuple[Member, str]]) -> Finding:
    """Bytecode beside its source that travels for nothing."""
    wrong = sum(why == _OTHER_PYTHON for _, why in unused)
    dated = f"{show_count(len(unused) - wrong)} dated, {show_count(wrong)} of another Python"
    return Finding(
        "LS108",
        "warning",
        f"{plural(len(unused), '.pyc file')} that Lambda does not use ({dated}): every cold start compiles again",
        saves_bytes=sum(len(member.data) for member, _ in unused),
        hint="lambda-slim build ships bytecode that does not depend on dates",
    )


def _lacks_source(path: str, paths: Collection[str]) -> bool:
    """Whether bytecode lies where its source would, and that is not there."""
    return "__pycache__/" not in path and path[:-1] not in paths


_OTHER_PYTHON, _DATED = "of another Python", "dated"


def _unused(member: Member, target: Target) -> str:
    """Why a runtime will not use a file of bytecode; "" where it will, or where it is none."""
    if not member.name.endswith(".pyc"):
        return ""
    header, magic = parse_pyc(member.data), target.runtime.magic
    if header is None or (magic is not None and header.magic != magic):
        return _OTHER_PYTHON
    return _DATED if header.kind == "timestamp" else ""


def _names(members: Iterable[Member]) -> Iterable[Finding]:
    seen: dict[str, str] = {}
    for member in members:
        other = seen.setdefault(member.name.casefold(), member.name)
        if other != member.name:
            yield Finding("LS109", "warning", f"differs from {other} only in case", file=member.name)
        raw = member.name.encode("utf-8", "surrogateescape")
        if not _is_text(raw):
            yield Finding("LS114", "error", "has a name that is not UTF-8", file=raw.decode("utf-8", "replace"))
        if any(len(part) > 255 for part in raw.split(b"/")):
            yield Finding("LS110", "error", "has a name of more than 255 bytes", file=member.name[:60] + "…")


def _versions(members: Iterable[Member]) -> Iterable[Finding]:
    """Distributions with metadata of several versions: `pip install --target` over an older one leaves its files."""
    versions_by_name: dict[str, list[str]] = {}
    for member in members:
        folder, _, name = member.name.partition("/")
        if name == "METADATA" and folder.endswith(".dist-info"):
            title, _, version = folder.removesuffix(".dist-info").partition("-")
            versions_by_name.setdefault(normalise(title), []).append(version)
    for title, versions in sorted(versions_by_name.items()):
        if len(versions) > 1:
            message = f"{title} is there in {len(versions)} versions: {', '.join(sorted(versions))}"
            yield Finding("LS116", "warning", message, hint="install into an empty folder")


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _place(members: Sequence[Member]) -> Iterable[Finding]:
    """Whether the folder was zipped in place of what is in it; a layer has everything in `python/`."""
    tops = {member.name.partition("/")[0] for member in members}
    if len(tops) != 1 or (top := min(tops)) == "python":
        return
    deep = (member.name.removeprefix(f"{top}/").partition("/")[0] for member in members)
    if any(name.endswith(".dist-info") for name in deep):
        yield Finding(
            "LS115",
            "warning",
            f"everything lies in {top}/: Lambda looks for the handler and its dependencies at the root",
            file=f"{top}/",
            hint=f"zip what is in {top}/, not the folder itself",
        )


def _shadows(members: Iterable[Member]) -> Iterable[Finding]:
    """/var/task comes before the standard library on sys.path."""
    for member in members:
        top, _, rest = member.name.partition("/")
        name = top.removesuffix(".py") if not rest else top
        module = (not rest and top.endswith(".py")) or rest == "__init__.py"
        if module and name in sys.stdlib_module_names:
            yield Finding(
                "LS111", "warning", f"shadows the standard library's `{name}`", file=member.name, hint="rename it"
            )


def _sizes(members: Sequence[Member]) -> Iterable[Finding]:
    total = sum(len(member.data) for member in members)
    if total > UNZIPPED_LIMIT:
        yield Finding("LS112", "error", f"unzips to {show_size(total)}; Lambda takes 250 MiB with layers")


def _image_size(image: ImageFacts) -> Iterable[Finding]:
    total = image.report.total_bytes
    if total > IMAGE_LIMIT:
        yield Finding("LS112", "error", f"the image unpacks to {show_size(total)}; Lambda takes 10 GiB")


def audit_zip_size(path: Path) -> tuple[Finding, ...]:
    """Whether a zip can be uploaded directly."""
    size = path.stat().st_size if path.is_file() else 0
    if size <= DIRECT_UPLOAD:
        return ()
    return (Finding("LS113", "info", f"{show_size(size)} zipped: over 50 MiB it must be uploaded through S3"),)
