"""What can be refused, and how a refusal says in plain words what would be right."""

from datetime import timedelta
from typing import Any

from flask_babel import LazyString


class Refusal(Exception):
    """Something that cannot be done, with the reason and the remedy in one sentence.

    `code` is stable and meant for programs and tests; `text` is meant for people and may be a lazy
    translation; `field` names the input that has to change, if one does.
    """

    status = 422

    def __init__(self, code: str, text: Any, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.field = field

    def __str__(self) -> str:
        return str(self.text)


class NotFound(Refusal):
    """The thing does not exist, or not for the person who asks (404)."""

    status = 404


class Forbidden(Refusal):
    """The person's role does not include this (403)."""

    status = 403


class Conflict(Refusal):
    """Somebody else was first, or the thing changed meanwhile (409)."""

    status = 409


class Gone(Refusal):
    """It was there and is over, such as an expired link (410)."""

    status = 410


class TooMany(Refusal):
    """Asked too often in too short a time (429); after `wait` the next try is free."""

    status = 429

    def __init__(self, code: str, text: Any, *, wait: timedelta) -> None:
        super().__init__(code, text)
        self.wait = wait


class Unavailable(Refusal):
    """The database is away, full or busy for long (503); the same may be tried again later."""

    status = 503


class Several(Refusal):
    """Several refusals at once, so that a person can mend them all in one go."""

    def __init__(self, refusals: list[Refusal]) -> None:
        # Put into words only when somebody reads it: a file may have thousands of wrong cells.
        super().__init__(
            "several", LazyString(lambda: " ".join(str(refusal.text) for refusal in refusals))
        )
        self.refusals = refusals
