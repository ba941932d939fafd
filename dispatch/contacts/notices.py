"""Who must know what: collected while verbs run, grouped at the end of their transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self, cast

from dispatch.contacts import choosing
from dispatch.contacts.choosing import CHANNEL_OF_WAY, NO_WISHES, Wishes
from dispatch.contacts.hearing import AWAKE, TABLE, TOLD_ALONE, Event, Hears, Party
from dispatch.contacts.service import wishes_of
from dispatch.database import at_end
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import CALENDAR_ENTRY, Channel
from dispatch.messaging.service import CalendarPart, Recipient
from dispatch.messaging.several import SEVERAL, Part, facts_of
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def names_of(event: Event, party: Party) -> frozenset[str]:
    """Return the names of the messages by which a party hears of an event, alone or with others."""
    message = TABLE[event].tells[party].message
    return frozenset({message, f"{message}{SEVERAL}"})


@dataclass(frozen=True)
class Person:
    """Somebody who can be told: name, language, mail address and, if there is one, a number.

    `account_id` is where what they have chosen stands (`choosing.py`); None: they cannot choose,
    and it is the address of this message alone, not of the account.
    """

    name: str
    locale: str
    email: str
    phone: str | None = None
    account_id: int | None = None

    def address(self, channel: Channel) -> str | None:
        """Return where a message of this channel goes; None where there is no such way."""
        return self.email if channel == Channel.EMAIL else self.phone


@dataclass(frozen=True)
class Notice:
    """One thing one person must know.

    `about` names the thing ("offer:12"), `talk` the request it belongs to, if any: what one person
    is told of one talk comes in the order it happened. `until` is when telling it makes no sense
    any more; the channels left out in `only` had nothing to correct. `besides`: so many more of the
    kind, of which only the number is told. `at_last` looks at it again when all that the verbs do
    is done, and returns what is told then; None for nothing.
    """

    event: Event
    party: Party
    person: Person
    facts: "DataclassInstance"
    about: str
    talk: int | None
    now: datetime
    until: datetime | None = None
    urgent: bool = False
    calendar: CalendarPart | None = None
    sender: str | None = None
    only: frozenset[Channel] | None = None
    besides: int = 0
    at_last: Callable[["Notice"], "Notice | None"] | None = None


@dataclass(frozen=True)
class EntryFacts:
    """What a mail says that only changes a calendar: of which time, and which mail says the rest.

    `subject` is that mail's.
    """

    name: str
    day: str
    start: str
    end: str
    subject: str
    office: str
    phone: str

    @classmethod
    def of(cls, facts: "DataclassInstance", subject: str) -> Self:
        """Return them from the facts of what the other mail says of this time."""
        said = vars(facts)
        names = ("name", "day", "start", "end", "office", "phone")
        return cls(**{name: said[name] for name in names}, subject=subject)


def tell(notice: Notice) -> None:
    """Have the person told when the transaction ends; what the table does not know is a fault.

    Raises KeyError for a party that the table tells nothing of this event: a message that
    `hearing.TABLE` does not promise must not leave.
    """
    at_end(_send, (TABLE[notice.event].tells[notice.party], notice))


@dataclass(frozen=True)
class _Telling:
    """One notice on one channel; `quiet_hours` such as "21:00-07:00", "" for none.

    `most_an_hour`: after so many mails within an hour it may wait for others, 0 for never.
    """

    message: str
    channel: Channel
    notice: Notice
    quiet_hours: str = ""
    most_an_hour: int = 0


def _send(collected: list[tuple[Hears, Notice]]) -> None:
    """Queue what was collected: one message per person, channel and kind of thing.

    Everything that one action brings one person goes into one text. A calendar entry is a mail of
    its own (one UID each, interop A.2); several come after the one mail that says all of it in
    words, and say themselves no more than where that is.
    """
    groups: dict[object, list[_Telling]] = {}
    for number, one in enumerate(_as_chosen(list(_still_told(collected)))):
        same = (one.message, one.channel, one.notice.person)
        groups.setdefault(number if one.notice.party in TOLD_ALONE else same, []).append(one)
    for group in groups.values():
        words = _queue(group)
        if len(group) > 1:
            for one in group:
                _queue_entry(one.notice, words)


def _still_told(collected: Sequence[tuple[Hears, Notice]]) -> Iterator[tuple[Hears, Notice]]:
    """Yield what is to be told now that everything is done, as it is now."""
    for hears, notice in collected:
        last = notice.at_last(notice) if notice.at_last else notice
        if last is not None:
            yield hears, last


def _as_chosen(collected: Sequence[tuple[Hears, Notice]]) -> Iterator[_Telling]:
    """Yield each notice on each channel on which its person hears it."""
    accounts = {one.person.account_id for _hears, one in collected if one.person.account_id}
    wished = wishes_of(accounts)
    for hears, notice in collected:
        wishes = wished.get(notice.person.account_id or 0, NO_WISHES)
        most = choosing.most_an_hour(hears, wishes, urgent=notice.urgent)
        for channel in choosing.channels(hears, wishes, urgent=notice.urgent):
            has_to_hear = notice.only is None or channel in notice.only
            if has_to_hear and notice.person.address(channel):
                quiet = _quiet_hours(notice, wishes)
                yield _Telling(hears.message, channel, notice, quiet, most)


def _quiet_hours(notice: Notice, wishes: Wishes) -> str:
    """Return when an SMS waits; whoever just wrote or pressed something is awake."""
    if notice.party in AWAKE:
        return ""
    return choosing.hours_of(wishes, active().city)


def _queue(group: Sequence[_Telling]) -> Message:
    """Queue one message; of one thing it changes the recipient's calendar, if it is to."""
    message, channel, first = group[0].message, group[0].channel, group[0].notice
    notices = [one.notice for one in group]
    parts = [Part(one.about, one.talk, one.until, one.besides, one.facts) for one in notices]
    several = len(notices) > 1
    is_entry = channel == Channel.EMAIL and not several
    return messaging.queue(
        f"{message}{SEVERAL}" if several else message,
        channel=channel,
        recipient=_recipient(first, channel),
        facts=facts_of(first.person.name, parts) if several else first.facts,
        about=list(dict.fromkeys(notice.about for notice in notices)),
        talks={notice.talk for notice in notices if notice.talk is not None},
        now=first.now,
        calendar=first.calendar if is_entry else None,
        sender=first.sender if is_entry else None,
        urgent=any(notice.urgent for notice in notices),
        makes_sense_until=_until(notices),
        otherwise_to=_otherwise_to(first) if channel == Channel.SMS else None,
        quiet_hours=group[0].quiet_hours if channel == Channel.SMS else "",
        instead_of_sms=channel == Channel.EMAIL and not _is_mailed(first),
        most_an_hour=min(one.most_an_hour for one in group) if channel == Channel.EMAIL else 0,
        parts=parts if several else (),
    )


