"""Days of the city as the solver's question, and what its ids stand for."""
