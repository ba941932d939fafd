"""Closes what is open between plan and bound."""
