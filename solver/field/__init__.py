"""The field: the rules between people and jobs, what counts, ways and times."""
