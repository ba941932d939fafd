"""Characters that no database keeps are refused before a view sees them."""

from flask import Flask, request
from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

UNKEEPABLE = "\x00"


def register(app: Flask) -> None:
    """Refuse forms and queries that hold the character NUL."""

    @app.before_request
    def refuse_unkeepable() -> None:
        if any(UNKEEPABLE in value for value in request.values.values()):
            raise Refusal(
                "unkeepable-character",
                _l("A text holds the character NUL; go back, remove it and send it again."),
            )
