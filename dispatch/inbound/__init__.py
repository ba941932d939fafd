"""Mail that comes in: answers from calendars, mail that came back, and what a person must read."""
