"""What there is: settings, functions, requirements, distributions, files."""
