"""The program over the days known, its prices and its bound."""
