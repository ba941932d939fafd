"""Asking for interpreters, one by one or from a file."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch import database, engine, settings
from dispatch.accounts.models import Account
from dispatch.cities.working_time import is_short_notice
from dispatch.clock import at_place
from dispatch.database import db, one_at_a_time
from dispatch.errors import Conflict, Forbidden
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.languages.rules import NOT_LISTED
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, Actor, Concerning, Reasons
from dispatch.organisations.models import Organisation
from dispatch.requests import messages, overtaken, queries, rules, ways
from dispatch.requests.details import RequestDetails, as_said, checked, latest_start_at
from dispatch.requests.looking import look_again_at as look_again_at
from dispatch.requests.looking import look_again_on as look_again_on
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.formats import local_datetime

BEGIN_ROUND = "begin_round"
"""The job of planning that asks by itself for what comes in, where that is agreed."""


def submit(
    actor: Actor, account: Account, details: RequestDetails, *, now: datetime, again: bool = False
) -> InterpretationRequest:
    """Store what was asked for and return it with its reference number.

    Raises `Several` naming every field that has to change, `Refusal` (short-notice) for what comes
    too late and is not said to be urgent, and `Conflict` (asked-already) when the organisation
    asked for the same before; with `again` somebody has said that a second is meant.
    """
    interpretation_request = prepare(account, details, now=now)
    require_notice(interpretation_request, now)
    if not again:
        _require_first(interpretation_request)
    store([(actor, interpretation_request)], now=now)
    return interpretation_request


def prepare(account: Account, details: RequestDetails, *, now: datetime) -> InterpretationRequest:
    """Return what would be stored, checked, but without a number; nothing is written.

    Raises `Several` naming every field that has to change, `Refusal` (two-needed) for one
    interpreter where two are sent as a rule.
    """
    if account.organisation_id is None:
        raise Forbidden(
            "no-organisation",
            _l("Only members of an organisation ask for interpreters; this account has none."),
        )
    _require_asking(account.organisation)
    language, site, starts_at = checked(details, now)
    require_team(account.organisation, details)
    latest = latest_start_at(details, site)
    city = settings.active().city
    needs_review = account.organisation is not None and account.organisation.is_reviewed
    return InterpretationRequest(
        organisation_id=account.organisation_id,
        account_id=account.id,
        site_id=site.id,
        language=language,
        starts_at=starts_at,
        latest_start_at=latest,
        ends_at=latest + timedelta(minutes=details.duration_minutes),
        time_zone=site.time_zone,
        wall_start=details.wall_start.isoformat(timespec="minutes"),
        ways=ways.written(details.ways),
        **as_said(details),
        is_urgent=details.is_urgent and is_short_notice(now, starts_at, city),
        state=RequestState.IN_REVIEW if needs_review else RequestState.OPEN,
        needs_review=needs_review,
        submitted_at=now,
        next_word_at=rules.next_word_at(now, starts_at, city),
    )


def _require_asking(organisation: Organisation | None) -> None:
    if organisation is not None and not organisation.active:
        raise Conflict(
            "organisation-closed",
            _l(
                "%(name)s does not ask for interpreters any more. If that is a mistake, call "
                "the office.",
                name=organisation.name,
            ),
        )


def require_team(organisation: Organisation | None, details: RequestDetails) -> None:
    """Refuse one interpreter for longer than the organisation, or else the city, sends one."""
    agreed = organisation.two_above_minutes if organisation else None
    rules.require_team(
        details.duration_minutes,
        details.interpreter_count,
        details.alone_because,
        two_above_minutes=agreed or settings.active().city.policies.two_above_minutes,
    )


def require_notice(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Refuse what is prepared and comes later than the city wants, unless it is urgent."""
    one = interpretation_request
    rules.require_notice(one.starts_at, now, settings.active().city, is_urgent=one.is_urgent)


def store(prepared: Collection[tuple[Actor, InterpretationRequest]], *, now: datetime) -> None:
    """Give what was prepared its numbers, and store all of it with what changed."""
    numbers = queries.new_references(len(prepared), now)
    for (_actor, interpretation_request), number in zip(prepared, numbers, strict=True):
        interpretation_request.reference = number
    db.session.add_all(interpretation_request for _actor, interpretation_request in prepared)
    db.session.flush()
    sent_in = [(actor, concerning(one)) for actor, one in prepared]
    ledger.record_each("request.submitted", sent_in, now=now)
    for actor, interpretation_request in prepared:
        if interpretation_request.is_urgent:
            ledger.record(actor, "request.urgent", concerning(interpretation_request), now=now)
        asked_by = _in_whose_name(actor, interpretation_request)
        messages.received(interpretation_request, now, asked_by)
        begin_by_itself(interpretation_request)


def begin_by_itself(one: InterpretationRequest) -> None:
    """Have the round begin without the office, if it does."""
    if begins_by_itself(one):
        engine.enqueue(BEGIN_ROUND, one.id, key=f"{BEGIN_ROUND}-{one.id}")


