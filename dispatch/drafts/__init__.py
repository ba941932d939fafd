"""What somebody keeps for themselves before they ask: drafts, and templates to begin from."""
