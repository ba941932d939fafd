"""The problem as arrays: people's days as graphs, the rows between them."""
