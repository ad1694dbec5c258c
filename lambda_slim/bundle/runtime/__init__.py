"""Scripts that travel in packages: standard library only, for every Python that Lambda has."""
