"""What a page tells once, after something was done."""

from typing import NamedTuple, cast

from flask import flash, get_flashed_messages

LEVELS = ("success", "info", "warning", "danger")


class Told(NamedTuple):
    """What is told once: how grave it is, in words, and a link to what it is about, if any."""

    level: str
    text: str
    address: str = ""
    label: str = ""


def tell(level: str, text: str, address: str = "", label: str = "") -> None:
    """Show `text` on the next page, with a link; level is success, info, warning or danger."""
    flash([text, address, label], level)  # type: ignore[arg-type]  # whatever a session holds


def collect() -> list[Told]:
    """Return and forget what is to be told.

    Flask-Security says a text of its own, as does a session from before there were links.
    """
    told = cast(list[tuple[str, str | list[str]]], get_flashed_messages(with_categories=True))
    return [
        Told(level if level in LEVELS else "info", *([said] if isinstance(said, str) else said))
        for level, said in told
    ]
