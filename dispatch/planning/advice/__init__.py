"""Questions beside the schedule as it stands: who could come, why not, what would help."""
