"""Every child process."""
