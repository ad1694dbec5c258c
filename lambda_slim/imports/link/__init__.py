"""Turns the facts of all files into edges between modules."""
