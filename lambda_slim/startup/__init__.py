"""What INIT may leave for later: which imports wait, by which evidence, and why the others do not."""
