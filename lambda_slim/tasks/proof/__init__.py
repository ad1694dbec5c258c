"""The proof of a slim package against the full one."""
