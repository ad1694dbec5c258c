"""Frozen records."""
