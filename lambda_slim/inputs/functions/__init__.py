"""What deployment files say of functions: one module a tool, each with one `KIND`; `kinds` has them in order."""
