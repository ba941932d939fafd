"""People who sign in, and what they may do."""
