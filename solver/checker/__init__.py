"""Judging a plan from the definitions alone."""
