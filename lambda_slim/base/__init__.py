"""What every other room stands on: errors, units, the cache, files that are whole or not there."""
