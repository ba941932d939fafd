"""Whom a change concerns and how, before anything is done; the verb asks the same questions."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.amendments import rules, unheard
from dispatch.amendments.ability import why_not_so
from dispatch.amendments.rules import Demand, Fate, sharing_after
from dispatch.assignments import service as assignments
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, TO_COME, Terms
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.offers import approving
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.long_ways import Planned
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.details import AS_SAID, RequestDetails, as_said, checked, latest_start_at
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import (
    Divided,
    asked_for,
    part_of,
    require_as_shared,
    talk_begins,
)
from dispatch.requests.ways import written
from dispatch.settings import active
from dispatch.sites.models import Site

NOT_NEEDED = _l("Fewer interpreters are needed.")
FAR = _l("the way is so long now that the office decides first whether this person is asked")


@dataclass(frozen=True)
class Concerned:
    """One person whom a change concerns: by which question or assignment, and how it ends.

    `why` says what keeps somebody who leaves from coming, which the office alone reads (see
    `telling`); where that is the way alone, the office decides whether they are asked anew
    (`to_office`).
    """

    by: Offer | Assignment
    fate: Fate
    terms: Terms
    why: Any = ""
    to_office: bool = False

    @property
    def interpreter(self) -> Interpreter:
        """The person."""
        return self.by.interpreter


@dataclass(frozen=True)
class Foreseen:
    """What a change would do: what is different, what is asked for then, each person's part.

    `back_to` is what was agreed with people to whose start it goes back, a change before it being
    taken back before they have agreed to it.
    """

    names: frozenset[str]
    demand: Demand
    people: tuple[Concerned, ...]
    back_to: tuple[Confirmation, ...] = ()

    def asked_of(self, fate: Fate) -> list[Concerned]:
        """Return those who wait to answer an offer and whom it concerns in this way."""
        return [one for one in self.people if one.fate == fate and isinstance(one.by, Offer)]

    def coming_of(self, fate: Fate) -> list[Concerned]:
        """Return those who have said yes before and whom it concerns in this way."""
        return [one for one in self.people if one.fate == fate and isinstance(one.by, Assignment)]

    @property
    def digest(self) -> str:
        """A text that differs where anything of it differs, to see whether it still holds."""
        parts = sorted(f"{one.by.__tablename__}{one.by.id}{one.fate}" for one in self.people)
        return sha256(repr((sorted(self.names), self.demand, parts)).encode()).hexdigest()


def demand_of(one: InterpretationRequest) -> Demand:
    """Return what a request asks for as it stands."""
    return Demand(**{field.name: getattr(one, field.name) for field in fields(Demand)})


def demand_for(details: RequestDetails, now: datetime, *, stays_at: int) -> Demand:
    """Return what somebody wants to be asked for; raises `Several` as asking does.

    A request may stay at a site that was closed meanwhile (`stays_at`), but not move to one.
    """
    language, site, starts_at = checked(details, now, stays_at=stays_at)
    return Demand(
        language=language,
        site_id=site.id,
        starts_at=starts_at,
        latest_start_at=latest_start_at(details, site),
        ways=written(details.ways),
        **as_said(details),
    )


def details_of(one: InterpretationRequest) -> RequestDetails:
    """Return a request as somebody would fill it in, to be changed a little."""
    starts, latest = (
        clock.at_place(at, one.time_zone) for at in (one.starts_at, one.latest_start_at)
    )
    doubled = [
        at for at in (starts, latest) if at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset()
    ]
    return RequestDetails(
        language=one.language,
        site_id=one.site_id,
        wall_start=starts.replace(tzinfo=None, fold=0),
        second_occurrence=bool(doubled[0].fold) if doubled else None,
        latest_start=latest.time() if one.has_window else None,
        ways=one.ranked_ways,
        **{name: getattr(one, name) for name in AS_SAID},
    )


def details_to_ask_again(one: InterpretationRequest) -> RequestDetails:
    """Return the same as somebody would ask for it anew: for one, also where two shared it."""
    count = asked_for(one.interpreter_count, one.sharing)
    return replace(details_of(one), interpreter_count=count)


def foresee(
    interpretation_request: InterpretationRequest,
    details: RequestDetails,
    *,
    now: datetime,
    office_asked: bool = False,
) -> Foreseen:
    """Return whom a change would concern and how; changes nothing.

    Raises `Several` naming every field that cannot be so, `Refusal` where nothing is different or
    fewer are asked for than come, `Refusal` (short-notice) where it would begin sooner than before
    and than the city wants to be asked, unless that was agreed and a change is taken back, or
    the office has asked for it;
    `Conflict` where it has ended or begun.
    """
    request_rules.require_alive(interpretation_request.state, interpretation_request.ends_at, now)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    coming = [one for one in assignments.live(interpretation_request) if one.state in TO_COME]
    agreed_starts = [
        talk_begins(interpretation_request, one.seat, one.starts_at)
        for one in coming
        if one.state in AGREED
    ]
    before = demand_of(interpretation_request)
    wanted = demand_for(details, now, stays_at=before.site_id)
    after = rules.with_time_agreed(before, wanted, agreed_starts)
    names = rules.changed(before, after)
    rules.require_something(names)
    back_to = _agreed_at(interpretation_request, coming, after.starts_at)
    if not back_to and not office_asked:
        _require_notice(interpretation_request, after, now, is_urgent=details.is_urgent)
    require_as_shared(shared=interpretation_request.sharing is not None, changed=names)
    if rules.HOW_MANY & names:
        requests.require_team(interpretation_request.organisation, details)
    rules.require_enough(after.interpreter_count, len(coming))
    needed = after.interpreter_count - len(coming)
    people = [concerned(one, names, after, interpretation_request, now) for one in coming]
    people += [
        # Of those asked at once the first yes counts: they stay while one of them is needed.
        concerned(one, names, after, interpretation_request, now, needed=number < needed)
        for one, number in _numbered(offers.open_for(interpretation_request.id))
    ]
    return Foreseen(names, after, tuple(people), back_to)


def _agreed_at(
    one: InterpretationRequest, coming: Sequence[Assignment], starts_at: datetime
) -> tuple[Confirmation, ...]:
    """Return what people agreed to last who are asked about another start than this one."""
    before = [(by.seat, agreed.still_agreed(by)) for by in coming]
    return tuple(
        was for seat, was in before if was and talk_begins(one, seat, was.starts_at) == starts_at
    )


def _require_notice(
    one: InterpretationRequest, after: Demand, now: datetime, *, is_urgent: bool
) -> None:
    """Refuse an earlier start on short notice, unless it is, or is now said to be, urgent."""
    if after.starts_at < one.starts_at:
        city, urgent = active().city, one.is_urgent or is_urgent
        request_rules.require_notice(after.starts_at, now, city, is_urgent=urgent)


def _numbered(questions: Sequence[Offer]) -> Iterator[tuple[Offer, int]]:
    """Yield each question with how many seats others are asked for before it."""
    exclusive = [one for one in questions if one.exclusive]
    yield from ((one, number) for number, one in enumerate(exclusive))
    yield from ((one, len(exclusive)) for one in questions if not one.exclusive)


def concerned(
    by: Offer | Assignment,
    names: Collection[str],
    after: Demand,
    interpretation_request: InterpretationRequest,
    now: datetime,
    *,
    needed: bool = True,
) -> Concerned:
    """Return what a change of these names to `after` means for one person."""
    current = offer_service.terms_of(by) if isinstance(by, Offer) else agreed.of(by)
    wanted = _terms_after(current, names, after, interpretation_request)
    why = "" if needed else NOT_NEEDED
    why = why or why_not_so(by, wanted, names, after, now)
    confirmed = by.state in AGREED
    fate = rules.fate(current, wanted, names, confirmed=confirmed, able=not why)
    if fate == Fate.ASKED_AGAIN and _stands_again(by, wanted, names):
        return Concerned(by, Fate.STANDS, wanted)
    if fate == Fate.ASKED_AGAIN and _is_far(by, current, wanted):
        return Concerned(by, Fate.LEAVES, wanted, FAR, to_office=True)
    return Concerned(by, fate, wanted, why)


def _stands_again(by: Offer | Assignment, wanted: Terms, names: Collection[str]) -> bool:
    """Tell whether it goes back to what somebody agreed to, before they were asked otherwise."""
    return isinstance(by, Assignment) and unheard.stands_again(by, wanted, frozenset(names))


def _is_far(by: Offer | Assignment, current: Terms, wanted: Terms) -> bool:
    """Tell whether the way has become one that the office decides on before anybody is asked."""

    def visit(terms: Terms) -> Planned:
        site = db.session.get_one(Site, terms.site_id)
        who, span = by.interpreter, (terms.starts_at, terms.ends_at)
        return Planned(who, site, terms.way, *span, by.hold_id)

    undecided = by.state == OfferState.TO_APPROVE
    before = None if undecided else visit(current)
    return approving.is_needed(by.interpretation_request_id, visit(wanted), before)


def _terms_after(
    current: Terms, names: Collection[str], after: Demand, one: InterpretationRequest
) -> Terms:
    """Return the terms of somebody after the change; of a talk that two share, their part of it."""
    if one.sharing is None:
        return rules.terms_after(current, names, after)
    begins = talk_begins(one, current.seat, current.starts_at)
    ends = begins + timedelta(minutes=one.duration_minutes)
    whole = replace(current, language=one.language, starts_at=begins, ends_at=ends)
    talk = rules.terms_after(whole, names, after)
    shared = sharing_after(one.sharing, one.handover_minutes, after)
    divided = Divided(talk.language, after.duration_minutes, shared)
    part = part_of(divided, current.seat, talk.starts_at)
    return replace(talk, **part._asdict())


def interpreters_of(people: Sequence[Concerned]) -> list[int]:
    """Return whose rows a verb locks, in the one order that every verb keeps."""
    return sorted({one.by.interpreter_id for one in people})
