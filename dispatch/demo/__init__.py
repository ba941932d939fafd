"""Invented people at real places, to try everything out."""
