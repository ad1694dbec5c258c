"""Pure parsers: text or bytes to records."""
