"""What more could be left out, and what it would take: the next best cuts after a build."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lambda_slim.base.units import plural
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.report import Step
from lambda_slim.model.settings import Level, Sdk
from lambda_slim.tasks.frees import leaves_with
from lambda_slim.tasks.ledger import Shipped
from lambda_slim.tasks.prepare import Planned, replan, with_sdk

_WORTH = 0.02  # of what ships: less is not worth a line,
_LEAST = 100 * 1024  # nor are fewer bytes than this


Frees = Mapping[str, frozenset[str]]  # by requirement, the files that would not ship without it


def next_cuts(planned: Planned, shipped: Shipped, frees: Frees) -> tuple[Step, ...]:
    """At most three steps, what is easiest first; each saves what of the package that was built would go."""
    least = max(_LEAST, int(_WORTH * shipped.sizes.unzipped_bytes))
    return tuple(step for step in _steps(planned, shipped, frees) if step.saves_bytes >= least)


def _steps(planned: Planned, shipped: Shipped, frees: Frees) -> Iterator[Step]:
    settings = planned.settings
    if settings.level is Level.SAFE:
        text = "leave out what nothing reaches, and have it proved by running the function"
        saved = _saved(planned, shipped, replan(planned, planned.facts.restored, replace(settings, level=Level.REACH)))
        yield Step(text, "lambda-slim build --level reach", saved)
    if settings.sdk is not Sdk.RUNTIME and planned.facts.sdk.parts:
        text = "use the AWS SDK that the runtime has; Lambda chooses its version"
        saved = _saved(planned, shipped, with_sdk(planned, Sdk.RUNTIME))
        yield Step(text, "lambda-slim build --sdk runtime", saved)
    size, name = max(((shipped.without(paths).unzipped_bytes, name) for name, paths in frees.items()), default=(0, ""))
    if name and name not in load_aws().boto_set:
        freed = len(leaves_with(planned.resolution)[name])
        others = f" and {plural(freed - 1, 'other')} that only it needs" if freed > 1 else ""
        yield Step(f"do without {name}{others}", f"lambda-slim why {name}", size)


def _saved(planned: Planned, shipped: Shipped, other: Planned) -> int:
    """Bytes of the package that a plan by other settings leaves out."""
    kept = other.plan.kept_paths
    return shipped.without(planned.plan.kept_paths - kept).unzipped_bytes
