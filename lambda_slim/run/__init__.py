"""External programs, one a file. Nothing else starts a process."""
