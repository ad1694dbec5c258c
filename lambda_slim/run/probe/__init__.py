"""Standard-library-only scripts that other Pythons run; they import nothing of ours."""
