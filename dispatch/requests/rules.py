"""What may be asked for, and the life of a request."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as ngettext  # type: ignore[attr-defined]

from dispatch.cities import City
from dispatch.cities.working_time import is_short_notice, noon_before, working_days_before
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.rules import MAXIMUM_LEVEL, MINIMUM_LEVEL
from dispatch.languages.rules import NOT_LISTED
from dispatch.requests.states import ALIVE as ALIVE
from dispatch.requests.states import TRANSITIONS as TRANSITIONS
from dispatch.requests.states import UNDECIDED as UNDECIDED
from dispatch.requests.states import WANTED as WANTED
from dispatch.requests.states import RequestState as RequestState


class Setting(StrEnum):
    """Where the talk belongs (ISO 18841, Annex A)."""

    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    HEALTH = "health"
    HOUSING = "housing"
    ASYLUM_AND_RESIDENCE = "asylum_and_residence"
    JOB_CENTRE = "job_centre"
    YOUTH_WELFARE = "youth_welfare"
    COUNSELLING = "counselling"
    COURT_AND_POLICE = "court_and_police"


SETTING_NAMES = {
    Setting.SCHOOL: _l("School"),
    Setting.KINDERGARTEN: _l("Kindergarten"),
    Setting.HEALTH: _l("Health"),
    Setting.HOUSING: _l("Housing"),
    Setting.ASYLUM_AND_RESIDENCE: _l("Asylum and residence"),
    Setting.JOB_CENTRE: _l("Job centre"),
    Setting.YOUTH_WELFARE: _l("Youth welfare"),
    Setting.COUNSELLING: _l("Counselling"),
    Setting.COURT_AND_POLICE: _l("Court and police"),
}


DURATIONS_MINUTES = (30, 45, 60, 90, 120, 180)
SHORTEST_MINUTES, LONGEST_MINUTES = 15, 600
MOST_INTERPRETERS = 10
LONGEST_NOTE = 500
LONGEST_TEXTS = {
    "case_reference": 40,
    "contact": 120,
    "room": 60,
    "cost_centre": 40,
    "language_in_words": 60,
    "alone_because": 120,
}
"""Characters of the short texts of a request."""

OCCURRENCES = ("first", "second")
"""Which of two equal wall times is meant on the day the clocks go back."""

FURTHEST_AHEAD = timedelta(days=366)
WARNED_WORKING_DAYS_BEFORE = 2


def require_transition(current: str, wanted: RequestState) -> None:
    """Refuse a change of state that the table does not know."""
    if wanted not in TRANSITIONS[RequestState(current)]:
        raise Conflict(
            "request-cannot-become",
            _l("This request can no longer be changed; look at where it stands now."),
        )


def require_open(state: str) -> None:
    """Refuse what only makes sense while somebody is still needed."""
    if state == RequestState.IN_REVIEW:
        raise Conflict("in-review", _l("The office looks at it first. Nobody is asked before."))
    if state != RequestState.OPEN:
        raise Conflict("request-not-open", _l("Nobody is needed for this request any more."))


def require_in_review(state: str) -> None:
    """Refuse to decide on what the office has decided on, or never had to."""
    if state != RequestState.IN_REVIEW:
        raise Conflict(
            "not-in-review",
            _l("This request does not wait for a review (any more); look at where it stands."),
        )


def require_refusable(state: str, language: str) -> None:
    """Refuse to refuse what somebody is looked for: that is cancelled, with its own reasons.

    A language nobody could find out is refused as what the office has to look at first: nobody
    can have been asked.
    """
    if state == RequestState.OPEN and language == NOT_LISTED:
        return
    require_in_review(state)


def require_alive(state: str, ends_at: datetime, now: datetime) -> None:
    """Refuse to cancel what has ended one way or another."""
    if state not in WANTED:
        raise Conflict(
            "request-cannot-become",
            _l("This request can no longer be changed; look at where it stands now."),
        )
    if ends_at <= now:
        raise Conflict(
            "request-over", _l("This is over already; what has happened cannot be cancelled.")
        )


def next_word_at(now: datetime, starts_at: datetime, city: City) -> datetime | None:
    """Return when those who ask hear next that nobody is found, if so, before the start.

    Two working days before the day, when the office opens; then at noon of the last working day
    before. None when both have passed: the next word is at the start itself.
    """
    candidates = (
        working_days_before(starts_at, WARNED_WORKING_DAYS_BEFORE, city),
        noon_before(starts_at, city),
    )
    return next((at for at in sorted(candidates) if now < at < starts_at), None)


def require_not_begun(starts_at: datetime, now: datetime) -> None:
    """Refuse to ask or assign anybody for what has begun already."""
    if starts_at <= now:
        raise Conflict("request-begun", _l("The start has passed; nobody can be sent any more."))


def require_duration(minutes: int) -> None:
    """Refuse a duration (minutes) that no talk has; an end before the start is one of them."""
    if minutes <= 0:
        raise Refusal(
            "end-before-start",
            _l("The end is not after the start; choose a duration of at least 15 minutes."),
            field="duration",
        )
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise Refusal(
            "duration-out-of-range",
            _l(
                "A talk lasts between %(low)d and %(high)d minutes; split a longer one.",
                low=SHORTEST_MINUTES,
                high=LONGEST_MINUTES,
            ),
            field="duration",
        )


def require_future(starts_at: datetime, now: datetime) -> None:
    """Refuse a start that has passed or lies further ahead than anybody plans."""
    if starts_at <= now:
        raise Refusal(
            "start-in-the-past",
            _l("The start has passed already; choose a time that is still to come."),
            field="start",
        )
    if starts_at > now + FURTHEST_AHEAD:
        raise Refusal(
            "start-too-far-ahead",
            _l("The start is more than a year ahead; ask again nearer to the day."),
            field="start",
        )


def require_notice(starts_at: datetime, now: datetime, city: City, *, is_urgent: bool) -> None:
    """Refuse what comes later than the city wants to be asked, unless it is said to be urgent."""
    if is_short_notice(now, starts_at, city) and not is_urgent:
        raise Refusal(
            "short-notice",
            ngettext(
                "This begins in less than one working day, and we ask for that much notice. "
                "Choose a later day, or say that it cannot wait.",
                "This begins in less than %(num)d working days, and we ask for that much notice. "
                "Choose a later day, or say that it cannot wait.",
                city.policies.notice_working_days,
            ),
            field="is_urgent",
        )


def require_count(interpreters: int) -> None:
    """Refuse a number of interpreters that makes no team."""
    if not 1 <= interpreters <= MOST_INTERPRETERS:
        raise Refusal(
            "interpreter-count-out-of-range",
            _l("Ask for 1 to %(most)d interpreters.", most=MOST_INTERPRETERS),
            field="interpreter_count",
        )


def require_team(
    minutes: int, interpreters: int, alone_because: str, *, two_above_minutes: int | None
) -> None:
    """Refuse one interpreter for longer than agreed, unless it is said why one is enough."""
    if two_above_minutes is None or minutes <= two_above_minutes:
        return
    if interpreters == 1 and not alone_because.strip():
        raise Refusal(
            "two-needed",
            _l(
                "What is longer than %(minutes)d minutes two interpret in turn. Ask for 2, or say "
                "why one is enough.",
                minutes=two_above_minutes,
            ),
            field="interpreter_count",
        )


def require_note(note: str) -> None:
    """Refuse a note so long that it would tell a story about somebody."""
    if len(note) > LONGEST_NOTE:
        raise Refusal(
            "note-too-long",
            _l(
                "The note has %(length)d characters; %(most)d are the most. Leave out everything "
                "about the client.",
                length=len(note),
                most=LONGEST_NOTE,
            ),
            field="note",
        )


def require_length(field: str, text: str) -> None:
    """Refuse a short text (a key of LONGEST_TEXTS) that is not short."""
    if len(text) > LONGEST_TEXTS[field]:
        raise Refusal(
            f"{field.replace('_', '-')}-too-long",
            _l("%(most)d characters are the most; shorten the text.", most=LONGEST_TEXTS[field]),
            field=field,
        )


def has_legal_consequences(setting: str, *, decides_on_rights: bool, is_signed: bool) -> bool:
    """Tell whether a talk decides on somebody's rights: then no volunteer interprets it.

    Pools of volunteers interpret only where nothing of law depends on it (Heinsberg, Borken and
    Rhein-Erft say so of theirs); at court and with the police it always does.
    """
    return decides_on_rights or is_signed or setting == Setting.COURT_AND_POLICE


def require_level(field: str, level: int | None) -> None:
    """Refuse a level of language that nobody has."""
    if level is not None and not MINIMUM_LEVEL <= level <= MAXIMUM_LEVEL:
        raise Refusal(
            "level-out-of-range",
            _l(
                "A level of language lies between %(low)d and %(high)d.",
                low=MINIMUM_LEVEL,
                high=MAXIMUM_LEVEL,
            ),
            field=field,
        )


def require_case(case_reference: str, *, needed: bool) -> None:
    """Refuse to ask for the same person as last time without saying of which case."""
    if needed and not case_reference:
        raise Refusal(
            "case-missing",
            _l("Give the reference of the case the same person came to, or do not require it."),
            field="case_reference",
        )


def second_occurrence(answer: str | None) -> bool | None:
    """Read which of two equal wall times is meant: "first", "second", or not said."""
    return {"first": False, "second": True}.get(answer or "")
