"""Places where interpreting happens."""
