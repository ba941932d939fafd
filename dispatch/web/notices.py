"""What a page tells once, after something was done."""

from typing import cast

from flask import flash, get_flashed_messages

LEVELS = ("success", "info", "warning", "danger")


def tell(level: str, text: str) -> None:
    """Show `text` on the next page; level is one of success, info, warning, danger."""
    flash(text, level)


def collect() -> list[tuple[str, str]]:
    """Return and forget what is to be told."""
    told = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    return [(level if level in LEVELS else "info", text) for level, text in told]
