"""Ways in which slimming breaks real functions, one small project each."""
