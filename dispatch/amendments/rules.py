"""What a change of a request means for each person: only to know, or to be agreed again."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as ngettext  # type: ignore[attr-defined]

from dispatch.assignments.rules import Terms, Way
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.languages.varieties import languages_for
from dispatch.offers.rules import overtaken
from dispatch.requests.rules import has_legal_consequences
from dispatch.requests.sharing import Sharing, lasting
from dispatch.requests.ways import LINK_OF, ranked

TIMES = frozenset({"starts_at", "latest_start_at"})
TO_AGREE = frozenset({"language", "site_id", "duration_minutes", "ways"}) | TIMES
"""Whoever said yes said yes to these; to the one of the ways by which they come."""
TO_FULFIL = frozenset(
    {
        "language",
        "accepts_varieties",
        "gender_required",
        "qualification_required",
        "level_required",
        "setting",
        "decides_on_rights",
        "is_signed",
    }
)
"""Whoever comes has to be or to have these."""
HOW_MANY = frozenset({"interpreter_count", "duration_minutes", "alone_because"})
"""They decide together whether one is enough."""
TO_KNOW = frozenset({"setting", "room", "contact", "note", "video_link", "dial_in"})
"""Read by whoever comes, and no part of what was agreed."""
ONLY_BY: dict[str, Way] = {
    **{field: Way(way) for way, field in LINK_OF.items()},
    "room": Way.ON_SITE,
}
"""Of these, only who comes by the way has to know."""


@dataclass(frozen=True)
class Demand:
    """Everything about a request that can be changed.

    Case reference and cost centre are for those who ask alone; whoever comes never reads them.
    """

    language: str
    site_id: int
    starts_at: datetime
    latest_start_at: datetime
    duration_minutes: int
    interpreter_count: int
    gender_required: str | None
    qualification_required: str | None
    ways: str
    video_link: str
    dial_in: str
    gender_wished: str | None
    qualification_wished: str | None
    level_required: int | None
    level_wished: int | None
    decides_on_rights: bool
    is_signed: bool
    only_same_person: bool
    language_in_words: str
    alone_because: str
    accepts_varieties: bool
    relay_allowed: bool
    handover_allowed: bool
    handover_minutes: int | None
    setting: str
    room: str
    contact: str
    note: str
    case_reference: str
    cost_centre: str

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags somebody may interpret in."""
        return languages_for(self.language, accepts_varieties=self.accepts_varieties)

    @property
    def has_legal_consequences(self) -> bool:
        """Whether so much depends on what is said that no volunteer may interpret it."""
        return has_legal_consequences(
            self.setting, decides_on_rights=self.decides_on_rights, is_signed=self.is_signed
        )

    @property
    def ends_at(self) -> datetime:
        """When it ends, at the latest."""
        return self.latest_start_at + timedelta(minutes=self.duration_minutes)


class Fate(StrEnum):
    """What a change means for somebody who is asked or comes."""

    UNTOUCHED = "untouched"
    TOLD = "told"
    """Only to know; what was said holds."""

    ASKED_AGAIN = "asked again"
    STANDS = "stands again"
    """Goes back to what was agreed before anybody was asked: the yes holds, and nobody hears of it.
    """

    LEAVES = "leaves"
    """Cannot come on the changed terms, so somebody else is looked for."""


def changed(before: Demand, after: Demand) -> frozenset[str]:
    """Return the names of what is different."""
    return frozenset(
        one.name for one in fields(Demand) if getattr(before, one.name) != getattr(after, one.name)
    )


def terms_after(current: Terms, names: Collection[str], after: Demand) -> Terms:
    """Return the terms of somebody after the change; what did not change stays as it was agreed.

    Of a window it is the start nearest to the one agreed.
    """
    starts_at = current.starts_at
    if TIMES & set(names):
        starts_at = min(max(starts_at, after.starts_at), after.latest_start_at)
    ends_at = (
        starts_at + timedelta(minutes=after.duration_minutes)
        if "duration_minutes" in names
        else starts_at + (current.ends_at - current.starts_at)
    )
    return Terms(
        seat=current.seat,
        site_id=after.site_id if "site_id" in names else current.site_id,
        starts_at=starts_at,
        ends_at=ends_at,
        language=after.language if "language" in names else current.language,
        way=current.way if current.way in ranked(after.ways) else ranked(after.ways)[0],
    )


