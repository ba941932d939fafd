"""The states of things in words on the command line, without loading what the pages know."""

WORDS = {
    "made": "asked",
    "interested": "could come",
    "could_not_come": "could not come after all",
    "lost": "somebody else comes",
    "no_show_client": "the client did not come",
    "no_show_interpreter": "the interpreter did not come",
    "to_reconfirm": "asked whether the change will do",
    "unfilled": "nobody came",
}
"""Of all others the state is the word."""


def in_words(state: str) -> str:
    """Return a state as it is read in a sentence."""
    return WORDS.get(state, state.replace("_", " "))
