"""The cheapest days of everybody at given prices."""
