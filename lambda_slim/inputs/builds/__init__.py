"""What other tools have built and will deploy: one module a tool; `find` has them in order."""
