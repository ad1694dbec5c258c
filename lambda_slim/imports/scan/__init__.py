"""Turns a source file into the facts that its syntax tree shows."""
