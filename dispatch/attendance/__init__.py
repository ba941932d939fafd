"""What happens on the day of an assignment: who is on the way, late, there, gone."""
