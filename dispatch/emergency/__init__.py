"""The list for the day when nothing works: who goes where in the next days, on paper."""
