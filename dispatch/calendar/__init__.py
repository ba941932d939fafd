"""Invitations as calendars understand them, and the days nobody works."""
