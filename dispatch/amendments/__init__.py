"""Changing what was asked for while somebody is asked or comes."""
