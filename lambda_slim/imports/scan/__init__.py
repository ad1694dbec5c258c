"""One source file to the facts that its syntax tree shows."""
