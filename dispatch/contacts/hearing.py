"""The one table: which event is told to whom, in which message, by which way.

It begins `messages.md` of the design. Whatever leaves the system about a request has its row here,
with what the office sees of it; a test walks the table. Where people may choose, `choosing.py` says
what; the table is what holds without a choice, and what is urgent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened, as far as somebody must know of it."""

    REQUEST_SENT_IN = "request sent in"
    REQUEST_TO_REVIEW = "request sent in, the office looks at it first"
    APPROVED = "approved by the office"
    REFUSED = "refused by the office"
    OFFER_MADE = "offer made"
    SEVERAL_ASKED = "several asked at once"
    INTEREST_ASKED = "several are asked whether they could come"
    CHOSEN = "chosen among those who could come"
    NOT_CHOSEN = "could have come and was not chosen"
    WAY_TO_APPROVE = "a long way waits for the office; nobody is asked yet"
    WAY_NOT_APPROVED = "a long way was refused, or nobody decided on it in time"
    OFFER_HALF_TIME = "half of the answering time gone, no answer"
    OFFER_RAN_OUT = "offer ran out"
    OFFER_WITHDRAWN = "offer withdrawn by the office"
    OFFER_OVERTAKEN = "who was asked comes somewhere else at the same time"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ROUND_RAN_OUT = "round ran out, nobody"
    AGENCY_NEXT = "everybody of the pool is asked, a partner agency is next"
    AGENCY_COMES = "a partner agency sends somebody"
    AGENCY_OFF = "the partner agency sends nobody after all"
    STILL_OPEN = "two working days before, still open; and again at noon the day before"
    QUESTION_TO_WHO_ASKED = "the office asks whether it may be otherwise"
    NOT_FILLED = "start has passed, not filled"
    CANCELLED_BY_WHO_ASKED = "cancelled by who asked"
    CANCELLED_BY_COLLEAGUE = "cancelled by somebody else of the same organisation"
    CANCELLED_BY_OFFICE = "cancelled by the office"
    WITHDRAWN = "withdrawn or cannot come (interpreter)"
    UNDONE = "undone"
    CHANGED_TO_KNOW = "something only to know changed"
    CHANGED = "what was asked or agreed changed"
    CHANGED_WITHOUT = "changed so that this person cannot come"
    CHANGE_HALF_TIME = "half of the time to answer to a change gone, no answer"
    RECONFIRMED = "agreed to what changed"
    NOT_RECONFIRMED = "did not agree to what changed, or did not answer"
    RELEASED = "released or replaced by the office"
    FEE_WAIVED = "what was owed for what was called off is waived"
    ABSENCE_SAVED = "absence saved, a question lies in it"
    ABSENCE_QUESTION = "the office asks who is away whether they come all the same"
    ABSENCE_STAYS = "nobody else comes for who is away: it stays"
    SHARED = "who shares a talk with this person comes, or does not any more"
    EVENING_BEFORE = "evening before"
    HOURS_BEFORE = "two hours before"
    DAY_BEFORE = "day before, not yet confirmed for tomorrow"
    LATE = "late"
    FINISHED = "finished"
    NO_SHOW_OF_CLIENT = "no-show of the client"
    NO_SHOW_OF_INTERPRETER = "no-show of the interpreter"
    CLIENT_REMINDER = "the client is to be reminded, by a number typed for it"
    CLIENT_STOPS = "the client wants no SMS any more"
    ENTRY_OVER = "a question that stands in a calendar has ended elsewhere"
    SMS_UNCLEAR = "an SMS does not say which of the open questions it answers, or how"
    SMS_NOT_TAKEN = "an answer by SMS came too late, or takes back what was answered before"
    SMS_HELP = "somebody asks by SMS who writes to them"
    SMS_OF_FORMER_NUMBER = "somebody writes from a number they have given up"
    SMS_OF_CLIENT = "a client, or nobody known here, asks by SMS who writes or for SMS again"
    NUMBER_TO_CONFIRM = "somebody gives a mobile number for themselves"
    PRIVATE_CALENDAR_BROKEN = "a private calendar cannot be read for a day"
    SMS_DOWN = "SMS do not go out for five minutes"
    SMS_UP = "SMS go out again"
    STOOD_STILL = "nothing was sent or decided for more than an hour, as no worker ran"
    ANSWER_NOT_TAKEN = "an answer from the calendar came too late, or takes back an earlier one"


