"""Whose time is taken, and by what."""
