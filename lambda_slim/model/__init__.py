"""Frozen records, and nothing else."""
