"""Several dates of one thing: asked for at once, and each an interpretation request of its own."""
