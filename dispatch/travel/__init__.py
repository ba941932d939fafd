"""How long it takes to get from one place to another."""
