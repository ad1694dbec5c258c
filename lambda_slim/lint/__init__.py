"""Rules on the user's code, and fixes."""
