"""The hard rules between people, jobs and days, and what they are written in: ways and times."""
