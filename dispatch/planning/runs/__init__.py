"""The solver at work: runs and their lives, a process of its own, parts for the workers."""
