"""All that a repository deploys, side by side."""
