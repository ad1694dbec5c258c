"""Findings that can be mended so that nothing behaves differently, and the edit."""
