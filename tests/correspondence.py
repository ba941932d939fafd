"""Everything the system ever writes, each for its true occasion, delivered into the sink."""

import itertools
import secrets
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch.absences import service as absences
from dispatch.absences.queries import undecided_of
from dispatch.absences.rules import Resolution
from dispatch.accounts import alarms, links
from dispatch.accounts.models import Account, WantedLink
from dispatch.accounts.rules import Role
from dispatch.amendments import reminding, restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments import reminding as evening
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via, Way
from dispatch.attendance import day_before
from dispatch.attendance import service as attendance
from dispatch.attendance.messages import OVER
from dispatch.attendance.rules import Times
from dispatch.busy import messages as private_calendars
from dispatch.busy.models import PrivateCalendar
from dispatch.cancellations import deciding, withdrawing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.models import CancellationDecision
from dispatch.cancellations.owing import Rule
from dispatch.cities.working_time import morning_before
from dispatch.clients import service as clients
from dispatch.contacts import service as hearing
from dispatch.contacts.choosing import Choice, Topic
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.queries import as_person
from dispatch.invitations import service as invitations
from dispatch.invitations.service import Entry
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging import codes, outages
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message, TransportState
from dispatch.messaging.rules import ON_THEIR_WAY, Channel
from dispatch.messaging.rules import Way as ChannelWay
from dispatch.offers import agency
from dispatch.offers import messages as offer_messages
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.offers.seats import Wanted
from dispatch.requests import messages as request_messages
from dispatch.requests import reviewing, waiting
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import Sharing
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.sms import confirming
from dispatch.sms import service as sms
from tests import factories
from tests.factories import NOW

ADDRESS = "https://dolmetschen.dortmund.de"
CANARIES = {
    "case_reference": "CANARY-CASE",
    "note": "CANARY-NOTE",
    "contact": "CANARY-CONTACT",
    "cost_centre": "CANARY-COST",
    "language_in_words": "CANARY-LANGUAGE",
}
AGENCY = "Partneragentur Beispiel"
DAY = timedelta(days=1)
REASONS = Reasons(office="CANARY-REASON", told="Das Gespräch ist verschoben.")
OTHERWISE = [
    ("start", "13:30"),
    ("way", "telephone"),
    ("language", "Deutsch"),
    ("condition", "gender"),
]


class Foretold:
    """Where the numbers that stand for what is random are counted."""

    numbers = itertools.count(1)


foretold = Foretold()
OWN_NUMBERS = 0xF000
"""From here the last scenes count, so that scenes before them change nothing in their texts."""


