"""Days in addresses."""

from datetime import date
from typing import Literal, overload

from werkzeug.exceptions import NotFound

from dispatch.clock import require_plausible
from dispatch.errors import Refusal


@overload
def day_from(text: str | None) -> date | None: ...
@overload
def day_from(text: str | None, *, missing: Literal[True]) -> date: ...
def day_from(text: str | None, *, missing: bool = False) -> date | None:
    """Read YYYY-MM-DD; with `missing`, what is no plausible day is 404, otherwise None."""
    try:
        day = date.fromisoformat(text or "")
        require_plausible(day)
    except (ValueError, Refusal):
        if missing:
            raise NotFound() from None
        return None
    return day
