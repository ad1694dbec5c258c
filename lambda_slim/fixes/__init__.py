"""Mending findings in place: what may change without anything behaving differently, and the edit itself."""

from lambda_slim.fixes.mend import Mended, Refused, mend_files, write_mended

__all__ = ["Mended", "Refused", "mend_files", "write_mended"]
