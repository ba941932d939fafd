"""Plans: made, made better, chosen from the days known."""
