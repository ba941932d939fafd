"""One interpreter, one place, one time."""
