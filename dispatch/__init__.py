"""The application: from a request for an interpreter to the person who comes."""
