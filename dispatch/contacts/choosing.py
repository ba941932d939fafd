"""How somebody wants to hear of what, as far as there is a choice, and when they rest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.cities.city import City
from dispatch.cities.hours import Hours, between
from dispatch.contacts.hearing import Hears, Way
from dispatch.errors import Refusal
from dispatch.messaging.rules import Channel

LONGEST_REST = timedelta(hours=14)
A_DAY = timedelta(days=1)
CHANNEL_OF_WAY = {
    Way.MAIL: Channel.EMAIL,
    Way.CALENDAR: Channel.EMAIL,
    Way.SMS: Channel.SMS,
    Way.URGENT_SMS: Channel.SMS,
}


class Topic(StrEnum):
    """What somebody hears of in the same way."""

    QUESTIONS = "questions"
    AGREED = "agreed"
    DAY_BEFORE = "day_before"
    EVENING_BEFORE = "evening_before"
    HOURS_BEFORE = "hours_before"
    RECEIPTS = "receipts"
    INFORMATION = "information"


class Choice(StrEnum):
    """By which channel; of what is only good to know, in how many mails."""

    BOTH = "both"
    MAIL = "mail"
    SMS = "sms"
    NONE = "none"
    TOGETHER = "together"
    HOURLY = "hourly"
    EACH = "each"


OF_INTERPRETERS = (
    Topic.QUESTIONS,
    Topic.AGREED,
    Topic.DAY_BEFORE,
    Topic.EVENING_BEFORE,
    Topic.HOURS_BEFORE,
    Topic.INFORMATION,
)
OF_WHO_ASKS = (Topic.RECEIPTS, Topic.INFORMATION)

ALLOWED: Mapping[Topic, tuple[Choice, ...]] = {
    Topic.QUESTIONS: (Choice.BOTH, Choice.MAIL),
    Topic.AGREED: (Choice.BOTH, Choice.MAIL),
    Topic.DAY_BEFORE: (Choice.SMS, Choice.MAIL),
    Topic.EVENING_BEFORE: (Choice.SMS, Choice.MAIL, Choice.NONE),
    Topic.HOURS_BEFORE: (Choice.NONE, Choice.SMS, Choice.MAIL),
    Topic.RECEIPTS: (Choice.MAIL, Choice.NONE),
    Topic.INFORMATION: (Choice.TOGETHER, Choice.HOURLY, Choice.EACH),
}
"""What may be chosen, what holds without a choice first. Nothing at all only where nobody is asked
anything and nothing changes: what one must hear, one hears."""

TOPICS: Mapping[str, Topic] = {
    "offer": Topic.QUESTIONS,
    "offer_broadcast": Topic.QUESTIONS,
    "offer_changed": Topic.QUESTIONS,
    "offer_reminder": Topic.QUESTIONS,
    "interest": Topic.QUESTIONS,
    "interest_chosen": Topic.QUESTIONS,
    "assignment_asked_again": Topic.QUESTIONS,
    "change_reminder": Topic.QUESTIONS,
    "assignment_confirmed": Topic.AGREED,
    "day_before": Topic.DAY_BEFORE,
    "assignment_reminder": Topic.EVENING_BEFORE,
    "assignment_soon": Topic.HOURS_BEFORE,
    "request_received": Topic.RECEIPTS,
}
"""The messages about which there is a choice, by their names; all others go as the table says."""


GOOD_TO_KNOW = frozenset(
    {
        "request_received", "request_approved", "request_changed", "request_back",
        "request_cancelled_inside", "interpreter_found", "interpreter_lost",
        "interpreter_withdrawn", "interpreter_finished", "by_agency", "interest_lost",
        "assignment_finished", "client_missing", "client_missed",
    }
)  # fmt: skip
"""Mails that ask nothing, change no calendar and can wait an hour when they are not urgent."""
MOST_AN_HOUR: Mapping[Choice, int] = {Choice.TOGETHER: 3, Choice.HOURLY: 1, Choice.EACH: 0}
"""So many of them leave within an hour before the next are put together (decision 0051)."""


@dataclass(frozen=True)
class Wishes:
    """What somebody has chosen; `quiet_hours` such as "21:00-07:00", "" for those of the city."""

    choices: Mapping[Topic, Choice] = field(default_factory=dict)
    quiet_hours: str = ""

    def about(self, topic: Topic) -> Choice:
        """Return what holds for a topic."""
        return self.choices.get(topic, ALLOWED[topic][0])


NO_WISHES = Wishes()


def messages_of(topics: Collection[Topic]) -> frozenset[str]:
    """Return the names of the messages about which these topics are, of one thing and several."""
    names = {message for message, topic in TOPICS.items() if topic in topics}
    return frozenset(names | {f"{one}_several" for one in names})


def channels(hears: Hears, wishes: Wishes, *, urgent: bool) -> list[Channel]:
    """Return the channels on which one message leaves.

    What is urgent goes as the table says. A mail that the table promises is never left out but for
    a topic that may be switched off; an SMS alone becomes a mail for who wants mails.
    """
    by_table = [CHANNEL_OF_WAY[way] for way in hears.ways if urgent or way != Way.URGENT_SMS]
    topic = TOPICS.get(hears.message)
    if topic is None or urgent:
        return by_table
    choice = wishes.about(topic)
    if choice == Choice.NONE:
        return []
    if choice == Choice.MAIL:
        return [Channel.EMAIL]
    return by_table


def most_an_hour(hears: Hears, wishes: Wishes, *, urgent: bool) -> int:
    """Return after how many within an hour a mail waits to be put together; 0: it never waits."""
    if urgent or hears.message not in GOOD_TO_KNOW:
        return 0
    return MOST_AN_HOUR[wishes.about(Topic.INFORMATION)]


def require_offered(choices: Mapping[Topic, Choice]) -> None:
    """Refuse (400) a choice that a topic does not have."""
    for topic, choice in choices.items():
        if choice not in ALLOWED[topic]:
            raise Refusal(
                "choice-not-allowed",
                _l("This cannot be chosen here; choose one of the ways that are offered."),
                field=topic,
            )


def quiet_hours(begin: time | None, end: time | None) -> str:
    """Return quiet hours as they are kept; "" for those of the city, where neither is given.

    Raises `Refusal` (field quiet_from or quiet_until): one is missing, both are the same, or the
    rest is longer than 14 hours: who can be told of something at ten hours a day misses it.
    """
    if begin is None and end is None:
        return ""
    if begin is None or end is None:
        missing = "quiet_from" if begin is None else "quiet_until"
        raise Refusal(
            "quiet-half",
            _l("Give both times, from when and until when, or leave both empty."),
            field=missing,
        )
    if not timedelta(0) < length(Hours(begin, end)) <= LONGEST_REST:
        raise Refusal(
            "quiet-too-long",
            _l(
                "Quiet hours may be %(most)d hours long at most and need a beginning and an end "
                "that differ; write them like 21:00 to 07:00.",
                most=LONGEST_REST // timedelta(hours=1),
            ),
            field="quiet_until",
        )
    return f"{begin:%H:%M}-{end:%H:%M}"


def hours_of(wishes: Wishes, city: City) -> str:
    """Return when somebody rests: in their own quiet hours, or in those of the city."""
    first, last = city.quiet_hours
    return wishes.quiet_hours or f"{first:%H:%M}-{last:%H:%M}"


def length(hours: Hours) -> timedelta:
    """Return how long hours are that may run over midnight; nothing where both ends are one."""
    begin, end = (
        timedelta(hours=one.hour, minutes=one.minute) for one in (hours.first, hours.last)
    )
    return (end - begin) % A_DAY


def as_hours(text: str) -> Hours | None:
    """Read quiet hours as they are kept; None for those of the city."""
    return between(text) if text else None
