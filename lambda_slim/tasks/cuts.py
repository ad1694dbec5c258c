"""What more could be left out, and what it would take: the next best cuts after a build."""

from dataclasses import replace

from lambda_slim.base.graph import dominated
from lambda_slim.base.units import plural
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.decision import Plan
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.report import Step
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.plan.decide import decide

_WORTH = 0.02  # of what ships: less is not worth a line,
_LEAST = 100 * 1024  # nor are fewer bytes than this


def next_cuts(facts: Evidence, plan: Plan) -> tuple[Step, ...]:
    """At most three steps, what is easiest first; sizes are of files before bytecode, without compression."""
    settings = facts.settings
    found: list[Step] = []
    if settings.level is Level.SAFE:
        saved = _saved(facts, plan, replace(settings, level=Level.REACH))
        text = "leave out what nothing reaches, and have it proved by running the function"
        found.append(Step(text, "lambda-slim build --level reach", saved))
    if settings.sdk is not Sdk.RUNTIME:
        saved = _saved(facts, plan, replace(settings, sdk=Sdk.RUNTIME))
        text = "use the AWS SDK that the runtime has, in a version of its choice"
        found.append(Step(text, "lambda-slim build --sdk runtime", saved))
    size, name, others = _largest(facts, plan)
    if name not in load_aws().boto_set:
        more = f" and {plural(others, 'other')} that only it needs" if others else ""
        found.append(Step(f"do without {name}{more}", f"lambda-slim why {name}", size))
    least = max(_LEAST, int(_WORTH * sum(file.size for file in plan.kept)))
    return tuple(step for step in found if step.saves_bytes >= least)


def _saved(facts: Evidence, plan: Plan, settings: Settings) -> int:
    """Bytes that a plan by other settings would leave out beyond this one."""
    other = decide(replace(facts, settings=settings))
    return sum(file.size for file in plan.kept) - sum(file.size for file in other.kept)


def _largest(facts: Evidence, plan: Plan) -> tuple[int, str, int]:
    """(bytes, name, others) of the requirement of the project that most bytes hang on, and how many go with it."""
    sizes: dict[str, int] = {}
    for file in plan.kept:
        sizes[file.owner] = sizes.get(file.owner, 0) + file.size
    every = facts.resolution.distributions
    direct = [one.name for one in every if one.direct]
    freed = dominated({one.name: one.requires for one in every}, direct)
    rows = [(sum(sizes.get(one, 0) for one in freed[name]), name, len(set(freed[name]) - {name})) for name in direct]
    return max(rows, default=(0, "", 0))
