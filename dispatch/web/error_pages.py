"""Answers to what was refused, on a page that says what would be right."""

import logging

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from dispatch import settings
from dispatch.database_refusals import as_outage
from dispatch.errors import Refusal, TooMany, Unavailable
from dispatch.repeated import Repeated
from dispatch.web import gate

RETRY_AFTER_SECONDS = 30
OUTAGES = "dragoman outages"
_log = logging.getLogger(__name__)

_TITLES = {
    403: _l("Not for you"),
    404: _l("Nothing here"),
    409: _l("This cannot be done as things stand"),
    410: _l("This is over"),
    413: _l("Too large"),
    429: _l("Too often"),
    503: _l("Not available right now"),
}


def register(app: Flask) -> None:
    """Answer refusals and HTTP errors with a page in plain words."""
    app.extensions[OUTAGES] = Repeated(_log)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.after_request(_say_when_to_come_back)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Say what was refused, why, and what would be right."""
    page, status = _page(refusal.status, str(refusal.text))
    return page, status, headers_of(refusal)


def headers_of(refusal: Refusal) -> dict[str, str]:
    """Return what the answer says to programs: after how many seconds to come back, if it does."""
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(int(refusal.wait.total_seconds()))}
    return {}


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that the form was open for too long."""
    return _page(400, _("This page was open for too long; go back, reload it and send it again."))


def outage_of(failure: BaseException | None) -> Unavailable | None:
    """Return the outage a failure comes from; None for anything else."""
    if failure is None or isinstance(failure, Unavailable):
        return failure
    return as_outage(failure)


def _unavailable(outage: Unavailable) -> Response:
    """Say it on a page that asks the database nothing, not even who is signed in."""
    what = f"503 ({outage.code})"
    current_app.extensions[OUTAGES].say(what, f"{request.method} {request.endpoint}: {what}")
    spoken = settings.active().city.locales
    with force_locale(request.accept_languages.best_match(spoken) or spoken[0]):
        page = current_app.jinja_env.get_template("errors/outage.html").render(
            title=str(_TITLES[503]), text=str(outage.text), again=_("Try again"), path=request.path
        )
    response = make_response(page, outage.status)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _say_when_to_come_back(response: Response) -> Response:
    """Answer a form that the database could not take as an outage, not as a fault of the form."""
    if g.get("unavailable"):
        response.status_code = Unavailable.status
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _database_failed(failure: SQLAlchemyError) -> ResponseReturnValue:
    outage = as_outage(failure)
    if outage is None:
        raise failure
    return _unavailable(outage)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    # what fails while the session is read or written comes here as a fault of the server
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    if (outage := outage_of(cause)) is not None:
        return _unavailable(outage)
    if (
        error.code == 400 and error is request.routing_exception
    ):  # a page needs addresses, and there is none to begin with
        text = _("The name of this server is written in a way that cannot be read; look at it.")
        return Response(text, error.code, mimetype="text/plain")
    texts = {
        403: _("Your role does not include this page."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This address does not take what was sent; go back and use the page's buttons."),
        415: _("This address takes forms only; go back and use the page's buttons."),
        413: gate.why_too_large() or _("What you sent is too large; one megabyte is the most."),
    }
    code = error.code or 500
    text = texts.get(code, _("Something went wrong here. Nothing was changed; please try again."))
    return _page(code, text)


def _page(status: int, text: str) -> tuple[str, int]:
    title = _TITLES.get(status, _l("This did not work"))
    return render_template("errors/error.html", code=status, title=title, text=text), status
