"""An assignment put to an interpreter, and the answer."""
