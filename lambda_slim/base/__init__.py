"""What every room may use: errors, units, files, cache, graphs."""
