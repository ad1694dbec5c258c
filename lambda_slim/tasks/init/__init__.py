"""What `init` proposes: budgets, settings, the lock, a hook and a workflow, as changes to files; nothing is written."""
