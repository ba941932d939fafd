"""How people are reached, and which event is told to whom."""
