"""Failures as the log may have them: kind and place, never what the values were."""

from pathlib import Path
from traceback import extract_tb

MOST_PLACES = 6


def where(failure: BaseException) -> str:
    """Return the kind of a failure and the places it came through, the innermost first.

    The message is left out: it may quote what people typed.
    """
    frames = extract_tb(failure.__traceback__)[::-1][:MOST_PLACES]
    places = ", ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames)
    return f"{type(failure).__name__} ({places})"
