"""What a plan amounts to, and what stands in the way of what is open in it."""
