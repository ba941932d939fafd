"""The one append-only record of what changed: ids and field names, never words of people."""
