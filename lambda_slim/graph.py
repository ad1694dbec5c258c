"""Pure algorithms on graphs of names: reachability, dominators, shortest chains."""
