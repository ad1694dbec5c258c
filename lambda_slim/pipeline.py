"""The whole tool on one screen: which stage gives what to which."""
