"""The settings: which keys there are, and where they are read from."""
