"""Being away, and what becomes of the assignments and offers it hits."""
