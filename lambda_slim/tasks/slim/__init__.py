"""What `slim` does: packages of another tool, where they lie."""
