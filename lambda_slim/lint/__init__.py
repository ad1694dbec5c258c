"""Rules on first-party code, and fixes."""
