"""The requests somebody may see, and many taken over from a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts import queries as accounts
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments import queries as assignments
from dispatch.errors import Refusal
from dispatch.offers.asked import asked_among
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.forms import ImportForm
from dispatch.pages.coordinator.why_open import whys_open
from dispatch.pages.turning import turn
from dispatch.requests import files, finding, importing, taking
from dispatch.requests.finding import Which
from dispatch.requests.headings import COLUMNS
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.tables import limits
from dispatch.web.forms import attach
from dispatch.web.gate import takes_file
from dispatch.web.once import once
from dispatch.web.policy import only

TITLES = {
    Which.COMING: _l("To come"),
    Which.PAST: _l("Over"),
    Which.OPEN: _l("Open"),
    Which.SOON: _l("Open until the next working day is over"),
    Which.LATER: _l("Open later"),
    Which.ASKED: _l("Asked, not answered"),
    Which.URGENT: _l("Urgent"),
    Which.REVIEW: _l("To review"),
    Which.TO_SETTLE: _l("Language to be settled"),
    Which.RAN_OUT: _l("Rounds that ran out"),
    Which.MISSED: _l("Began today with nobody there"),
}
WANTED = {Which.OPEN, Which.SOON, Which.LATER, Which.URGENT, Which.RAN_OUT}
"""In these lists each request has a free seat."""


@blueprint.get("/requests")
@only(*ASKS, Role.COORDINATOR)
def requests() -> ResponseReturnValue:
    """List what the account may see, by what is looked for; the address says all of it."""
    show, state = request.args.get("show"), request.args.get("state")
    sought = finding.Sought(
        which=Which(show) if show in set(Which) else Which.COMING,
        text=request.args.get("q", "").strip(),
        state=state if state in set(RequestState) else None,
    )
    now = clock.now()
    page = finding.requests_page(current_user, sought, now, turn())
    ids = [one.id for one in page.rows]
    people = assignments.people_of(ids)
    return render_template(
        "pages/caseworker/requests.html",
        page=page,
        coming=people.coming,
        asked=asked_among(ids),
        asked_again=people.asked_again,
        by_whom=_by_whom(page.rows),
        why=_why(sought.which, page.rows, now),
        sought=sought,
        titles=TITLES,
        states=list(RequestState),
    )


def _by_whom(found: Iterable[InterpretationRequest]) -> dict[int, str]:
    """Return who asked, by account, for the lead of an organisation."""
    if current_user.role != Role.ORGANISATION_LEAD:
        return {}
    return accounts.names_of({one.account_id for one in found})


def _why(which: Which, found: Sequence[InterpretationRequest], now: datetime) -> dict[int, str]:
    """Return for the office, by request, why it needs a hand; in lists of what has a free seat."""
    is_for_office = current_user.role == Role.COORDINATOR and which in WANTED
    return whys_open(found, now) if is_for_office else {}


@blueprint.get("/requests/import")
@only(*ASKS)
def import_form() -> ResponseReturnValue:
    """Show where a file goes and what it looks like."""
    return _import_page(ImportForm())


@blueprint.post("/requests/import")
@only(*ASKS)
@takes_file(limits.MOST_BYTES, limits.too_large().text)
def import_file() -> ResponseReturnValue:
    """Take all rows of a file, or none and say what is wrong in each."""
    form = ImportForm()
    if form.validate():
        try:
            return _take(form)
        except Refusal as refusal:
            attach(form, refusal)
    return _import_page(form), 422


@blueprint.get("/requests/import/<int:file_id>")
@only(*ASKS)
def imported(file_id: int) -> str:
    """Show how far a file is that is taken over in the background, and what became of it."""
    return render_template(
        "pages/caseworker/imported.html",
        file=files.find(current_user.id, file_id),
        how_to_repeat=taking.HOW_TO_REPEAT,
    )


def _take(form: ImportForm) -> ResponseReturnValue:
    """Take a small file over at once; a large one in the background, shown on its own page."""
    now, content, again = clock.now(), form.file.data.read(), form.again.data
    form.file.data.seek(0)
    rows = importing.rows_in(current_user, content)
    if len(rows) > files.MOST_AT_ONCE:
        with once() as outcome:
            file = files.bring(current_user, content, row_count=len(rows), again=again, now=now)
            outcome.leads_to(url_for("caseworker.imported", file_id=file.id))
        return outcome.answer()
    checked = importing.check(current_user, rows, now=now)
    with once() as outcome:
        taken = taking.store(checked, now=now, again=again)
        outcome.leads_to(url_for("caseworker.requests"), *_told(taken))
    return outcome.answer()


def _told(taken: taking.Taken) -> Iterator[tuple[str, str]]:
    count = len(taken.ids)
    told = ngettext("%(num)d request was taken over.", "%(num)d requests were taken over.", count)
    yield "success" if count else "info", told
    if taken.there:
        yield "warning", " ".join((*taken.there, str(taking.HOW_TO_REPEAT)))


def _import_page(form: ImportForm) -> str:
    return render_template(
        "pages/caseworker/import.html",
        form=form,
        columns=COLUMNS.known,
        limits=limits.SAID,
        at_once=files.MOST_AT_ONCE,
        latest=files.latest(current_user.id),
    )
