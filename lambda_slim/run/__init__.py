"""External programs, one per module. No other room starts a process."""
