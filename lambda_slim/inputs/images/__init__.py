"""Container images: layouts, tars and unpacked root file systems, read safely."""
