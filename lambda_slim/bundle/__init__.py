"""What ships, and how a package lies on disk."""
