"""Where the target has no wheel: which version has one, and which runtime has one for this version?"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from lambda_slim.base.errors import NoWheelError, ResolveError
from lambda_slim.formats.names import normalise
from lambda_slim.knowledge.alternatives import load_alternatives
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target
from lambda_slim.run import uv

_SIGNS = ("no usable wheels", "no wheels with a matching", "--no-build", "ource distribution", "depends on Python")
_ASKED = re.compile(r"you require ([A-Za-z0-9][A-Za-z0-9._-]*)((?:[<>=!~][^\s,]+,?)*),? ")
_SUBJECT = re.compile(
    r"(?:all versions of )?\b([A-Za-z0-9][A-Za-z0-9._-]*)(?:==([^\s,]+))?(?:[<>=!~]\S*)?"
    r" (?:(?:has|have) no (?:usable )?wheels|depends on Python(\S*))"
)

_HINTED = re.compile(r"Wheels are required for `([^`]+)`")


@dataclass(frozen=True, slots=True)
class Missing:
    """What has no wheel for a target, as uv tells it.

    Attributes:
        name: The distribution, "" where uv does not say.
        requirement: What is asked for: `numpy==1.21.0`.
        said: Uv's own words.
    """

    name: str
    requirement: str
    said: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where there is a wheel: the nearest other version for this target, other targets for this version."""

    version: str
    runtimes: tuple[str, ...]
    architecture: str

    @property
    def for_another_target(self) -> bool:
        """Whether this version has a wheel for a target of Lambda, if not for the one that was asked for."""
        return bool(self.runtimes or self.architecture)


def parse_missing(stderr: str) -> Missing | None:
    """What uv misses a wheel of, or None where its failure is another."""
    if not any(sign in stderr for sign in _SIGNS):
        return None
    said = uv.scrub(uv.last_words(stderr))
    text = " ".join(stderr.split())
    if (match := _SUBJECT.search(text)) and match[2]:
        return Missing(match[1], f"{match[1]}=={match[2]}", said)
    asked = _ASKED.findall(text)
    name = match[1] if match else asked[-1][0] if len({row[0] for row in asked}) == 1 else ""
    return Missing(
        name, name + next((spec for requirement, spec in asked if requirement == name), "").rstrip(","), said
    )


def sourced(stderr: str) -> tuple[str, ...]:
    """All distributions of which uv met versions without a wheel, also where only a requirement's own needs them.

    >>> sourced("hint: Wheels are required for `docopt` because building from source is disabled for all packages")
    ('docopt',)
    """
    return tuple(dict.fromkeys(_HINTED.findall(stderr)))


def find_elsewhere(missing: Missing, target: Target, request: uv.UvRequest) -> Elsewhere:
    """Asks uv which version or target would do; a dozen short questions, so only after a failure."""
    if not missing.name:
        return Elsewhere("", (), "")

    def version(requirement: str, other: Target = target, *, lowest: bool = False) -> str | None:
        return uv.find_version(requirement, other, request, lowest=lowest)

    name, _, exact = missing.requirement.partition("==")
    nearest = (f"{name}>={exact}", f"{name}<{exact}") if exact else (missing.name,)
    targets = _other_runtimes(target)
    turned = replace(target, architecture="arm64" if target.architecture == "x86_64" else "x86_64")
    with ThreadPoolExecutor(4) as pool:
        near = [pool.submit(version, other_target, lowest=">=" in other_target) for other_target in nearest]
        *others, other = pool.map(lambda other_target: version(missing.requirement, other_target), [*targets, turned])
    return Elsewhere(
        next(filter(None, (answer.result() for answer in near)), ""),
        tuple(other_target.runtime.name for other_target, there in zip(targets, others, strict=True) if there),
        turned.architecture if other else "",
    )


def _other_runtimes(target: Target) -> list[Target]:
    """The targets of the same architecture."""
    targets = (Target(runtime, target.architecture) for runtime in runtimes().values() if not runtime.preview)
    return [other for other in targets if other != target]


