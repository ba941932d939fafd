"""Private calendars as busy time: when somebody cannot be asked, and nothing else of them."""
