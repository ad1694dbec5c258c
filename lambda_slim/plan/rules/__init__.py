"""One rule a module: `judge(evidence)` returns a function `File -> Verdict | None`; None is no opinion.

`plan.decide.RULES` has their order; the first opinion wins.
"""
