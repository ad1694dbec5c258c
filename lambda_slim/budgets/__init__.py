"""Budgets, the lock and what changed."""
