"""Plans kept with their proof: made, read, and adopted by a person."""
