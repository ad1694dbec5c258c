"""What we know, as data: runtimes, junk, secrets, and recipes for distributions."""
