"""The first page of each role, the navigation, and what the engine has to run."""
