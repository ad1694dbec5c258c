"""What ships: members, metadata, guard, archive, layout on disk."""
