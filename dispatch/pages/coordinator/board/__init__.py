"""The board of a day: who is where when, what is open, and what can be done about it."""
