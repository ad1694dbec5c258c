"""What a build starts from: settings, functions, requirements, distributions, files."""
