"""Coming back to the page with what was typed, the one reason and the next step."""

from urllib.parse import SplitResult, urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, Unauthorized

from dispatch import clock
from dispatch.accounts import kept
from dispatch.accounts.sessions import former_account_id
from dispatch.database import transaction
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.web import error_pages
from dispatch.web.gate import NotLetIn
from dispatch.web.notices import tell
from dispatch.web.once import MARKS
from dispatch.web.urls import local_target

KEY = "kept"
NEVER_KEPT = MARKS | {"password", "version", "seen", "series-seen"}
"""What belongs to what was looked at; who comes back looks at what is there now."""
LONGEST_QUERY = 1_000
"""Bytes of a query that are carried along; written twice into an address they are thrice as long,
and proxies refuse an answer whose head has more than some kilobytes."""
LEADS_BACK = frozenset({Conflict.status, Gone.status, Refusal.status})
"""Refusals a page can be shown with; what is nobody's to see, or broken, has no page to show."""


def register(app: Flask) -> None:
    """Lead back instead of ending on a page that only says no; after the other error pages."""
    app.register_error_handler(Unauthorized, _signed_out)
    app.register_error_handler(CSRFError, _out_of_date)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(NotLetIn, error_pages.refused)


def typed() -> MultiDict[str, str] | None:
    """Return what the reader typed into this form before it was out of date, as a form's data."""
    if request.method != "GET" or KEY not in session or not current_user.is_authenticated:
        return None
    here = {request.path, request.full_path.rstrip("?")}
    fields = kept.find(session[KEY], current_user.id, here, clock.now())
    return MultiDict((name, text) for name, text in fields) or None


def keep_typed(page: str) -> None:
    """Keep what the form now sent holds, for `page` to show again."""
    _keep(current_user.id, page.rstrip("?"))


def put_away_typed() -> None:
    """Forget what was typed before: the form is begun anew from something else."""
    session.pop(KEY, None)


def _signed_out(_error: HTTPException) -> ResponseReturnValue:
    if request.method == "GET":
        too_long = len(request.query_string) > LONGEST_QUERY
        wanted = request.path if too_long else request.full_path.rstrip("?")
        return redirect(url_for("security.login", next=wanted))
    page = _page()
    _keep(former_account_id(session), page)
    tell("warning", _("Your time here had run out; sign in, and what you typed is still there."))
    return redirect(url_for("security.login", next=page))


def _out_of_date(error: CSRFError) -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return error_pages.stale_form(error)
    page = _page()
    if not current_user.is_authenticated:
        tell("warning", _("This page was open for too long; please press once more."))
        return redirect(page)
    _keep(current_user.id, page)
    tell(
        "warning",
        _("This page was open for too long; look at what you typed and send it again."),
    )
    return redirect(page)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    no_page = request.method == "GET" or "HX-Request" in request.headers
    if no_page or refusal.status not in LEADS_BACK:
        return error_pages.refused(refusal)
    page = _page()
    if current_user.is_authenticated:
        _keep(current_user.id, page)
    tell("warning", str(refusal.text))
    return redirect(page)


def _page() -> str:
    """Return the page the form stands on: its own address, the one it was sent from, or above."""
    if _can_be_opened(request.path):
        return request.path
    sender = _sender()
    if sender.netloc == request.host and _can_be_opened(sender.path):
        return local_target(sender.path + (f"?{sender.query}" if sender.query else ""))
    parts = request.path.split("/")
    above = ("/".join(parts[:end]) for end in range(len(parts) - 1, 1, -1))
    return next(filter(_can_be_opened, above), "/")


def _sender() -> SplitResult:
    """Return the address a form says it was sent from; an empty one for what is no address."""
    try:
        return urlsplit(request.referrer or "")
    except ValueError:  # such as http://[
        return urlsplit("")


def _can_be_opened(path: str) -> bool:
    return current_app.url_map.bind("").test(path, "GET")


def _keep(account_id: int | None, page: str) -> None:
    fields = [
        (name, text) for name, text in request.form.items(multi=True) if name not in NEVER_KEPT
    ]
    if account_id is None or not fields:
        return
    with transaction():
        session[KEY] = kept.keep(account_id, page, fields, clock.now())
