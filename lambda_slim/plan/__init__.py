"""The decision: which files ship, and why."""
