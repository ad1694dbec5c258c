"""Advice on the user's code that changes no file."""

from lambda_slim.lints.lint import lint_sources
from lambda_slim.lints.modules import Source

__all__ = ["Source", "lint_sources"]
