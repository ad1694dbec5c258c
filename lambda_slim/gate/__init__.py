"""Does every function hold its budgets? Builds, compares with a baseline, and says what changed and why."""