def begins_by_itself(one: InterpretationRequest) -> bool:
    """Tell whether people are asked without the office: that is agreed, or in the urgent lane."""
    in_the_lane = one.is_urgent and settings.active().city.policies.urgent_strategy is not None
    agreed = one.organisation.asks_by_itself_since is not None
    return (in_the_lane or agreed) and not one.needs_review and one.language != NOT_LISTED


def _in_whose_name(actor: Actor, interpretation_request: InterpretationRequest) -> str:
    """Return the name of the colleague who asked for somebody else; nothing if nobody did."""
    if actor.account_id in {None, interpretation_request.account_id}:
        return ""
    colleague = db.session.get(Account, actor.account_id)
    return colleague.name if colleague else ""


def lock(request_id: int) -> InterpretationRequest:
    """Return the request, held until the transaction ends: the first lock of every verb."""
    return database.lock(InterpretationRequest, request_id)


def lock_all(request_ids: Collection[int]) -> list[InterpretationRequest]:
    """Return several requests in the order of their ids, locked in this order."""
    return database.lock_all(InterpretationRequest, request_ids)


def change_state(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    wanted: RequestState,
    *,
    now: datetime,
    reasons: Reasons = NO_REASONS,
    kind: str | None = None,
) -> None:
    """Move the (locked) request along the table of states and write it down, as `kind` if given."""
    rules.require_transition(interpretation_request.state, wanted)
    interpretation_request.state = wanted
    if wanted in {RequestState.OPEN, RequestState.CANCELLED}:
        look_again_at(interpretation_request, now)
    if wanted == RequestState.FILLED:
        overtaken.by_who_comes(interpretation_request, now)
    if wanted == RequestState.OPEN:  # what was due while it was filled was not said and is not news
        interpretation_request.next_word_at = rules.next_word_at(
            now, interpretation_request.starts_at, settings.active().city
        )
    ledger.record(
        actor,
        kind or f"request.{wanted}",
        concerning(interpretation_request),
        now=now,
        fields=["state"],
        reasons=reasons,
    )


def settle(actor: Actor, interpretation_request: InterpretationRequest, *, now: datetime) -> None:
    """Make the (locked) request filled when everybody comes, and open when not, if it lives."""
    full = coming_to(interpretation_request.id) == interpretation_request.seats_of_pool
    wanted = RequestState.FILLED if full else RequestState.OPEN
    if interpretation_request.state in rules.ALIVE - {wanted}:
        change_state(actor, interpretation_request, wanted, now=now)


def agree_on(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    starts_at: datetime,
    *,
    now: datetime,
) -> None:
    """Close the window of a (locked) request: from now on it begins then, for everybody.

    It stays so when whoever agreed falls out: those who asked were told this time. Nothing happens
    where there is no window.
    """
    one = interpretation_request
    if not one.has_window:
        return
    one.starts_at = one.latest_start_at = starts_at
    one.ends_at = starts_at + timedelta(minutes=one.duration_minutes)
    one.wall_start = wall_of(one)
    one.next_word_at = rules.next_word_at(now, starts_at, settings.active().city)
    fields = ["starts_at", "latest_start_at"]
    ledger.record(actor, "request.time-agreed", concerning(one), now=now, fields=fields)


def open_window_again(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    first: datetime,
    latest: datetime,
    *,
    now: datetime,
) -> None:
    """Let a (locked) request have the window again whose close is undone; nobody may be seated."""
    one = interpretation_request
    one.starts_at, one.latest_start_at = first, latest
    one.ends_at = latest + timedelta(minutes=one.duration_minutes)
    one.wall_start = wall_of(one)
    one.next_word_at = rules.next_word_at(now, first, settings.active().city)
    fields = ["starts_at", "latest_start_at"]
    ledger.record(actor, "request.window-again", concerning(one), now=now, fields=fields)


def wall_of(interpretation_request: InterpretationRequest) -> str:
    """Return the start as wall time at the site, as it is kept beside the instant."""
    local = at_place(interpretation_request.starts_at, interpretation_request.time_zone)
    return local.replace(tzinfo=None).isoformat(timespec="minutes")


def lock_asking(organisation_id: int) -> None:
    """Let one transaction at a time look for and store requests of an organisation."""
    one_at_a_time(f"asking:{organisation_id}")


def concerning(interpretation_request: InterpretationRequest) -> Concerning:
    """Return whose request it is, for the record."""
    return Concerning(
        organisation=interpretation_request.organisation_id,
        interpretation_request=interpretation_request.id,
    )


def coming_to(request_id: int) -> int:
    """Return how many interpreters have said that they come."""
    return sum(hold.cause == Cause.ASSIGNMENT for hold in holds.of_request(request_id))


def _require_first(interpretation_request: InterpretationRequest) -> None:
    # Locked before looking: of two that arrive at the same moment the second sees the first.
    lock_asking(interpretation_request.organisation_id)
    [earlier] = queries.same_as([interpretation_request])
    if earlier:
        raise Conflict(
            "asked-already",
            _l(
                "%(name)s asked for this on %(moment)s (%(reference)s); really a second one?",
                name=earlier.account.name,
                moment=local_datetime(earlier.submitted_at, earlier.time_zone),
                reference=earlier.reference,
            ),
        )
