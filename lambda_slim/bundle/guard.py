"""The files for the case that a module was left out and is needed: an index, and the modules in a spare archive.

Lambda's runtime adds the package with `site.addsitedir`, which runs its `.pth` files before the handler. Ours appends a
finder to `sys.meta_path`, behind all others, so nothing but an import that fails ever reaches it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from lambda_slim.base.text import clause
from lambda_slim.base.units import show_size
from lambda_slim.bundle.archive import pack
from lambda_slim.formats.python_source import without_docstrings
from lambda_slim.model.decision import Decision, Plan, Verdict
from lambda_slim.model.file import File, FileKind
from lambda_slim.model.member import Member

HOOK, INDEX, MODULE, SPARE = (
    "_lambda_slim_guard.pth",
    "_lambda_slim_guard.txt",
    "_lambda_slim_guard.py",
    "_lambda_slim_spare.zip",
)
_TAKES = 12 << 10  # unzipped bytes of a guard: what is less altogether is not worth being left out
_LITTLE = "no import path leads to it, and such modules together are smaller than the guard that would name them"
# Files that the user or the rule on secrets left out are never named, and no archive has them.
_UNTOLD = frozenset({"exclude", "ignore-file", "secret", "sdk-runtime"})
# Rules that judge by what is reached or was seen: a package with the dropped module would load it.
_PRUNES = ("unreachable", "untraced", "recipe:")

# Runs at every cold start, so it is short: what a name of ours needs is compiled when one is asked for.
_HOOK = (
    "import sys; guard = type(sys)('lambda_slim_guard'); "
    "guard.find_spec = lambda name, path=None, target=None, own=guard: name.partition('.')[0] in {{{tops}}} "
    "and [found := dict(own=own, name=name, path=path, target=target, spec=None), exec({find!a}, found)] "
    "and found['spec'] or None; sys.meta_path.append(guard)\n"
)
_FIND = """\
try:
    from _lambda_slim_guard import find
except Exception:
    find = None
if find:
    spec = find(own, name, path, target)
"""


def told(plan: Plan, module_of: Mapping[str, str]) -> tuple[tuple[str, Decision], ...]:
    """Modules that were left out, by name, and by which decision; where a twin of the module ships it is not out."""
    kept = {module_of[file.path] for file in plan.kept if file.path in module_of}
    decisions = {}
    for decision in plan.dropped:
        name = module_of.get(decision.file.path)
        if name and name not in kept and decision.verdict.rule not in _UNTOLD and _plain(decision.file.path, name):
            decisions[name] = decision
    return tuple(sorted(decisions.items()))


def with_little(plan: Plan, module_of: Mapping[str, str]) -> Plan:
    """The plan with the modules that no import path leads to, where a guard would outweigh them."""
    pruned = _pruned(told(plan, module_of))
    if not pruned or sum(decision.file.size for decision in pruned) >= _TAKES:
        return plan
    paths = {decision.file.path for decision in pruned}
    kept = Verdict(keep=True, rule="little", why=_LITTLE)
    decisions = (replace(row, verdict=kept) if row.file.path in paths else row for row in plan.decisions)
    return replace(plan, decisions=tuple(decisions))


def is_worth_it(plan: Plan, module_of: Mapping[str, str], apart: Collection[str]) -> bool:
    """Whether what is pruned outweighs a guard, or is nothing, without some files: their sizes then decide nothing."""
    pruned = _pruned(told(plan, module_of))
    return sum(row.file.size for row in pruned if row.file.path not in apart) >= _TAKES or not pruned


def _pruned(out: Iterable[tuple[str, Decision]]) -> list[Decision]:
    """What a package that had it would load."""
    return [decision for _, decision in out if decision.verdict.rule.startswith(_PRUNES)]


def _plain(path: str, name: str) -> bool:
    return path.startswith(name.replace(".", "/"))


def is_guard(path: str) -> bool:
    """Whether a package path is of an earlier guard: a package that was built by us is slimmed again."""
    name = path.removeprefix("__pycache__/")
    return "/" not in name and name.startswith(("_lambda_slim_guard.", "_lambda_slim_spare."))


def guard_file() -> File:
    """The module that knows what to say, to be shaped like any other."""
    source = Path(str(files("lambda_slim.run.probe").joinpath("guard.py")))
    return File(MODULE, source, source.stat().st_size, "", FileKind.SOURCE)


def compiled_only(members: Iterable[Member]) -> tuple[Member, ...]:
    """Members with the guard's bytecode in place of its source; without bytecode its source has no docstrings."""
    packed = list(members)
    rest = [member for member in packed if member.origin != MODULE]
    compiled = next((member for member in packed if member.origin == MODULE and member.name.endswith(".pyc")), None)
    if compiled is None:
        bare = [replace(member, data=without_docstrings(member.data)) for member in packed if member.origin == MODULE]
        return (*rest, *bare)
    return (*rest, replace(compiled, name=f"{MODULE}c"))


def guard_members(
    plan: Plan, module_of: Mapping[str, str], *, spare: bool, release: bool = False
) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The members beside `guard_file`, and notes on what they cost; nothing where no module was left out.

    Args:
        plan: What is left out, and why.
        module_of: A module's file to its name.
        spare: Whether dropped sources ship in an archive of their own.
        release: Compress that harder.
    """
    out = told(plan, module_of)
    if not _pruned(out):
        return (), ()  # as at level safe
    carried = {decision.file.path for _, decision in out if spare and _spared(decision)}
    tops = ", ".join(sorted({ascii(name.partition(".")[0]) for name, _ in out}))
    members = [
        Member(HOOK, _HOOK.format(tops=tops, find=_FIND).encode(), origin=HOOK),
        Member(INDEX, _index(out, carried), origin=INDEX),
    ]
    notes = []
    if spare:
        sources = [
            Member(decision.file.path, decision.file.source.read_bytes())
            for _, decision in out
            if decision.file.path in carried
        ]
        data = pack(sources, release=release)
        members.append(Member(SPARE, data, origin=SPARE))
        rest = len(out) - len(sources)
        left = clause("; {} others are not in it (compiled, or inert)", rest)
        notes.append(f"spare: {len(sources)} modules in {SPARE}, {show_size(len(data))} of the zip{left}")
    return tuple(members), tuple(notes)


def _spared(decision: Decision) -> bool:
    return decision.file.kind is FileKind.SOURCE and decision.verdict.rule.startswith(_PRUNES)


def _index(out: Iterable[tuple[str, Decision]], carried: set[str]) -> bytes:
    """The kinds of entries, an empty line, and a line a module: its name and the number of its kind."""
    kinds: dict[str, int] = {}
    rows = []
    for name, decision in out:
        path, verdict = decision.file.path, decision.verdict
        suffix = path.removeprefix(name.replace(".", "/"))
        why = " ".join(verdict.why.split())
        kind = "\t".join(("spare" if path in carried else "", suffix, verdict.rule, why))
        rows.append(f"{name} {kinds.setdefault(kind, len(kinds))}\n")
    return ("\n".join(kinds) + "\n\n" + "".join(rows)).encode()
