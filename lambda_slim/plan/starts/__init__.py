"""Can it start? Which imports of INIT does nothing provide? Answered without running code. See docs/starts.md.

`providers` are what gives modules beside the package, `places` looks names up, `walk` follows INIT, `nearest` says what
lies near a missing module, `verdict` puts it together.
"""

from lambda_slim.plan.starts.providers import Given, ManagedRuntime, Provider, StandardLibrary, UnknownLayers
from lambda_slim.plan.starts.verdict import Judged, judge_start

__all__ = ["Given", "Judged", "ManagedRuntime", "Provider", "StandardLibrary", "UnknownLayers", "judge_start"]