class Party(StrEnum):
    """The people an event may concern."""

    ASKED = "interpreters with an open offer"
    COMING = "interpreters with an assignment"
    WHO_ASKED = "the caseworker who asked"
    OWNER = "whose number or calendar it is"
    WHO_WROTE = "whoever wrote an SMS"
    LOOKS_AFTER_IT = "administrators and coordinators"
    CONTACT_ON_SITE = "the contact on site, if a mobile number is given"
    CLIENT = "the client, if they want it"


AWAKE = frozenset({Party.OWNER, Party.WHO_WROTE, Party.LOOKS_AFTER_IT})
"""Who just wrote or pressed something, or wants to hear of it at night too."""
TOLD_ALONE = AWAKE | {Party.CLIENT}
"""Who hears of each thing in a message of its own, however many one action brings."""


class Way(StrEnum):
    """How a message travels; CALENDAR is a mail that changes the recipient's calendar."""

    MAIL = "mail"
    CALENDAR = "mail with a calendar part"
    SMS = "SMS"
    URGENT_SMS = "SMS when it is urgent"


class Office(StrEnum):
    """Where the office sees an event without being written to."""

    PAGE = "the page of the request"
    WORKLIST = "the worklist, until somebody has seen to it"


@dataclass(frozen=True)
class Hears:
    """The message one party gets, and its ways."""

    message: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Row:
    """One event: what each party hears, and where the office sees it."""

    tells: Mapping[Party, Hears]
    office: Office = Office.PAGE


def _told(message: str, *ways: Way) -> Hears:
    return Hears(message, ways)


_WITHDRAWN = _told("offer_withdrawn", Way.CALENDAR, Way.URGENT_SMS)
_CANCELLED = _told("assignment_cancelled", Way.CALENDAR, Way.URGENT_SMS)
_NOT_TAKEN = _told("answer_not_taken", Way.MAIL, Way.URGENT_SMS)