def sharing_after(sharing: Sharing, wished_before: int | None, after: Demand) -> Sharing:
    """Return how two share a talk after the change; the hand-over stays where it was, if it can."""
    wished = after.handover_minutes if after.handover_minutes != wished_before else None
    return lasting(sharing, after.duration_minutes, wished)


def with_time_agreed(before: Demand, after: Demand, agreed: Collection[datetime]) -> Demand:
    """Return what is asked for, at the time that is agreed where a window allows it.

    `agreed` are the starts people have said yes to. Where nothing else has to be agreed again, a
    window around their time changes nothing for anybody.
    """
    left = changed(before, after) & (TO_AGREE | TO_FULFIL)
    kept = [at for at in agreed if after.starts_at <= at <= after.latest_start_at]
    if not kept or left - TIMES:
        return after
    return replace(after, starts_at=kept[0], latest_start_at=kept[0])


def to_be_agreed(current: Terms, wanted: Terms) -> bool:
    """Tell whether a yes to the current terms does not cover the wanted ones.

    It covers another span within the one agreed to, so that a talk which becomes shorter keeps its
    people; never another place, language or way.
    """
    same = (current.site_id, current.language, current.way) == (
        wanted.site_id,
        wanted.language,
        wanted.way,
    )
    within = current.starts_at <= wanted.starts_at and wanted.ends_at <= current.ends_at
    return not (same and within)


def fate(
    current: Terms, wanted: Terms, names: Collection[str], *, confirmed: bool, able: bool
) -> Fate:
    """Return what a change of these names means for somebody who `confirmed` the current terms.

    Whoever has not said yes yet, or not again, is asked anew about every change of terms. Nobody
    who is merely asked has to know of a room.
    """
    if not able:
        return Fate.LEAVES
    if current != wanted and (not confirmed or to_be_agreed(current, wanted)):
        return Fate.ASKED_AGAIN
    tells = current != wanted or any(
        ONLY_BY.get(name, wanted.way) == wanted.way for name in TO_KNOW & set(names)
    )
    return Fate.TOLD if confirmed and tells else Fate.UNTOUCHED


def require_something(names: Collection[str]) -> None:
    """Refuse a change that changes nothing."""
    if not names:
        raise Refusal("nothing-changed", _l("Nothing is different from what was asked for."))


def require_enough(wanted: int, coming: int) -> None:
    """Refuse fewer interpreters than come already."""
    if wanted < coming:
        raise Refusal(
            "fewer-than-come",
            ngettext(
                "%(num)d has said yes already. Ask for at least as many, or have the office "
                "release somebody first.",
                "%(num)d have said yes already. Ask for at least as many, or have the office "
                "release somebody first.",
                coming,
            ),
            field="interpreter_count",
        )


def require_answerable(
    number: int, last_number: int, answer: str | None, answer_by: datetime | None, now: datetime
) -> None:
    """Refuse an answer to changed terms that are overtaken, answered or over."""
    if number != last_number:
        raise overtaken()
    if answer == "yes":
        raise Conflict("already-accepted", _l("You have accepted this already; nothing changed."))
    if answer == "no":
        raise Conflict("already-declined", _l("You have declined this already; nothing changed."))
    if answer_by is not None and now >= answer_by:
        raise Gone("expired", _l("The time to answer has run out; somebody else is looked for."))


def require_waiting(*, waits: bool) -> None:
    """Refuse an answer where nothing is asked any more: released or cancelled meanwhile."""
    if not waits:
        raise Gone("withdrawn", _l("This is no longer needed. Thank you for answering."))
