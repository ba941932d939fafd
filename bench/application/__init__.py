"""What verbs of the application cost: statements and milliseconds, on both databases."""
