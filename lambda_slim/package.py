"""A package that is already there: a zip or folder that any tool built, read safely."""
