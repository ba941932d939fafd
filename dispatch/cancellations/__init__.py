"""What undoes several things at once."""
