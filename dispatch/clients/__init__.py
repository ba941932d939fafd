"""The little that is kept of clients: a number for one reminder, until the appointment is over."""
