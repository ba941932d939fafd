"""The command dragoman."""
