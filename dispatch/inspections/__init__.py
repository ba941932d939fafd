"""Who has opened what is kept of an interpreter."""
