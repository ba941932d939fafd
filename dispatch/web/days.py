"""Days in addresses."""

from datetime import date
from typing import Literal, overload

from werkzeug.exceptions import NotFound


@overload
def day_from(text: str | None) -> date | None: ...
@overload
def day_from(text: str | None, *, missing: Literal[True]) -> date: ...
def day_from(text: str | None, *, missing: bool = False) -> date | None:
    """Read YYYY-MM-DD; with `missing`, what is no day is 404, otherwise None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        if missing:
            raise NotFound() from None
        return None
