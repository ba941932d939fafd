"""SMS that come in: answers by code or by a word, STOP and START, and what a person must read."""
