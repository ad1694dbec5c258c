"""Findings that can be fixed so that nothing behaves differently, and the edit."""
