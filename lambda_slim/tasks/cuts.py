"""What more could be left out, and what it would take: the next best cuts after a build."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lambda_slim.base.graph import dominated
from lambda_slim.base.units import plural
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.report import Step
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.tasks.prepare import Planned, replan

_WORTH = 0.02  # of what ships: less is not worth a line,
_LEAST = 100 * 1024  # nor are fewer bytes than this


def next_cuts(planned: Planned) -> tuple[Step, ...]:
    """At most three steps, what is easiest first; sizes are of files before bytecode, without compression."""
    least = max(_LEAST, int(_WORTH * sum(file.size for file in planned.plan.kept)))
    return tuple(step for step in _steps(planned) if step.saves_bytes >= least)


def _steps(planned: Planned) -> Iterator[Step]:
    settings = planned.settings
    if settings.level is Level.SAFE:
        text = "leave out what nothing reaches, and have it proved by running the function"
        saved = _saved(planned, replace(settings, level=Level.REACH))
        yield Step(text, "lambda-slim build --level reach", saved)
    if settings.sdk is not Sdk.RUNTIME:
        text = "use the AWS SDK that the runtime has; Lambda chooses its version"
        saved = _saved(planned, replace(settings, sdk=Sdk.RUNTIME))
        yield Step(text, "lambda-slim build --sdk runtime", saved)
    name, freed, size = _largest_requirement(planned)
    if name and name not in load_aws().boto_set:
        others = f" and {plural(freed - 1, 'other')} that only it needs" if freed > 1 else ""
        yield Step(f"do without {name}{others}", f"lambda-slim why {name}", size)


def _saved(planned: Planned, settings: Settings) -> int:
    """Bytes that a plan by other settings would leave out beyond this one."""
    other = replan(planned, planned.facts.restored, settings)
    return sum(file.size for file in planned.plan.kept) - sum(file.size for file in other.plan.kept)


def _largest_requirement(planned: Planned) -> tuple[str, int, int]:
    """The requirement of the project that most bytes hang on: its name, the distributions and bytes that go with it."""
    sizes = _kept_bytes(planned)
    distributions = planned.resolution.distributions
    direct = [distribution.name for distribution in distributions if distribution.direct]
    freed = dominated({distribution.name: distribution.requires for distribution in distributions}, direct)
    rows = [(sum(sizes.get(name, 0) for name in freed[top]), top) for top in direct]
    size, name = max(rows, default=(0, ""))
    return name, len({name, *freed.get(name, ())}), size


def _kept_bytes(planned: Planned) -> Mapping[str, int]:
    """Bytes that ship, by distribution."""
    sizes: dict[str, int] = {}
    for file in planned.plan.kept:
        sizes[file.owner] = sizes.get(file.owner, 0) + file.size
    return sizes