def foretell_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what is random foreseeable, in the lengths it really has."""
    foretold.numbers = itertools.count(1)
    monkeypatch.setattr(
        secrets, "randbelow", lambda below: next(foretold.numbers) * 7_919_113 % below
    )
    monkeypatch.setattr(
        secrets, "token_hex", lambda octets: f"{next(foretold.numbers):0{2 * octets}x}"
    )
    monkeypatch.setattr(
        secrets, "token_urlsafe", lambda octets: f"{next(foretold.numbers):0>{-(-octets * 4 // 3)}}"
    )


def play(locale: str) -> None:
    """Live through every occasion to write, of one thing and of two at once, and deliver."""
    actor = _Play(locale)
    for count in (1, 2):
        actor.accept_and_be_released(count)
        actor.accept_and_be_cancelled(count)
        actor.accept_what_ends_at_once(count)
        actor.say_nothing(count)
        actor.be_asked_in_vain(count)
        actor.be_reminded(count)
        actor.find_nobody(count)
    actor.sign_in()
    actor.be_asked_whether_it_may_be_otherwise(1)
    actor.be_asked_whether_it_may_be_otherwise(len(OTHERWISE))
    for scenes in (
        (actor.take_the_yes_back,),
        (
            actor.be_asked_anew,
            actor.agree_to_no_change,
            actor.hear_of_a_change,
            actor.come_after_all,
        ),
        (actor.be_away,),
        (actor.live_the_day,),
        (actor.say_no,),
        (actor.be_too_late, actor.come_elsewhere),
        # A new scene belongs at the end: the numbers in the approved texts are counted through.
        (actor.fall_ill,),
    ):
        for count in (1, 2):
            for scene in scenes:
                scene(count)
    actor.come_to_many_dates()
    actor.be_chosen_and_not()
    actor.ask_for_a_window()
    actor.interpret_by_video(1)
    actor.interpret_by_video(2)
    for scene, counts in (
        (actor.answer_in_the_calendar_in_vain, (1, 2)),
        (actor.be_reminded_of_a_change, (1, 2)),
        # so many that one mail says it in words
        (actor.decline_what_stands_in_the_calendar, (1, 4)),
        (actor.be_cancelled_by_a_colleague, (1, 2)),
        (actor.ask_at_short_notice, (1, 2)),
        (actor.be_looked_at_first, (1, 2)),
        # so many that one mail says it in words
        (actor.share_a_talk, (1, 4)),
        (actor.be_served_by_an_agency, (1, 2)),
        (actor.be_reminded_again, (1, 2)),
        (actor.be_let_down_by_an_agency, (1, 2)),
    ):
        for count in counts:
            scene(count)
    actor.write_by_sms()
    actor.look_after_oneself()
    actor.look_after_an_outage()
    actor.look_after_a_standstill()
    actor.be_reminded_as_a_client()
    for count, scene in (
        *itertools.product(
            (1, 2), (actor.ask_in_a_language_nobody_knows, actor.be_asked_there_and_back)
        ),
        *itertools.product(
            (1, 2), (actor.be_asked_with_another_room, actor.hear_who_comes_instead)
        ),
    ):
        scene(count)
    actor.write_as_a_client()
    actor.change_ones_mind_by_sms()
    actor.write_from_a_former_number()
    actor.be_owed_nothing_after_all(1)
    actor.be_owed_nothing_after_all(2)
    actor.hear_that_a_client_was_reminded_of_what_is_off()
    actor.hear_that_a_client_wants_no_sms(1)
    actor.hear_that_a_client_wants_no_sms(2)
    actor.hear_that_it_is_as_before(1)
    actor.hear_that_it_is_as_before(2)
    actor.hear_soon_that_a_client_has_to_be_told(1)
    actor.hear_soon_that_a_client_has_to_be_told(2)
    actor.hear_that_a_client_was_reminded_of_what_is_back(1, moved=0)
    actor.hear_that_a_client_was_reminded_of_what_is_back(1, moved=1)
    actor.hear_that_a_client_was_reminded_of_what_is_back(2, moved=1)
    actor.answer_what_nobody_asked()
    actor.lose_one_of_a_team(1)
    actor.lose_one_of_a_team(2)
    actor.be_asked_for_another_start()


def accept_and_cancel(locale: str) -> None:
    """Ask, accept, cancel, all at one moment, and deliver."""
    _Play(locale).accept_and_be_cancelled(1)


def waive(assignment_id: int, by: Actor) -> None:
    """Waive an hour that is owed for an assignment that was called off."""
    called_off = CancellationDecision.assignment_id == assignment_id
    decision = db.session.scalars(sa.select(CancellationDecision).where(called_off)).one()
    decision.rule, decision.minutes = Rule.LATE, 60
    deciding.waive(by, decision.id, reasons=Reasons(office="went home ill"), now=NOW)


def stands_in_the_calendar(offer: Offer, now: datetime) -> None:
    """Let a question stand in the calendar as if answers from there were read."""
    person = as_person(offer.interpreter)
    entry = Entry(offer.starts_at, offer.ends_at, "Europe/Berlin", "Anfrage", "", "")
    invitations.ask(offer.id, offer.interpreter_id, person, entry, now=now)


def deliver_all(at: datetime = NOW) -> None:
    """Hand over everything that waits, in the order it was written; to who rests in the morning."""
    waiting = sa.select(Message.id).where(Message.state.in_(ON_THEIR_WAY)).order_by(Message.id)
    for message_id in db.session.scalars(waiting).all():
        rest = messaging.deliver(message_id, at)
        if rest is not None:
            assert messaging.deliver(message_id, at + timedelta(seconds=rest)) is None


def written(name: str | None = None) -> list[Message]:
    """Return the messages of a name (None: all), oldest first."""
    query = sa.select(Message).order_by(Message.id)
    if name is not None:
        query = query.where(Message.name == name)
    return list(db.session.scalars(query))


def in_the_sink(message: Message) -> Path:
    """Return the file the message was delivered to."""
    assert message.provider_reference, f"{message.name} was not delivered"
    return active().sink_dir / message.provider_reference


class _Play:
    def __init__(self, locale: str) -> None:
        self.locale = locale
        with transaction():
            school = factories.organisation("Grundschule Beispiel")
            self.caseworker: Account = factories.account(of=school, locale=locale)
            self.caseworker.name, self.caseworker.email = "Anna Muster", "anna@schule.example"
            self.caseworker.phone = "+4917604069001"
            self.interpreter: Interpreter = factories.interpreter("ary", locale=locale)
            self.interpreter.account.email = "mira@beispiel.example"
            each = {Topic.INFORMATION: Choice.EACH}  # all of it happens in one moment
            for one in (self.caseworker, self.interpreter.account):
                hearing.choose(SYSTEM, one.id, each, (None, None), now=NOW)
            self.public: Site = factories.site("Bürgerdienste, Stadthaus")
            self.closed: Site = factories.site("Frauenhaus", is_public=False)

    def asked(self, site: Site, count: int, *, day: int) -> list[int]:
        with transaction():
            asked = [
                factories.asked(
                    "ary",
                    by=self.caseworker,
                    at=site,
                    start=_start(day, number),
                    **CANARIES,  # type: ignore[arg-type]
                )
                for number in range(count)
            ]
            return [one.id for one in asked]

    def offers(self, site: Site, count: int, *, day: int) -> list[Offer]:
        requests = self.asked(site, count, day=day)
        with transaction():
            made = [offers.make(SYSTEM, one, self.interpreter.id, now=NOW) for one in requests]
        deliver_all()
        return made

    def accepted(self, site: Site, count: int, *, day: int) -> list[Assignment]:
        asked = self.offers(site, count, day=day)
        with transaction():
            return [offers.accept(SYSTEM, one.id, via=Via.LINK, now=NOW) for one in asked]

    def accept_and_be_released(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=1)
        deliver_all()
        self.release(coming)
        self.end([one.interpretation_request_id for one in coming])

    def accept_and_be_cancelled(self, count: int) -> None:
        coming = self.accepted(self.closed, count, day=1)
        deliver_all()
        self.end([one.interpretation_request_id for one in coming])

    def accept_what_ends_at_once(self, count: int) -> None:
        """The SMS has left, the mail has not: no entry has to be taken out of the calendar."""
        for released in (True, False):
            coming = self.accepted(self.public, count, day=1)
            self.deliver_short()
            if released:
                self.release(coming)
            self.end([one.interpretation_request_id for one in coming])

    def come_after_all(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=1)
        deliver_all()
        request_ids = [one.interpretation_request_id for one in coming]
        self.end(request_ids)
        with transaction():
            for one in request_ids:
                restoring.undo(SYSTEM, one, now=NOW)
        deliver_all()
        self.end(request_ids)

    def say_nothing(self, count: int) -> None:
        asked = self.offers(self.public, count, day=3)
        due = asked[0].answer_by
        half = asked[0].made_at + (due - asked[0].made_at) / 2
        for verb, at in ((offers.remind, half), (offers.expire, due)):
            with transaction():
                for one in asked:
                    verb(one.id, now=at)
            deliver_all(at)

    def be_asked_in_vain(self, count: int) -> None:
        asked = self.offers(self.closed, count, day=1)
        with transaction():
            for one in asked:
                offers.withdraw(SYSTEM, one.id, now=NOW)
        deliver_all()

    def say_no(self, count: int) -> None:
        """Nobody else is asked, and it is tomorrow: those who asked hear it by SMS as well.

        The numbers are given, so that the text does not change with what is played before.
        """
        asked = self.offers(self.public, count, day=1)
        with transaction():
            for number, one in enumerate(asked, 1):
                one.interpretation_request.reference = f"DO-2027-NBDF{count}{number}"
                offers.decline(SYSTEM, one.id, via=Via.LINK, now=NOW)
        deliver_all()

    def be_too_late(self, count: int) -> None:
        """Be asked together with somebody quicker."""
        with transaction():
            other = factories.interpreter("ary", name="Quick", locale=self.locale)
        wanted = self.asked_at_once(count, other, day=1)
        with transaction():
            for one in wanted:
                offers.assign(SYSTEM, one, other.id, now=NOW)
        deliver_all()

    def come_elsewhere(self, count: int) -> None:
        """Say yes elsewhere, at the time for which several are asked."""
        with transaction():
            other = factories.interpreter("ary", name="Quick", locale=self.locale)
        wanted = self.asked_at_once(count, other, day=1)
        elsewhere = self.asked(self.public, count, day=1)
        with transaction():
            for one in elsewhere:
                offers.assign(SYSTEM, one, self.interpreter.id, now=NOW)
        with transaction():
            for one in offers.in_the_way(NOW):
                offers.make_way(one, now=NOW)
        deliver_all()
        self.end([*wanted, *elsewhere])

    def asked_at_once(self, count: int, other: Interpreter, *, day: int) -> list[int]:
        wanted = self.asked(self.closed, count, day=day)
        with transaction():
            for one in wanted:
                offers.make_to_all(SYSTEM, one, [self.interpreter.id, other.id], now=NOW)
        deliver_all()
        return wanted

    def be_chosen_and_not(self) -> None:
        """Say that one could come and be chosen; then the same again, and somebody else comes."""
        with transaction():
            other = factories.interpreter("ary", name="Quick", locale=self.locale)
        for count, chosen in itertools.product((1, 2), (True, False)):
            wanted = self.asked(self.closed, count, day=1)
            with transaction():
                for one in wanted:
                    who = [self.interpreter.id, other.id]
                    offers.make_to_all(SYSTEM, one, who, strategy=Strategy.INTEREST, now=NOW)
            deliver_all()
            with transaction():
                mine = [
                    question.id
                    for one in wanted
                    for question in offer_queries.open_for(one)
                    if question.interpreter_id == self.interpreter.id
                ]
                for one in mine:
                    offers.could_come(SYSTEM, one, comment="CANARY", via=Via.LINK, now=NOW)
            with transaction():
                if chosen:
                    for one in mine:
                        offers.choose(SYSTEM, one, now=NOW)
                else:
                    for one in wanted:
                        offers.assign(SYSTEM, one, other.id, now=NOW)
            deliver_all()
            self.end(wanted)

    def be_reminded(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=7 + count)
        at = coming[0].starts_at - timedelta(hours=16)
        with transaction():
            for one in coming:
                evening.remind(one.id, now=at)
        deliver_all(at)

    def be_reminded_again(self, count: int) -> None:
        """The evening before by mail instead of SMS, two hours before by SMS, as was chosen."""
        coming = self.accepted(self.public, count, day=34 + count)
        chosen = {Topic.EVENING_BEFORE: Choice.MAIL, Topic.HOURS_BEFORE: Choice.SMS}
        account_id = coming[0].interpreter.account_id
        at = coming[0].starts_at - timedelta(hours=2)
        with transaction():
            hearing.choose(SYSTEM, account_id, chosen, (None, None), now=NOW)
            for one in coming:
                evening.remind(one.id, now=at - timedelta(hours=14))
                evening.remind_again(one.id, now=at)
        deliver_all(at)

    def be_reminded_as_a_client(self) -> None:
        """Hear, as the client, when and where; in the language of the city if nobody read ours."""
        language = "ary" if self.locale == "de" else self.locale
        with transaction():
            who = factories.interpreter(language, locale=self.locale)
            asked = factories.asked(
                language,
                by=self.caseworker,
                at=self.public,
                start=_start(50, 0),
                **CANARIES,  # type: ignore[arg-type]
            )
            offers.assign(SYSTEM, asked.id, who.id, now=NOW)
            clients.give(SYSTEM, asked.id, "0176 04069002", consents=True, now=NOW)
        deliver_all()
        evening_before = asked.starts_at - timedelta(hours=15)
        with transaction():
            clients.remind(asked.id, now=evening_before)
        deliver_all(evening_before)

    def ask_in_a_language_nobody_knows(self, count: int) -> None:
        """Nobody finds out which one it is, neither two days before nor until it begins."""
        with transaction():
            asked = [
                factories.asked(
                    "",
                    by=self.caseworker,
                    at=self.public,
                    start=_start(60 + count, number),
                    **CANARIES,  # type: ignore[arg-type]
                )
                for number in range(count)
            ]
        deliver_all()
        for verb, at in (
            (waiting.say_still_open, asked[0].starts_at - DAY),
            (waiting.close_past, asked[-1].starts_at),
        ):
            with transaction():
                for one in asked:
                    verb(one.id, now=at)
            deliver_all(at)

    def be_asked_there_and_back(self, count: int) -> None:
        """An hour later, which nobody has agreed to yet, and back again."""
        coming = self.accepted(self.public, count, day=64 + count)
        deliver_all()
        for hours in (1, -1):
            self.amend([one.interpretation_request_id for one in coming], hours=hours)
            deliver_all()

    def be_asked_with_another_room(self, count: int) -> None:
        """Another time and room, and another contact, of whom the mail says only that it is new."""
        coming = self.accepted(self.public, count, day=70 + count)
        deliver_all()
        requests = [one.interpretation_request_id for one in coming]
        self.amend(requests, hours=1, room="15", contact="CANARY-OTHER")
        deliver_all()

    def hear_who_comes_instead(self, count: int) -> None:
        """Of whom those who asked were told before does not come; they read both in one mail."""
        with transaction():
            other = factories.interpreter("ary", name="Lina", locale=self.locale)
        coming = self.accepted(self.public, count, day=73 + count)
        deliver_all()
        self.release(coming)
        with transaction():
            for one in coming:
                offers.assign(SYSTEM, one.interpretation_request_id, other.id, now=NOW)
        deliver_all()

    def take_the_yes_back(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=20 + count)
        self.deliver_who_comes()
        if count == 1:  # of several at once none is in the calendar yet, so that one mail says it
            deliver_all()
        with transaction():
            for one in coming:
                withdrawing.withdraw(SYSTEM, one.id, reasons=Reasons(office="CANARY"), now=NOW)
        deliver_all()

    def fall_ill(self, count: int) -> None:
        """It is for tomorrow: those who asked hear it by SMS as well.

        The numbers are given, so that the text does not change with what is played before.
        """
        coming = self.accepted(self.public, count, day=1)
        deliver_all()
        with transaction():
            for number, one in enumerate(coming, 1):
                wanted = db.session.get_one(InterpretationRequest, one.interpretation_request_id)
                wanted.reference = f"DO-2027-LLLL{count}{number}"
                withdrawing.cannot_come(SYSTEM, one.id, reasons=Reasons(office="CANARY"), now=NOW)
        deliver_all()

    def be_away(self, count: int) -> None:
        for by_office in (True, False):
            coming = self.accepted(self.public, count, day=1)
            deliver_all()
            decided = dict.fromkeys([one.id for one in coming], Resolution.ASK)
            actor = SYSTEM if by_office else self.interpreter.account.actor
            span = (coming[0].starts_at, coming[-1].ends_at)
            with transaction():
                away = absences.save(
                    actor, self.interpreter.id, span, decided, reason="CANARY", now=NOW
                )
            deliver_all()
            with transaction():
                for job in undecided_of(self.interpreter.id, NOW):
                    absences.settle(SYSTEM, job.id, keeps=True, now=NOW)
            deliver_all()
            with transaction():
                absences.come_back(SYSTEM, away.id, now=NOW)
            self.end([one.interpretation_request_id for one in coming])

    def live_the_day(self, count: int) -> None:
        """Be late; of three talks one takes place, to one no client and to one none of us comes."""
        groups = [self.accepted(self.public, count, day=40 + 3 * count + one) for one in range(3)]
        with transaction():
            for one in groups[0]:
                wanted = db.session.get_one(InterpretationRequest, one.interpretation_request_id)
                wanted.contact = "CANARY, 0176 0406 9002"
        deliver_all()
        at = morning_before(groups[0][0].starts_at, active().city)
        with transaction():
            for one in groups[0]:
                day_before.ask(one.id, now=at)
        deliver_all(at)
        with transaction():
            for one in groups[0]:
                attendance.late(SYSTEM, one.id, 20, now=one.starts_at)
        deliver_all(groups[0][0].starts_at)
        for group, state in zip(groups, OVER, strict=True):
            with transaction():
                for one in group:
                    attendance.say(SYSTEM, one.id, state, _late_by_twenty(one), now=one.ends_at)
            deliver_all(group[-1].ends_at)

    def find_nobody(self, count: int) -> None:
        open_ones = self.asked(self.public, count, day=10)
        with transaction():
            starts = [db.session.get_one(InterpretationRequest, one).starts_at for one in open_ones]
        for verb, at in (
            (waiting.say_still_open, starts[0] - DAY),
            (waiting.close_past, starts[-1]),
        ):
            with transaction():
                for one in open_ones:
                    verb(one, now=at)
            deliver_all(at)

    def ask_for_a_window(self) -> None:
        """Between ten and twelve: what those who asked read until somebody agrees to a time."""
        with transaction():
            window = factories.asked(
                "ary", by=self.caseworker, at=self.public, start=_start(9, 0), latest_start=time(12)
            )
            window.reference = "DO-2027-NBDFW1"
        with transaction():
            waiting.say_still_open(window.id, now=window.starts_at - DAY)
        deliver_all(window.starts_at - DAY)
        self.end([window.id])

    def be_asked_for_another_start(self) -> None:
        """Say no to the first start of a window, and be asked for a later one."""
        with transaction():
            window = factories.asked(
                "ary",
                by=self.caseworker,
                at=self.public,
                start=_start(90, 0),
                latest_start=time(15),
            )
            window.reference = "DO-2027-NBDFW2"
        for hours in (0, 4):
            wanted = Wanted(starts_at=window.starts_at + timedelta(hours=hours))
            with transaction():
                made = offers.make(SYSTEM, window.id, self.interpreter.id, wanted, now=NOW)
            deliver_all()
            with transaction():
                answers.by_telephone(SYSTEM, made, Answer.NO, now=NOW)
        self.end([window.id])

    def answer_in_the_calendar_in_vain(self, count: int) -> None:
        """Say no in the calendar to what one has agreed to."""
        coming = self.accepted(self.public, count, day=1)
        deliver_all()
        with transaction():
            for one in coming:
                with pytest.raises(Refusal) as refused:
                    answers.by_calendar(one, Answer.NO, is_overtaken=False, now=NOW)
                answers.tell_not_taken(one, refused.value, NOW)
        deliver_all()
        self.end([one.interpretation_request_id for one in coming])

    def decline_what_stands_in_the_calendar(self, count: int) -> None:
        made = [one for day in range(count) for one in self.offers(self.public, 1, day=54 + day)]
        with transaction():
            for one in made:
                stands_in_the_calendar(one, NOW)
                offer_messages.take_entry_out(one, NOW)
        deliver_all()
        self.end([one.interpretation_request_id for one in made])

    def amend(self, request_ids: list[int], **differently: int | str) -> None:
        """Change all of them in one action; `hours` moves the start."""
        hours = timedelta(hours=int(differently.pop("hours", 0)))
        with transaction():
            for one in request_ids:
                asked = details_of(db.session.get_one(InterpretationRequest, one))
                details = replace(
                    asked,
                    wall_start=asked.wall_start + hours,
                    **differently,  # type: ignore[arg-type]
                )
                amendments.amend(self.caseworker.actor, one, details, now=NOW)

    def be_asked_anew(self, count: int) -> None:
        made = self.offers(self.public, count, day=20 + count)
        self.amend([one.interpretation_request_id for one in made], hours=1)
        deliver_all()

    def agree_to_no_change(self, count: int) -> None:
        """Once with the entry in the calendar, once before any mail has left."""
        for day, deliver in ((1, deliver_all), (24 + count, self.deliver_short)):
            coming = self.accepted(self.public, count, day=day)
            self.deliver_who_comes()
            deliver()
            self.amend([one.interpretation_request_id for one in coming], hours=1)
            deliver()
            with transaction():
                for one in coming:
                    amendments.decline(SYSTEM, one.confirmations[-1].id, via=Via.PAGE, now=NOW)
            deliver_all()

    def hear_of_a_change(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=28 + count)
        deliver_all()
        requests = [one.interpretation_request_id for one in coming]
        if count == 1:
            self.amend(requests, duration_minutes=30)
        else:
            self.amend(requests, room="14")
        deliver_all()

    def come_to_many_dates(self) -> None:
        """So many calendar entries at once that one mail says all of them in words."""
        wanted = [one for day in range(50, 54) for one in self.asked(self.public, 1, day=day)]
        with transaction():
            for one in wanted:
                offers.assign(SYSTEM, one, self.interpreter.id, now=NOW)
        deliver_all()
        self.end(wanted)
        with transaction():
            for one in wanted:
                restoring.undo(SYSTEM, one, now=NOW)
        deliver_all()
        self.amend(wanted, hours=1)
        deliver_all()
        self.end(wanted)

    def be_reminded_of_a_change(self, count: int) -> None:
        coming = self.accepted(self.public, count, day=54 + count)
        deliver_all()
        self.amend([one.interpretation_request_id for one in coming], hours=1)
        deliver_all()
        questions = [one.confirmations[-1] for one in coming]
        half = max(one.remind_at or NOW for one in questions)
        with transaction():
            for one in questions:
                reminding.remind(one.id, now=half)
        deliver_all(half)
        self.end([one.interpretation_request_id for one in coming])

    def interpret_by_video(self, count: int) -> None:
        """On site nobody is found; the link stands in mail and calendar, and in no SMS."""
        with transaction():
            asked = [
                factories.asked(
                    "ary",
                    by=self.caseworker,
                    at=self.public,
                    start=_start(35 + count, number),
                    ways=("on_site", "video"),
                    video_link="https://video.example/raum-7",
                    **CANARIES,  # type: ignore[arg-type]
                )
                for number in range(count)
            ]
            by_video = Wanted(way=Way.VIDEO)
            made = [
                offers.make(SYSTEM, one.id, self.interpreter.id, by_video, now=NOW) for one in asked
            ]
        deliver_all()
        with transaction():
            for offer in made:
                offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        deliver_all()
        self.end([one.id for one in asked])

    def deliver_short(self) -> None:
        """Let what goes by SMS leave, and no mail."""
        for message in written():
            if message.channel == Channel.SMS:
                messaging.deliver(message.id, NOW)

    def deliver_who_comes(self) -> None:
        """Let it leave that somebody comes: else nobody would hear that they do not."""
        for message in written():
            if message.name.startswith("interpreter_found") and message.state == "queued":
                messaging.deliver(message.id, NOW)

    def release(self, coming: list[Assignment]) -> None:
        with transaction():
            for one in coming:
                cancellations.release(SYSTEM, one.id, reasons=REASONS, now=NOW)
        deliver_all()

    def end(self, request_ids: list[int]) -> None:
        with transaction():
            for one in request_ids:
                cancellations.cancel_request(SYSTEM, one, reasons=REASONS, now=NOW)
        deliver_all()

    def be_cancelled_by_a_colleague(self, count: int) -> None:
        """Hear that somebody of the same organisation has cancelled what one asked for."""
        gone = self.asked(self.public, count, day=40 + count)
        reasons = Reasons(told="the talk is put off")
        with transaction():
            colleague = factories.account(of=self.caseworker.organisation)
            for one in gone:
                cancellations.cancel_request(colleague.actor, one, reasons=reasons, now=NOW)
        deliver_all()

    def ask_at_short_notice(self, count: int) -> None:
        """Ask for what cannot wait; somebody is asked at once with others, and it is cancelled."""
        with transaction():
            asked = [
                factories.asked(
                    "ary",
                    by=self.caseworker,
                    at=self.public,
                    start=_start(2, number),
                    is_urgent=True,
                )
                for number in range(count)
            ]
            for one in asked:
                people = [self.interpreter.id]
                offers.make_to_all(SYSTEM, one.id, people, now=NOW)
        deliver_all()
        self.end([one.id for one in asked])

    def be_looked_at_first(self, count: int) -> None:
        """Wait for the office, which approves; and once more, when nobody looks, and it refuses."""
        with transaction():
            self.caseworker.organisation.is_reviewed = True  # type: ignore[union-attr]
        approved, refused = (self.asked(self.public, count, day=day) for day in (50, 1))
        deliver_all()
        with transaction():
            for one in approved:
                reviewing.approve(SYSTEM, one, now=NOW)
        deliver_all()
        late = [db.session.get_one(InterpretationRequest, one) for one in refused]
        with transaction():
            for each in late:
                waiting.say_still_open(each.id, now=late[0].next_word_at or NOW)
        deliver_all()
        with transaction():
            for one in refused:
                reviewing.refuse(SYSTEM, one, reasons=REASONS, now=NOW)
            self.caseworker.organisation.is_reviewed = False  # type: ignore[union-attr]
        deliver_all()
        self.end(approved)

    def share_a_talk(self, count: int) -> None:
        """Interpret by relay with somebody who says yes later, and falls out again."""
        with transaction():
            asked = [
                factories.asked(
                    "gaz",
                    by=self.caseworker,
                    at=self.public,
                    start=_start(45 + count, 0) + timedelta(hours=2 * number),
                    relay_allowed=True,
                    **CANARIES,  # type: ignore[arg-type]
                )
                for number in range(count)
            ]
            one_side = factories.interpreter("gaz>en", name="Abdi", locale=self.locale)
            other = factories.interpreter("en", name="Noor", locale=self.locale)
            one_side.account.email = f"abdi.{count:03}@beispiel.example"
            other.account.email = f"noor.{count:03}@beispiel.example"
            own, theirs = (
                [
                    offers.make(
                        SYSTEM,
                        one.id,
                        who,
                        Wanted(seat=seat, language=language, sharing=Sharing("en")),
                        now=NOW,
                    )
                    for one in asked
                ]
                for seat, language, who in (
                    (1, "gaz>en", one_side.id),
                    (2, "en", other.id),
                )
            )
        deliver_all()
        for questions in (own, theirs):
            with transaction():
                comes = [offers.accept(SYSTEM, one.id, via=Via.LINK, now=NOW) for one in questions]
            deliver_all()
        with transaction():
            for one in comes:
                withdrawing.cannot_come(SYSTEM, one.id, reasons=REASONS, now=NOW)
        deliver_all()
        self.end([one.id for one in asked])

    def be_served_by_an_agency(self, count: int) -> None:
        """Hear that a partner agency sends somebody."""
        covered = self.asked(self.public, count, day=1)
        with transaction():
            for one in covered:
                agency.cover(SYSTEM, one, AGENCY, cents=14_250, now=NOW)
        deliver_all()
        self.end(covered)

    def be_let_down_by_an_agency(self, count: int) -> None:
        """Hear the day before that the agency sends nobody after all."""
        covered = self.asked(self.public, count, day=1)
        for verb in (
            lambda one: agency.cover(SYSTEM, one, AGENCY, cents=None, now=NOW),
            lambda one: agency.uncover(SYSTEM, one, now=NOW),
        ):
            with transaction():
                for one in covered:
                    verb(one)
            deliver_all()
        self.end(covered)

    def write_by_sms(self) -> None:
        """Ask for help, be unclear, answer too late, and want no SMS any more."""
        (one,) = self.asked(self.public, 1, day=60)
        with transaction():
            self.interpreter.phone = "+4915111111111"
            offer = offers.make(SYSTEM, one, self.interpreter.id, now=NOW)
            code = codes.give(self.interpreter.phone, f"offer:{offer.id}", NOW)
        deliver_all()
        for text in ("INFO", "vielleicht", "STOPP"):
            self.write(text)
        foretold.numbers = itertools.count(OWN_NUMBERS)
        with transaction():
            offers.remind(offer.id, now=offer.remind_at or NOW)
        deliver_all()
        self.write("START")
        with transaction():
            offer.answer_by = NOW
        self.write(f"J{code}")

    def look_after_oneself(self) -> None:
        """Give a number, and hear that a private calendar cannot be read."""
        with transaction():
            confirming.ask(self.interpreter.account, "+4915111111122", now=NOW)
            broken = PrivateCalendar(
                interpreter_id=self.interpreter.id, name="calendar.example", error_code="away"
            )
            db.session.add(broken)
            db.session.flush()
            private_calendars.broken(broken, NOW, NOW)
        deliver_all()

    def look_after_an_outage(self) -> None:
        """Hear, as the office, that SMS do not go out, and that they do again."""
        with transaction():
            office = factories.account(Role.COORDINATOR, name="Dana Beispiel", locale=self.locale)
            office.email = "dana@beispiel.example"
            way = outages.lock(Channel.SMS) or TransportState(channel=Channel.SMS)
            way.state, way.since, way.next_try_at = ChannelWay.DOWN, NOW - alarms.TOLD_AFTER, NOW
            way.error_code = "provider-away"
            db.session.add(way)
            alarms.look(now=NOW)
        with transaction():
            way.state, way.since, way.error_code = ChannelWay.UP, NOW, ""
            alarms.look(now=NOW)
        deliver_all()

    def write_as_a_client(self) -> None:
        """Write START when the number is not kept, and ask for help when it is."""
        language, number = "ary" if self.locale == "de" else self.locale, "+4917604069003"
        for wrote in ("START", "HELP"):
            with transaction():
                if wrote == "HELP":
                    asked = factories.asked(language, by=self.caseworker, start=_start(60, 0))
                    clients.give(SYSTEM, asked.id, number, consents=True, now=NOW)
                sms.store(f"SM-client-{wrote}", number, wrote, "", now=NOW)
                for stored in sms.to_take(NOW):
                    sms.take(stored, now=NOW)
        deliver_all()

    def change_ones_mind_by_sms(self) -> None:
        """Say no and then yes to one question, and yes and then no to another."""
        for day, answers_given in ((61, "NJ"), (62, "JN")):
            (one,) = self.asked(self.public, 1, day=day)
            with transaction():
                offer = offers.make(SYSTEM, one, self.interpreter.id, now=NOW)
                code = codes.give(self.interpreter.phone, f"offer:{offer.id}", NOW)
            deliver_all()
            for answer in answers_given:
                self.write(f"{answer}{code}")

    def be_owed_nothing_after_all(self, count: int) -> None:
        """Hear that what was to be paid for what was called off is waived."""
        coming = self.accepted(self.public, count, day=120 + count)
        deliver_all()
        self.end([one.interpretation_request_id for one in coming])
        with transaction():
            office = factories.account(Role.COORDINATOR)
        with transaction():
            for one in coming:
                waive(one.id, office.actor)
        deliver_all()

    def hear_that_a_client_was_reminded_of_what_is_off(self) -> None:
        """Hear that the office, and then a colleague, cancels what the client was reminded of."""
        with transaction():
            colleague = factories.account(of=self.caseworker.organisation).actor
        reasons = Reasons(office="off", told="the talk is put off")
        for count, by in enumerate((SYSTEM, colleague)):
            (coming,) = self.accepted(self.public, 1, day=130 + count)
            deliver_all()
            one, at = coming.interpretation_request_id, coming.starts_at - timedelta(hours=15)
            with transaction():
                clients.give(SYSTEM, one, "0176 04069002", consents=True, now=NOW)
                clients.remind(one, now=at)
            deliver_all(at)
            with transaction():
                cancellations.cancel_request(by, one, reasons=reasons, now=NOW)
            deliver_all()

    def hear_that_a_client_wants_no_sms(self, count: int) -> None:
        """Hear that STOP came from a number, of one request and of two, the first reminded."""
        number = f"+491760406908{count}"
        coming = self.accepted(self.public, count, day=140 + count)
        deliver_all()
        with transaction():
            for one in coming:
                request_id = one.interpretation_request_id
                clients.give(SYSTEM, request_id, number, consents=True, now=NOW)
        if count > 1:
            at = coming[0].starts_at - timedelta(hours=15)
            with transaction():
                clients.remind(coming[0].interpretation_request_id, now=at)
            deliver_all(at)
        with transaction():
            sms.store(f"SM-stop-{count}", number, "STOP", "", now=NOW)
            for stored in sms.to_take(NOW):
                sms.take(stored, now=NOW)
        deliver_all()

    def hear_that_it_is_as_before(self, count: int) -> None:
        """Hear of a change and of its end at once, where whoever comes was asked in between."""
        coming = self.accepted(self.public, count, day=150 + count)
        deliver_all()
        for hours in (1, -1):
            self.amend([one.interpretation_request_id for one in coming], hours=hours)
            for question in written("assignment_asked_again"):
                messaging.deliver(question.id, NOW)
        deliver_all()

    def hear_soon_that_a_client_has_to_be_told(self, count: int) -> None:
        """Hear by SMS that what begins soon is off, and that the client was reminded."""
        coming = self.accepted(self.public, count, day=1)
        deliver_all()
        at = min(one.starts_at for one in coming) - timedelta(hours=15)
        with transaction():
            for one in coming:
                request_id = one.interpretation_request_id
                clients.give(SYSTEM, request_id, "0176 04069002", consents=True, now=NOW)
                clients.remind(request_id, now=at)
        deliver_all(at)
        self.end([one.interpretation_request_id for one in coming])

    def hear_that_a_client_was_reminded_of_what_is_back(self, count: int, *, moved: int) -> None:
        """Hear that it takes place after all, where the client was reminded, of another start too.

        So many are `moved` in between, and agreed to.
        """
        coming = self.accepted(self.public, count, day=160 + 2 * count + moved)
        deliver_all()
        request_ids = [one.interpretation_request_id for one in coming]
        at = min(one.starts_at for one in coming) - timedelta(hours=15)
        with transaction():
            for one in request_ids:
                clients.give(SYSTEM, one, "0176 04069002", consents=True, now=NOW)
                clients.remind(one, now=at)
        deliver_all(at)
        self.amend(request_ids[:moved], hours=1)
        deliver_all()
        with transaction():
            for each in coming[:moved]:
                amendments.accept(SYSTEM, each.confirmations[-1].id, via=Via.PAGE, now=NOW)
        deliver_all()
        self.end(request_ids)
        with transaction():
            for one in request_ids:
                restoring.undo(SYSTEM, one, now=NOW)
        deliver_all()

    def look_after_a_standstill(self) -> None:
        """Hear, as the office, that no worker ran over the weekend."""
        with transaction():
            alarms.say_it_stood_still(NOW - 3 * DAY, NOW, questions=2, begun=1, now=NOW)
        deliver_all()

    def write(self, text: str) -> None:
        with transaction():
            sms.store(f"SM-{text}", self.interpreter.phone, text, "", now=NOW)
            for stored in sms.to_take(NOW):
                sms.take(stored, now=NOW)
        deliver_all()

    def answer_what_nobody_asked(self) -> None:
        """Write a code that stands for nothing while nothing is open."""
        with transaction():
            somebody = factories.interpreter("ary", name="Nele", locale=self.locale)
            somebody.phone = "+4917604069088"
            sms.store("SM-mistyped", somebody.phone, "J1Z", "", now=NOW)
            for stored in sms.to_take(NOW):
                sms.take(stored, now=NOW)
        deliver_all()

    def lose_one_of_a_team(self, count: int) -> None:
        """One of two is released, and of another two one takes the yes back; the other comes."""
        with transaction():
            other = factories.interpreter("ary", name="Lina", locale=self.locale)
            other.account.email = f"lina.{count:03}@beispiel.example"
        coming = self.teams_of_two(count, other, day=170 + count)
        self.release(coming)
        coming = self.teams_of_two(count, other, day=180 + count)
        with transaction():
            for one in coming:
                withdrawing.withdraw(SYSTEM, one.id, reasons=Reasons(office="CANARY"), now=NOW)
        deliver_all()

    def teams_of_two(self, count: int, other: Interpreter, *, day: int) -> list[Assignment]:
        """So many talks to which this other comes too."""
        with transaction():
            teams = [
                factories.asked(
                    "ary",
                    by=self.caseworker,
                    at=self.public,
                    start=_start(day, number),
                    interpreters=2,
                    **CANARIES,  # type: ignore[arg-type]
                )
                for number in range(count)
            ]
            for one in teams:
                offers.assign(SYSTEM, one.id, other.id, now=NOW)
            coming = [offers.assign(SYSTEM, one.id, self.interpreter.id, now=NOW) for one in teams]
        deliver_all()
        return coming

    def write_from_a_former_number(self) -> None:
        """Answer from a number one has given up."""
        former = self.interpreter.phone
        with transaction():
            self.interpreter.phone = "+4917604069077"
        with transaction():
            sms.store("SM-former", former, "JA", "", now=NOW)
            for stored in sms.to_take(NOW):
                sms.take(stored, now=NOW)
        deliver_all()

    def be_asked_whether_it_may_be_otherwise(self, count: int) -> None:
        open_ones = self.asked(self.public, count, day=10 + count)
        with transaction():
            for one, (kind, value) in zip(open_ones, OTHERWISE, strict=False):
                asked = db.session.get_one(InterpretationRequest, one)
                request_messages.question(asked, kind, value, NOW)
        deliver_all()

    def sign_in(self) -> None:
        with transaction():
            links.want(self.caseworker.email, "/", NOW)
            (wanted_id,) = db.session.scalars(sa.select(WantedLink.id))
            links.send_wanted(wanted_id, base_url=ADDRESS, city=active().city, now=NOW)
        deliver_all()


def _late_by_twenty(assignment: Assignment) -> Times:
    return Times(assignment.starts_at + timedelta(minutes=20), assignment.ends_at)


def _start(day: int, number: int) -> datetime:
    """Return when the things of one occasion begin: on one day, three hours apart."""
    return factories.TOMORROW_TEN + DAY * (day - 1) + timedelta(hours=3 * number)
