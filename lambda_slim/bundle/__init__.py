"""What ships, and how it is laid out in the package."""