TABLE: Mapping[Event, Row] = {
    Event.REQUEST_SENT_IN: Row({Party.WHO_ASKED: _told("request_received", Way.MAIL)}),
    Event.REQUEST_TO_REVIEW: Row(
        {Party.WHO_ASKED: _told("request_received", Way.MAIL)}, Office.WORKLIST
    ),
    Event.APPROVED: Row({Party.WHO_ASKED: _told("request_approved", Way.MAIL)}),
    Event.REFUSED: Row({Party.WHO_ASKED: _told("request_refused", Way.MAIL, Way.URGENT_SMS)}),
    Event.OFFER_MADE: Row({Party.ASKED: _told("offer", Way.CALENDAR, Way.SMS)}),
    Event.SEVERAL_ASKED: Row({Party.ASKED: _told("offer_broadcast", Way.CALENDAR, Way.SMS)}),
    Event.INTEREST_ASKED: Row({Party.ASKED: _told("interest", Way.MAIL, Way.SMS)}, Office.WORKLIST),
    Event.CHOSEN: Row({Party.ASKED: _told("interest_chosen", Way.CALENDAR, Way.SMS)}),
    Event.NOT_CHOSEN: Row({Party.ASKED: _told("interest_lost", Way.MAIL, Way.URGENT_SMS)}),
    # Nobody outside the office hears of a question that is not put.
    Event.WAY_TO_APPROVE: Row({}, Office.WORKLIST),
    Event.WAY_NOT_APPROVED: Row({}, Office.WORKLIST),
    Event.OFFER_HALF_TIME: Row({Party.ASKED: _told("offer_reminder", Way.SMS)}),
    Event.OFFER_RAN_OUT: Row({Party.ASKED: _told("offer_expired", Way.CALENDAR)}, Office.WORKLIST),
    Event.OFFER_WITHDRAWN: Row({Party.ASKED: _WITHDRAWN}),
    Event.OFFER_OVERTAKEN: Row(
        {Party.ASKED: _told("offer_overtaken", Way.CALENDAR, Way.URGENT_SMS)}
    ),
    Event.DECLINED: Row({}, Office.WORKLIST),
    Event.ACCEPTED: Row(
        {
            Party.ASKED: _told("offer_lost", Way.CALENDAR, Way.URGENT_SMS),
            Party.COMING: _told("assignment_confirmed", Way.CALENDAR, Way.SMS),
            Party.WHO_ASKED: _told("interpreter_found", Way.MAIL, Way.URGENT_SMS),
        }
    ),
    Event.ROUND_RAN_OUT: Row(
        {Party.WHO_ASKED: _told("nobody_yet", Way.MAIL, Way.URGENT_SMS)}, Office.WORKLIST
    ),
    Event.AGENCY_NEXT: Row({}, Office.WORKLIST),
    Event.AGENCY_COMES: Row({Party.WHO_ASKED: _told("by_agency", Way.MAIL)}),
    Event.AGENCY_OFF: Row(
        {Party.WHO_ASKED: _told("agency_off", Way.MAIL, Way.URGENT_SMS)}, Office.WORKLIST
    ),
    Event.STILL_OPEN: Row({Party.WHO_ASKED: _told("still_open", Way.MAIL)}, Office.WORKLIST),
    Event.QUESTION_TO_WHO_ASKED: Row({Party.WHO_ASKED: _told("question", Way.MAIL)}),
    Event.NOT_FILLED: Row({Party.WHO_ASKED: _told("not_filled", Way.MAIL)}, Office.WORKLIST),
    Event.CANCELLED_BY_WHO_ASKED: Row({Party.ASKED: _WITHDRAWN, Party.COMING: _CANCELLED}),
    Event.CANCELLED_BY_COLLEAGUE: Row(
        {
            Party.ASKED: _WITHDRAWN,
            Party.COMING: _CANCELLED,
            Party.WHO_ASKED: _told("request_cancelled_inside", Way.MAIL),
        }
    ),
    Event.CANCELLED_BY_OFFICE: Row(
        {
            Party.ASKED: _WITHDRAWN,
            Party.COMING: _CANCELLED,
            Party.WHO_ASKED: _told("request_cancelled", Way.MAIL, Way.URGENT_SMS),
        }
    ),
    Event.WITHDRAWN: Row(
        {
            Party.COMING: _told("assignment_withdrawn", Way.CALENDAR),
            Party.WHO_ASKED: _told("interpreter_withdrawn", Way.MAIL, Way.URGENT_SMS),
        },
        Office.WORKLIST,
    ),
    Event.UNDONE: Row(
        {
            Party.COMING: _told("assignment_back", Way.CALENDAR, Way.URGENT_SMS),
            Party.WHO_ASKED: _told("request_back", Way.MAIL, Way.URGENT_SMS),
        },
        Office.WORKLIST,
    ),
    Event.CHANGED_TO_KNOW: Row({Party.COMING: _told("assignment_changed", Way.CALENDAR)}),
    Event.CHANGED: Row(
        {
            Party.ASKED: _told("offer_changed", Way.CALENDAR, Way.SMS),
            Party.COMING: _told("assignment_asked_again", Way.CALENDAR, Way.SMS),
            Party.WHO_ASKED: _told("request_changed", Way.MAIL),
        },
        Office.WORKLIST,
    ),
    Event.CHANGED_WITHOUT: Row(
        {
            Party.ASKED: _WITHDRAWN,
            Party.COMING: _told("assignment_released", Way.CALENDAR, Way.URGENT_SMS),
            Party.WHO_ASKED: _told("request_changed", Way.MAIL),
        },
        Office.WORKLIST,
    ),
    Event.CHANGE_HALF_TIME: Row({Party.COMING: _told("change_reminder", Way.SMS)}),
    Event.RECONFIRMED: Row(
        {
            Party.COMING: _told("assignment_confirmed", Way.CALENDAR),
            Party.WHO_ASKED: _told("interpreter_found", Way.MAIL, Way.URGENT_SMS),
        }
    ),
    Event.NOT_RECONFIRMED: Row(
        {
            Party.COMING: _told("terms_not_agreed", Way.CALENDAR, Way.URGENT_SMS),
            Party.WHO_ASKED: _told("interpreter_lost", Way.MAIL, Way.URGENT_SMS),
        },
        Office.WORKLIST,
    ),
    Event.RELEASED: Row(
        {
            Party.COMING: _told("assignment_released", Way.CALENDAR, Way.URGENT_SMS),
            Party.WHO_ASKED: _told("interpreter_lost", Way.MAIL, Way.URGENT_SMS),
        },
        Office.WORKLIST,
    ),
    Event.FEE_WAIVED: Row({Party.COMING: _told("fee_waived", Way.MAIL)}),
    # What becomes of each assignment in the time of an absence are events of their own.
    Event.ABSENCE_SAVED: Row(
        {Party.ASKED: _told("offer_withdrawn", Way.CALENDAR)}, Office.WORKLIST
    ),
    Event.ABSENCE_QUESTION: Row(
        {Party.COMING: _told("absence_question", Way.MAIL, Way.URGENT_SMS)}, Office.WORKLIST
    ),
    Event.ABSENCE_STAYS: Row({Party.COMING: _told("absence_stays", Way.MAIL, Way.URGENT_SMS)}),
    Event.SHARED: Row({Party.COMING: _told("shared_talk", Way.MAIL)}),
    Event.EVENING_BEFORE: Row({Party.COMING: _told("assignment_reminder", Way.SMS)}),
    Event.HOURS_BEFORE: Row({Party.COMING: _told("assignment_soon", Way.SMS)}),
    Event.DAY_BEFORE: Row({Party.COMING: _told("day_before", Way.SMS)}, Office.WORKLIST),
    Event.LATE: Row(
        {
            Party.WHO_ASKED: _told("interpreter_late", Way.MAIL, Way.SMS),
            Party.CONTACT_ON_SITE: _told("interpreter_late", Way.SMS),
        },
        Office.WORKLIST,
    ),
    Event.FINISHED: Row(
        {
            Party.COMING: _told("assignment_finished", Way.MAIL),
            Party.WHO_ASKED: _told("interpreter_finished", Way.MAIL),
        }
    ),
    Event.NO_SHOW_OF_CLIENT: Row(
        {
            Party.COMING: _told("client_missing", Way.MAIL),
            Party.WHO_ASKED: _told("client_missed", Way.MAIL),
        },
        Office.WORKLIST,
    ),
    Event.NO_SHOW_OF_INTERPRETER: Row(
        {
            Party.COMING: _told("assignment_missed", Way.MAIL),
            Party.WHO_ASKED: _told("interpreter_missing", Way.MAIL),
        },
        Office.WORKLIST,
    ),
    Event.ANSWER_NOT_TAKEN: Row({Party.ASKED: _NOT_TAKEN, Party.COMING: _NOT_TAKEN}),
    Event.SMS_UNCLEAR: Row({Party.WHO_WROTE: _told("sms_asked_back", Way.SMS)}),
    Event.SMS_NOT_TAKEN: Row({Party.WHO_WROTE: _told("sms_not_taken", Way.SMS)}),
    Event.SMS_HELP: Row({Party.WHO_WROTE: _told("sms_help", Way.SMS)}),
    Event.SMS_OF_FORMER_NUMBER: Row({Party.WHO_WROTE: _told("sms_former_number", Way.SMS)}),
    Event.SMS_OF_CLIENT: Row({Party.WHO_WROTE: _told("client_answer", Way.SMS)}),
    Event.NUMBER_TO_CONFIRM: Row({Party.OWNER: _told("number_code", Way.SMS)}),
    Event.SMS_DOWN: Row({Party.LOOKS_AFTER_IT: _told("sms_down", Way.MAIL)}, Office.WORKLIST),
    Event.SMS_UP: Row({Party.LOOKS_AFTER_IT: _told("sms_up", Way.MAIL)}),
    Event.STOOD_STILL: Row({Party.LOOKS_AFTER_IT: _told("stood_still", Way.MAIL)}),
    Event.PRIVATE_CALENDAR_BROKEN: Row({Party.OWNER: _told("calendar_broken", Way.MAIL)}),
    Event.CLIENT_REMINDER: Row({Party.CLIENT: _told("client_reminder", Way.SMS)}),
    Event.CLIENT_STOPS: Row({Party.WHO_ASKED: _told("client_stopped", Way.MAIL)}, Office.WORKLIST),
    Event.ENTRY_OVER: Row({Party.ASKED: _told("offer_entry_over", Way.CALENDAR)}),
}
