"""Frozen records that several rooms share; they import each other, `base` and nothing else."""