def _queue_entry(notice: Notice, words: Message) -> None:
    """Queue the mail that changes a calendar, of which another mail says everything in words."""
    if words.channel != Channel.EMAIL or notice.calendar is None:
        return
    takes_out = notice.calendar.method == "CANCEL"
    if takes_out and not messaging.entry_may_exist(notice.sender or "", notice.now):
        return
    messaging.queue(
        CALENDAR_ENTRY,
        channel=Channel.EMAIL,
        recipient=_recipient(notice, Channel.EMAIL),
        facts=EntryFacts.of(notice.facts, words.subject),
        about=notice.about,
        talks={notice.talk} if notice.talk is not None else (),
        now=notice.now,
        calendar=notice.calendar,
        sender=notice.sender,
        urgent=notice.urgent,
        makes_sense_until=notice.until,
    )


def _recipient(notice: Notice, channel: Channel) -> Recipient:
    person = notice.person
    address = cast(str, person.address(channel))
    return Recipient(address, person.name, person.locale, person.account_id)


def _otherwise_to(notice: Notice) -> str | None:
    """Return where an SMS is told by mail if it does not arrive; None where a mail says it too."""
    return None if _is_mailed(notice) else notice.person.email or None


def _is_mailed(notice: Notice) -> bool:
    hears = TABLE[notice.event].tells[notice.party]
    return any(CHANNEL_OF_WAY[way] == Channel.EMAIL for way in hears.ways)


def _until(notices: Sequence[Notice]) -> datetime | None:
    """Return when the last of several things is of no use any more; None where one always is."""
    ends = [notice.until for notice in notices if notice.until is not None]
    return max(ends) if len(ends) == len(notices) else None
