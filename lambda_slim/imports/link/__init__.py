"""Facts of all files to edges between modules."""
