"""Who asks and pays."""
