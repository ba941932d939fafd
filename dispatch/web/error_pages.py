"""Answers to what was refused, on a page that says what would be right."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dispatch.errors import Refusal

_TITLES = {
    403: _l("Not for you"),
    404: _l("Nothing here"),
    409: _l("Somebody was faster"),
    410: _l("This is over"),
    413: _l("Too large"),
    429: _l("Too often"),
    503: _l("Not available right now"),
}


def register(app: Flask) -> None:
    """Answer refusals and HTTP errors with a page in plain words."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Say what was refused, why, and what would be right."""
    return _page(refusal.status, str(refusal.text))


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that the form was open for too long."""
    return _page(400, _("This page was open for too long; go back, reload it and send it again."))


def _database_away(_error: OperationalError) -> ResponseReturnValue:
    return _page(503, _("The database cannot be reached right now; please try again in a moment."))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    texts = {
        403: _("Your role does not include this page."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This address does not take what was sent; go back and use the page's buttons."),
        415: _("This address takes forms only; go back and use the page's buttons."),
        413: _("What you sent is too large; one megabyte is the most."),
    }
    code = error.code or 500
    text = texts.get(code, _("Something went wrong here. Nothing was changed; please try again."))
    return _page(code, text)


def _page(status: int, text: str) -> ResponseReturnValue:
    title = _TITLES.get(status, _l("This did not work"))
    return render_template("errors/error.html", code=status, title=title, text=text), status
