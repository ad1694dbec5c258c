"""The report to walk through in a terminal: `analyze --interactive`. Only here is textual imported."""
