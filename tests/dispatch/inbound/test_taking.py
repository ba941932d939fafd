"""What mail that came in does: answers count once, everything else waits for a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.rules import Role
from dispatch.answers.incoming import IncomingState
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.inbound import service, settling
from dispatch.inbound.rules import Outcome
from dispatch.invitations.models import Invitation
from dispatch.ledger.models import Change
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging import queries as messages
from dispatch.messaging import reached
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.dispatch.inbound import replies
from tests.dispatch.inbound.replies import CLIENTS, Invited, google, invited, otherwise
from tests.dispatch.inbound.scenes import agreed, arrives, entry, moved, told
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _the_clock_stands(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW + timedelta(minutes=10))


def test_a_change_asks_in_the_calendar_and_what_is_agreed_asks_nothing() -> None:
    assignment = agreed()
    assert "RSVP=FALSE" in (entry("assignment_confirmed").calendar_text or "")
    moved(assignment)
    asking = (entry("assignment_asked_again").calendar_text or "").replace("\r\n ", "")
    assert "PARTSTAT=NEEDS-ACTION" in asking
    assert "RSVP=TRUE" in asking


@pytest.mark.parametrize("client", CLIENTS, ids=[one.__name__ for one in CLIENTS])
def test_a_yes_in_any_calendar_agrees_to_what_changed(client: Callable[[Invited], bytes]) -> None:
    assignment = agreed()
    mail = arrives(client(moved(assignment)))
    assert (mail.outcome, mail.state) == (Outcome.YES, IncomingState.DONE)
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.CONFIRMED
    assert assignment.confirmations[-1].via == Via.CALENDAR
    confirming = entry("assignment_confirmed").calendar_text or ""
    assert "PARTSTAT=ACCEPTED" in confirming.replace("\r\n ", "")


@on_sqlite
def test_a_no_in_the_calendar_opens_the_seat() -> None:
    assignment = agreed()
    mail = arrives(google(otherwise(moved(assignment), standing="DECLINED")))
    assert mail.outcome == Outcome.NO
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.RELEASED


@on_sqlite
@pytest.mark.parametrize("client", [google, replies.exchange, replies.ios])
def test_what_is_written_beside_an_answer_waits_for_the_office(
    client: Callable[[Invited], bytes],
) -> None:
    asked = otherwise(moved(agreed()), standing="DECLINED")
    mail = arrives(client(otherwise(asked, comment="Bin krank")))
    assert (mail.outcome, mail.state) == (Outcome.NO, IncomingState.OPEN)
    assert mail.text == "Bin krank"
    assert settling.to_settle(NOW) == []
    with transaction():
        service.settle(SYSTEM, mail.id, now=NOW)
    assert mail.state == IncomingState.SETTLED


@on_sqlite
def test_perhaps_is_no_answer_where_a_sure_one_is_wanted_and_the_person_hears_it() -> None:
    assignment = agreed()
    mail = arrives(google(otherwise(moved(assignment), standing="TENTATIVE")))
    assert mail.outcome == Outcome.NOT_TAKEN
    (words,) = [one for one in written("answer_not_taken") if one.channel == Channel.EMAIL]
    assert "a sure answer is wanted" in words.body
    assert words.recipient == assignment.interpreter.account.email
    assert words.calendar_method is None, "no calendar answers it by itself"
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.TO_RECONFIRM


@on_sqlite
def test_the_same_answer_twice_has_one_effect() -> None:
    asked = moved(agreed())
    assert arrives(google(asked)).outcome == Outcome.YES
    before = told()
    assert arrives(google(asked)).outcome == Outcome.REPEATED
    assert arrives(replies.exchange(asked)).outcome == Outcome.REPEATED
    assert told() == before


@on_sqlite
def test_of_two_answers_the_later_stamp_counts_whichever_comes_first() -> None:
    assignment = agreed()
    asked = moved(assignment)
    later = otherwise(asked, stamped_at=asked.stamped_at + timedelta(minutes=1))
    assert arrives(google(later)).outcome == Outcome.YES
    assert arrives(google(otherwise(asked, standing="DECLINED"))).outcome == Outcome.OVERTAKEN
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.CONFIRMED


@on_sqlite
def test_yes_and_no_of_the_same_second_are_for_a_person() -> None:
    asked = moved(agreed())
    assert arrives(google(asked)).outcome == Outcome.YES
    assert arrives(google(otherwise(asked, standing="DECLINED"))).outcome == Outcome.UNCLEAR


@on_sqlite
def test_a_later_no_from_an_earlier_mail_is_told_that_it_does_not_count() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    assert arrives(google(moved(assignment))).outcome == Outcome.YES
    later = before.stamped_at + timedelta(minutes=2)
    mail = arrives(google(otherwise(before, standing="DECLINED", stamped_at=later)))
    assert (mail.outcome, mail.state) == (Outcome.WANTS_OUT, IncomingState.OPEN)
    assert "does not take that back" in written("answer_not_taken")[0].body


@on_sqlite
def test_a_yes_to_what_has_changed_since_is_no_yes_to_the_change() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    moved(assignment)
    mail = arrives(google(before))
    assert mail.outcome == Outcome.NOT_TAKEN
    assert "earlier terms" in written("answer_not_taken")[0].body
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.TO_RECONFIRM


@on_sqlite
def test_a_yes_after_the_time_to_answer_is_told_to_have_come_too_late() -> None:
    assignment = agreed()
    asked = moved(assignment)
    with transaction():
        assignment.confirmations[-1].answer_by = NOW
    assert arrives(google(asked)).outcome == Outcome.NOT_TAKEN
    assert "time to answer has run out" in written("answer_not_taken")[0].body


@on_sqlite
def test_whoever_has_agreed_and_says_no_is_called_and_still_comes() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    mail = arrives(google(otherwise(before, standing="DECLINED")))
    assert (mail.outcome, mail.state) == (Outcome.WANTS_OUT, IncomingState.OPEN)
    assert (mail.interpreter_id, mail.interpretation_request_id) == (
        assignment.interpreter_id,
        assignment.interpretation_request_id,
    )
    assert "does not take that back" in written("answer_not_taken")[0].body
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.CONFIRMED


@on_sqlite
def test_a_no_to_what_is_cancelled_anyway_bothers_nobody() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    with transaction():
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons("x", "x"), now=NOW)
    said = told()
    mail = arrives(google(otherwise(before, standing="DECLINED")))
    assert (mail.outcome, mail.state) == (Outcome.NOTHING_OPEN, IncomingState.DONE)
    assert told() == said


@on_sqlite
def test_another_time_is_proposed_to_the_coordinator_and_never_booked() -> None:
    assignment = agreed()
    asked = moved(assignment)
    at = asked.starts_at + timedelta(hours=3)
    proposal = otherwise(
        asked, method="COUNTER", starts_at=at, ends_at=at + timedelta(hours=1), comment="Um 14 Uhr?"
    )
    mail = arrives(google(proposal))
    assert (mail.outcome, mail.state) == (Outcome.PROPOSAL, IncomingState.OPEN)
    assert mail.proposed_starts_at == at
    assert mail.text == "Um 14 Uhr?"
    db.session.refresh(assignment)
    assert assignment.state == AssignmentState.TO_RECONFIRM
    (told,) = [one for one in written("answer_not_taken") if one.channel == Channel.EMAIL]
    assert "proposed another time" in told.body
    assert "accept or decline" in told.body
    # the same once more is the same proposal
    assert arrives(replies.exchange(proposal)).outcome == Outcome.REPEATED
    assert len(written("answer_not_taken")) == 2, "a mail and an SMS"


@on_sqlite
@pytest.mark.parametrize("client", [google, replies.exchange])
def test_an_answer_at_another_time_is_a_proposal_as_an_old_exchange_makes_them(
    client: Callable[[Invited], bytes],
) -> None:
    asked = moved(agreed())
    at = asked.starts_at + timedelta(hours=3)
    mail = arrives(client(otherwise(asked, starts_at=at, ends_at=at + timedelta(hours=1))))
    assert (mail.outcome, mail.proposed_starts_at) == (Outcome.PROPOSAL, at)


@on_sqlite
def test_who_has_agreed_and_proposes_another_time_hears_that_what_is_agreed_stands() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    at = before.starts_at + timedelta(hours=3)
    times = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    mail = arrives(google(otherwise(before, method="COUNTER", **times)))
    assert mail.outcome == Outcome.PROPOSAL
    assert "what you have agreed to stands" in written("answer_not_taken")[0].body
    moved(assignment)
    mail = arrives(replies.exchange(otherwise(before, method="COUNTER", **times)))
    assert mail.outcome == Outcome.PROPOSAL_BEFORE


@on_sqlite
def test_the_token_alone_is_enough_and_the_sender_is_not_asked() -> None:
    asked = moved(agreed())
    elsewhere = otherwise(asked, sender="mira@private.example", address="mira@private.example")
    assert arrives(google(elsewhere)).outcome == Outcome.YES


@on_sqlite
def test_the_entry_alone_is_enough_where_the_address_lost_its_token() -> None:
    asked = moved(agreed())
    plain = "einsatz@dragoman.example"
    stranger = otherwise(asked, to=plain, address="mira@private.example")
    assert arrives(google(stranger)).outcome == Outcome.SOMEBODY_ELSE
    # entries are passed on, and who has one knows its UID: then it has to be sent by the person
    passed_on = otherwise(asked, to=plain, sender="somebody@elsewhere.example")
    assert arrives(google(passed_on)).outcome == Outcome.SOMEBODY_ELSE
    made_up = "einsatz+0123456789abcdef0123456789abcdef@dragoman.example"
    assert arrives(google(otherwise(passed_on, to=made_up))).outcome == Outcome.SOMEBODY_ELSE
    assert arrives(google(otherwise(asked, to=plain))).outcome == Outcome.YES


def forged(asked: Invited) -> list[bytes]:
    """Answers of people who have seen too little, or say too little: 30 of them."""
    guess = "einsatz+0123456789abcdef0123456789abcdef@dragoman.example"
    plain, elsewhere = "einsatz@dragoman.example", "somebody@elsewhere.example"
    wrong = [
        {"to": guess, "uid": "guess@dragoman.example"},
        {"to": plain, "uid": "guess@dragoman.example"},
        {"to": plain, "uid": ""},
        {"uid": "guess@dragoman.example"},
        {"address": elsewhere, "name": "Somebody"},
        {"to": plain, "address": elsewhere},
        {"method": "REQUEST"},
        {"method": "CANCEL"},
        {"standing": "DELEGATED"},
        {"standing": "NEEDS-ACTION"},
    ]
    shapes = (google, replies.exchange, replies.apple)
    return [shape(otherwise(asked, **one)) for one in wrong for shape in shapes]


@on_sqlite
def test_thirty_forged_answers_change_nothing_and_are_all_kept_in_sight() -> None:
    assignment = agreed()
    asked = moved(assignment)
    before = (told(), assignment.version)
    mails = [arrives(one) for one in forged(asked)]
    assert len(mails) == 30
    assert {one.state for one in mails} == {IncomingState.OPEN}
    db.session.refresh(assignment)
    assert (told(), assignment.version) == before
    kept = sa.select(sa.func.count(Change.id)).where(Change.kind == "mail.kept")
    assert db.session.scalar(kept) == 30


@on_sqlite
def test_a_forward_of_our_mail_answers_nothing() -> None:
    asked = moved(agreed())
    forward = (
        (
            f"From: a@b.example\r\nTo: {asked.organizer}\r\nSubject: WG\r\n"
            'Content-Type: multipart/mixed; boundary="f"\r\n\r\n--f\r\n'
            "Content-Type: text/plain\r\n\r\n"
            "zur Info\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n"
        ).encode()
        + google(asked)
        + b"\r\n--f--\r\n"
    )
    mail = arrives(forward)
    assert (mail.outcome, mail.text) == (Outcome.LETTER, "zur Info")


@on_sqlite
def test_two_calendar_texts_that_differ_answer_nothing() -> None:
    asked = moved(agreed())
    mail = google(asked).replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=DECLINED")
    assert arrives(mail).outcome == Outcome.DAMAGED


@on_sqlite
def test_a_mail_that_came_back_marks_message_and_person() -> None:
    with transaction():
        wanted = factories.asked()
        factories.coming(wanted, factories.interpreter())
    deliver_all()
    message = entry("assignment_confirmed")
    mail = arrives(replies.bounce(message))
    assert (mail.outcome, mail.message_id) == (Outcome.RETURNED, message.id)
    db.session.refresh(message)
    assert (message.state, message.error_code) == (MessageState.FAILED, "recipient-refused")
    assert "no such user here" in message.error
    assert db.session.scalar(sa.select(messages.undelivered(sa.literal(message.about))))
    assert reached.unreachable_channels([message.recipient]) == {Channel.EMAIL}
    assert arrives(replies.bounce(message)).outcome == Outcome.RETURNED  # and nothing more


@on_sqlite
def test_a_late_mail_is_marked_and_a_full_mailbox_is_not_a_dead_one() -> None:
    agreed()
    message = entry("assignment_confirmed")
    assert arrives(replies.bounce(message, action="delayed")).outcome == Outcome.DELAYED
    db.session.refresh(message)
    assert (message.state, message.error_code) == (MessageState.SENT, "late")
    assert db.session.scalar(sa.select(messages.undelivered(sa.literal(message.about))))
    arrives(replies.bounce(message, status="5.2.2"))
    db.session.refresh(message)
    assert (message.state, message.error_code) == (MessageState.FAILED, "came-back")
    assert reached.unreachable_channels([message.recipient]) == set()


@on_sqlite
def test_a_report_about_no_mail_of_ours_is_kept_in_sight() -> None:
    agreed()
    message = entry("assignment_confirmed")
    stranger = Message(sender="einsatz+0@dragoman.example", recipient="x@y.example", mail_id="0@x")
    assert arrives(replies.bounce(stranger)).outcome == Outcome.RETURNED_UNKNOWN
    db.session.refresh(message)
    assert message.state == MessageState.SENT


@on_sqlite
def test_a_letter_is_kept_with_who_wrote_it_until_somebody_has_seen_to_it() -> None:
    assignment = agreed()
    person = assignment.interpreter.account
    with transaction():
        coordinator = factories.account(Role.COORDINATOR)
    mail = arrives(replies.letter("einsatz@dragoman.example", sender=person.email))
    assert (mail.outcome, mail.state, mail.text) == (
        Outcome.LETTER, IncomingState.OPEN, "Kann ich später kommen?",
    )  # fmt: skip
    assert mail.interpreter_id == assignment.interpreter_id
    with transaction():
        service.settle(coordinator.actor, mail.id, now=NOW)
    with pytest.raises(Conflict), transaction():
        service.settle(coordinator.actor, mail.id, now=NOW)


@on_sqlite
@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00\xff" * 500,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 9999,
    ],
    ids=["nothing", "octets", "parts without end"],
)
def test_what_cannot_be_read_waits_for_a_person(octets: bytes) -> None:
    assert arrives(octets).state == IncomingState.OPEN


@on_sqlite
def test_a_week_after_it_was_seen_to_nothing_of_it_is_left_but_that_it_came() -> None:
    asked = moved(agreed())
    mail, waiting = arrives(google(asked)), arrives(replies.letter("einsatz@dragoman.example"))
    with transaction():
        service.forget_old(NOW + timedelta(days=8))
    db.session.expire_all()
    assert (mail.octets, mail.text, mail.sender) == (None, "", "")
    assert mail.outcome == Outcome.YES
    assert waiting.text == "Kann ich später kommen?"


@on_sqlite
def test_an_answer_is_remembered_with_its_number_and_stamp() -> None:
    assignment = agreed()
    asked = moved(assignment)
    arrives(google(otherwise(asked, stamped_at=NOW + timedelta(days=4000))))
    invitation = db.session.scalars(sa.select(Invitation)).one()
    assert invitation.answered_sequence == asked.sequence
    assert invitation.answered_stamp == NOW + timedelta(minutes=10)  # not in years to come


@on_sqlite
def test_what_waits_for_a_person_leaves_when_it_is_settled_otherwise() -> None:
    assignment = agreed()
    before = invited(entry("assignment_confirmed"))
    mail = arrives(google(otherwise(before, standing="DECLINED")))
    letter = arrives(b"Subject: Urlaub\r\nFrom: a@example.org\r\n\r\nBin weg.")
    assert settling.to_settle(NOW) == []
    with transaction():
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons("x", "x"), now=NOW)
    assert settling.to_settle(NOW) == [mail.id]
    with transaction():
        settling.settle_by_itself(mail.id, now=NOW)
        settling.settle_by_itself(letter.id, now=NOW)
    assert (mail.state, mail.outcome) == (IncomingState.SETTLED, Outcome.OVER)
    assert letter.state == IncomingState.OPEN


@on_sqlite
def test_a_proposal_waits_while_its_writer_is_asked_or_comes() -> None:
    assignment = agreed()
    at = (asked := moved(assignment)).starts_at + timedelta(hours=3)
    times = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    proposal = arrives(google(otherwise(asked, method="COUNTER", **times)))
    assert settling.to_settle(NOW) == []
    assert settling.to_settle(assignment.ends_at + timedelta(days=1)) == [proposal.id]


@on_sqlite
def test_a_proposal_is_over_when_its_writer_says_yes_after_it() -> None:
    asked = moved(agreed())
    at = asked.starts_at + timedelta(hours=3)
    times = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    proposal = arrives(google(otherwise(asked, method="COUNTER", **times)))
    assert arrives(google(asked)).outcome == Outcome.YES
    assert settling.to_settle(NOW + timedelta(minutes=11)) == [proposal.id]
