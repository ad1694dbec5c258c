"""Finds imports of INIT that nothing provides, without running code. See docs/starts.md.

`providers` knows the modules beside the package, `places` looks names up, `walk` follows INIT, `nearest` finds the
likely cause of a missing module, and `verdict` combines them.
"""

from lambda_slim.plan.starts.providers import Given, ManagedRuntime, Provider, StandardLibrary, UnknownLayers
from lambda_slim.plan.starts.verdict import Judged, judge_start

__all__ = ["Given", "Judged", "ManagedRuntime", "Provider", "StandardLibrary", "UnknownLayers", "judge_start"]
