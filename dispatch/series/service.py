"""Asking for a series, cancelling dates of it and taking that back; each date by its own verbs."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.amendments import restoring
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.undoing import Back
from dispatch.database import db, savepoint
from dispatch.errors import Conflict, Refusal, Several
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, Actor, Concerning, Reasons
from dispatch.requests import queries as request_queries
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.series import locking, queries, rules
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice, Rhythm
from dispatch.web.formats import local_date, local_datetime


@dataclass
class Outcome:
    """What an action did: the dates it reached, and those it left as they are, each with why."""

    done: list[SeriesDate] = field(default_factory=list)
    left: list[tuple[SeriesDate, Any]] = field(default_factory=list)
    back: list[tuple[SeriesDate, Back]] = field(default_factory=list)
    """Of dates that take place after all: who comes again, is asked again or is gone."""


def ask(
    actor: Actor,
    account: Account,
    details: RequestDetails,
    days: Collection[date],
    *,
    rhythm: Rhythm = Rhythm.CHOSEN,
    every: int = 1,
    now: datetime,
    again: bool = False,
) -> Series:
    """Store a request for each of the days, at the same wall time, as one series.

    All of them or none. Raises `Several` naming what has to change, with its day where it is one
    day's, `Refusal` (short-notice) where one comes too late and is not urgent, and `Conflict`
    (asked-already) where the organisation asked for the same before; with `again` somebody has said
    that a second is meant.
    """
    rules.require_some(sorted(days))
    prepared = _prepared(account, details, sorted(days), now)
    for one in prepared:
        requests.require_notice(one, now)
    if not again:
        _require_first(prepared)
    requests.store([(actor, one) for one in prepared], now=now)
    series = Series(
        organisation_id=prepared[0].organisation_id,
        account_id=account.id,
        rhythm=rhythm,
        every=every,
        asked_at=now,
        dates=[
            SeriesDate(number=number, interpretation_request=one)
            for number, one in enumerate(prepared, 1)
        ],
    )
    db.session.add(series)
    db.session.flush()
    record(actor, "series.asked", series, now=now)
    return series


def cancel(
    actor: Actor,
    series_id: int,
    choice: Choice,
    *,
    reasons: Reasons,
    now: datetime,
    seen: str | None = None,
) -> Outcome:
    """Cancel the named dates; each person concerned hears of all of them at once.

    Raises `Refusal` without a reason, `Conflict` where the date it begins from is over or
    cancelled, or something of the dates changed since the person looked (`seen`).
    """
    dates = locking.lock_named(series_id, choice, now=now)
    rules.require_seen(digest(dates), seen)
    for one in dates:
        cancellations.cancel_request(actor, one.interpretation_request_id, reasons=reasons, now=now)
    record(actor, "series.cancelled", dates[0].series, now=now)
    return Outcome(done=list(dates))


def can_come_back(date: SeriesDate, now: datetime) -> bool:
    """Tell whether a date is cancelled and has not begun."""
    return date.interpretation_request.state == RequestState.CANCELLED and date.starts_at > now


def undo(actor: Actor, series_id: int, choice: Choice, *, now: datetime) -> Outcome:
    """Take the cancellation of the named dates back; who came before comes again, if still free.

    What cannot be taken back, because the office cancelled it for instance, is left and named.
    """
    ids = [one.interpretation_request_id for one in queries.dates_of(series_id)]
    requests.lock_all(ids)
    off = [one for one in queries.dates_of(series_id) if can_come_back(one, now)]
    dates = rules.named(off, choice)
    locking.lock_people_of([one.interpretation_request_id for one in dates])
    back: list[tuple[SeriesDate, Back]] = []

    def undo_one(one: SeriesDate) -> None:
        back.append((one, restoring.undo(actor, one.interpretation_request_id, now=now)))

    outcome = for_each(dates, undo_one)
    outcome.back = back
    record(actor, "series.undone", dates[0].series, now=now)
    return outcome


def for_each(dates: Sequence[SeriesDate], act: Callable[[SeriesDate], object]) -> Outcome:
    """Do something for each date or nothing of it; what is refused for one leaves the others.

    Raises the first refusal where it is refused for all.
    """
    outcome, refusals = Outcome(), []
    for one in dates:
        try:
            with savepoint():
                act(one)
        except Refusal as refusal:
            outcome.left.append((one, refusal.text))
            refusals.append(refusal)
        else:
            outcome.done.append(one)
    if not outcome.done:
        raise refusals[0]
    return outcome


def digest(dates: Sequence[SeriesDate]) -> str:
    """Return a text that differs where the dates or anything of their requests differ."""
    return rules.digest_of(
        (one.interpretation_request_id, one.interpretation_request.version) for one in dates
    )


def record(
    actor: Actor, kind: str, series: Series, *, now: datetime, reasons: Reasons = NO_REASONS
) -> None:
    """Write down what happened to a series; what that did to each date stands with its request."""
    concerning = Concerning(organisation=series.organisation_id, series=series.id)
    ledger.record(actor, kind, concerning, now=now, reasons=reasons)


def on_day(details: RequestDetails, day: date) -> RequestDetails:
    """Return what is asked for on another day at the same wall time."""
    return replace(details, wall_start=datetime.combine(day, details.wall_start.time()))


def _prepared(
    account: Account, details: RequestDetails, days: Sequence[date], now: datetime
) -> list[InterpretationRequest]:
    prepared: list[InterpretationRequest] = []
    refusals: dict[tuple[str, str], Refusal] = {}
    for day in days:
        try:
            prepared.append(requests.prepare(account, on_day(details, day), now=now))
        except Several as several:
            for one in several.refusals:
                told = _of_day(one, day) if one.field == "start" else one
                refusals.setdefault((one.code, str(told.text)), told)
    if refusals:
        raise Several(list(refusals.values()))
    return prepared


def _of_day(refusal: Refusal, day: date) -> Refusal:
    text = _l("%(day)s: %(why)s", day=local_date(day), why=refusal.text)
    return Refusal(refusal.code, text, field=refusal.field)


def _require_first(prepared: Sequence[InterpretationRequest]) -> None:
    # Locked before looking: of two that arrive at the same moment the second sees the first.
    requests.lock_asking(prepared[0].organisation_id)
    earlier = [one for one in request_queries.same_as(prepared) if one is not None]
    if earlier:
        raise Conflict(
            "asked-already",
            _l(
                "Asked for already: %(count)d of these dates, the first as %(reference)s on "
                "%(moment)s; really a second one?",
                count=len(earlier),
                reference=earlier[0].reference,
                moment=local_datetime(earlier[0].starts_at, earlier[0].time_zone),
            ),
        )
