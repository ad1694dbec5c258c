"""Every child process starts here."""
