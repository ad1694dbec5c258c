"""One rule per module: `judge(evidence)` returns a function `File -> Verdict | None`; None means no opinion.

`plan.decide.RULES` has their order; the first opinion wins.
"""