def no_wheel(missing: Missing, elsewhere: Elsewhere, target: Target) -> ResolveError:
    """The failure as its user can act on it."""
    shown = missing.requirement
    nowhere = missing.name and not (elsewhere.version or elsewhere.for_another_target)
    cause = _cause(missing, nowhere=bool(nowhere))
    hints = [f"{missing.name}=={elsewhere.version} has one"] if elsewhere.version else []
    hints += [f"{shown} has one for {', '.join(elsewhere.runtimes)} (--python)"] if elsewhere.runtimes else []
    hints += [f"{shown} has one for {elsewhere.architecture} (--arch)"] if elsewhere.architecture else []
    hints += _in_its_place(missing.name)
    return ResolveError(_headline(target), cause=cause, hint="; ".join(hints) or (_NOWHERE if nowhere else _ELSE))


def not_built(missing: Missing, target: Target, request: uv.UvRequest) -> ResolveError:
    """Why something is not there where nothing is built: no build would help, or it would have to be built."""
    elsewhere = find_elsewhere(missing, target, request)
    if elsewhere.for_another_target:
        return no_wheel(missing, elsewhere, target)
    message = f"no wheel of {missing.name or 'a requirement'}, and nothing is built"
    error = NoWheelError(message, cause=missing.said, hint="take a version with a wheel, or build once")
    error.name = missing.name
    return error


def _cause(missing: Missing, *, nowhere: bool) -> str:
    if nowhere:
        return f"no version of {missing.name} has a wheel for Linux, as far as the index says"
    return f"no wheel of {missing.requirement} is for this target" if missing.name else missing.said


def is_known(missing: Missing, elsewhere: Elsewhere) -> bool:
    """Whether there is a wheel for another version or target, or something that people use in its place."""
    return bool(elsewhere.version or elsewhere.for_another_target or _in_its_place(missing.name))


def no_wheel_of(built: str, target: Target) -> ResolveError:
    """The failure where a source distribution could be built here, but not for the target."""
    cause = f"{built} has compiled code and no wheel for {target.label}"
    hints = _in_its_place(built.rpartition("-")[0])
    return ResolveError(_headline(target), cause=cause, hint="; ".join(hints) or _ELSE)


_BUILT = re.compile(r"Failed to (?:download and )?build `([^`\s=@]+)")
_COMPILED = re.compile(r"The built wheel `([^`]+)` is not compatible with the target")
_BACKEND = "The build backend returned an error"
_REASON = re.compile(r"(?:.*\bfatal error: |error: |\w*(?:Error|Exception): ).*")


def failed_build(stderr: str, target: Target) -> ResolveError | None:
    """The failure of a build, with the backend's own reason; None where uv's failure is another one."""
    if compiled := _COMPILED.search(stderr):
        return no_wheel_of("-".join(compiled[1].split("-")[:2]), target)
    if _BACKEND not in stderr:
        return None
    named = _BUILT.search(stderr)
    return ResolveError(
        f"{named[1] if named else 'a requirement'} has no wheel, and its own build failed",
        cause=uv.scrub(_reason(stderr[stderr.index(_BACKEND) :])[:300]),
        hint=f"`uv pip install {named[1] if named else 'REQUIREMENT'}` shows all of it; compiled code needs a wheel",
    )


def _reason(said: str) -> str:
    """The line of a backend's output that says why: of a compiler, else of an exception, else the last one."""
    lines = [line.strip() for line in said.partition("\n\nhint:")[0].splitlines() if line.strip()]
    reasons = [line for line in lines if _REASON.fullmatch(line)]
    fatal = [line for line in reasons if "fatal error: " in line]
    return (fatal or reasons or lines)[-1]


_ELSE = "choose another version (pypi.org lists its files), runtime (--python) or --arch"
_NOWHERE = (
    "another version, runtime or --arch would not help (pypi.org lists its files): require a distribution that has "
    "wheels, leave it out for Linux by a marker, or build it into a layer in the runtime's own image"
)


def _headline(target: Target) -> str:
    return f"no wheel for {target.label} (glibc {'.'.join(map(str, target.runtime.glibc))})"


def _in_its_place(name: str) -> list[str]:
    """What people use in place of a distribution, where that is known."""
    known = load_alternatives().get(normalise(name)) if name else None
    return [known.told] if known else []
