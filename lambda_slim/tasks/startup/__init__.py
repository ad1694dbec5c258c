"""Lazy imports of a package: which stay, by running it."""
