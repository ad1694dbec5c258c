"""What the machine gives to this process."""

import os


def usable_cores() -> int:
    """The cores that this process may use; 1 where the system does not say."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
