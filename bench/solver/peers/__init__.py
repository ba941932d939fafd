"""The peers: what others would plan the same day with, each told all that it can express."""
