"""Which languages there are and what they are called."""
