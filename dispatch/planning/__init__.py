"""Plans, candidates and explanations; the only room that asks the solver."""
