"""What the rules look at, gathered once for a function."""
