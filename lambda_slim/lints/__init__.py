"""Advice on the user's code that changes no file."""
