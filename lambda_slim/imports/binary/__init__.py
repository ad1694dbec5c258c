"""Names of modules in compiled libraries."""
