"""What ships, and how it lies in the package."""
