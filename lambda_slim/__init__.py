"""Minimal, reproducible, proven AWS Lambda packages for Python."""

__version__ = "0.1.0"
