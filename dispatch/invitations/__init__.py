"""The calendar entry of one person for one assignment, apart from the messages that carry it."""
