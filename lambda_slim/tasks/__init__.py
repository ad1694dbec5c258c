"""What each command does, under the command's noun."""
