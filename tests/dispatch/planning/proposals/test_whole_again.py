"""A talk that two shared, once neither of them is asked or comes: it is as it was asked for."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.amendments.foreseeing import details_to_ask_again
from dispatch.assignments.rules import Via
from dispatch.cancellations import reversing, undoing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Seat, Step
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.offers import unsaying
from dispatch.offers.models import Offer
from dispatch.requests import messages as request_messages
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.correspondence import deliver_all
from tests.dispatch.planning.proposals.test_sharing import adopt, bodies, fall_ill, say_yes
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
HOUR = timedelta(hours=1)


@pytest.fixture
def long_talk() -> InterpretationRequest:
    """Three hours from ten on; one person has to leave before it ends, another comes later."""
    with transaction():
        factories.interpreter(name="Early", hours=(8, 12))
        factories.interpreter(name="Late", hours=(11, 18))
        by = factories.account(of=factories.organisation())
        return factories.asked(
            by=by, minutes=180, handover_allowed=True, alone_because="There are many breaks."
        )


def halves() -> list[Offer]:
    return sorted(adopt().offers, key=lambda one: one.starts_at)


def now_is(talk: InterpretationRequest) -> tuple[int, bool]:
    """How many are wanted, and whether two share it."""
    found = get(InterpretationRequest, talk.id)
    return found.interpreter_count, found.sharing is not None


def test_it_is_for_one_again_once_both_halves_are_declined(
    long_talk: InterpretationRequest,
) -> None:
    first, second = halves()
    with transaction():
        offers.decline(SYSTEM, first.id, via=Via.LINK, now=NOW)
    assert now_is(long_talk) == (2, True), "the other half is still asked for"
    with transaction():
        offers.decline(SYSTEM, second.id, via=Via.LINK, now=NOW)
    assert now_is(long_talk) == (1, False)


def test_it_is_for_one_again_once_the_office_takes_both_questions_back(
    long_talk: InterpretationRequest,
) -> None:
    for offer in halves():
        with transaction():
            offers.withdraw(SYSTEM, offer.id, now=NOW)
    assert now_is(long_talk) == (1, False)


def test_it_is_for_one_again_once_both_have_fallen_ill_and_mails_say_so(
    long_talk: InterpretationRequest,
) -> None:
    for assignment in [say_yes(one) for one in halves()]:
        fall_ill(assignment)
    assert now_is(long_talk) == (1, False)
    with transaction():
        request_messages.still_open(get(InterpretationRequest, long_talk.id), 0, NOW)
    [text] = bodies("still_open")
    assert "of 2" not in text
    assert "share" not in text


def test_it_stays_shared_while_one_of_the_two_comes(long_talk: InterpretationRequest) -> None:
    first, second = halves()
    say_yes(first)
    fall_ill(say_yes(second))
    assert now_is(long_talk) == (2, True)


def test_its_page_says_only_what_is_true_then(app: Flask, long_talk: InterpretationRequest) -> None:
    client = sign_in(app, long_talk.account)
    first, second = halves()
    page = client.get(f"/requests/{long_talk.id}").text
    assert "Zwei teilen sich das Gespräch" in page
    assert "Warum eine Person genügt" not in page
    for offer in (first, second):
        with transaction():
            offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    page = client.get(f"/requests/{long_talk.id}").text
    assert "Zwei teilen sich das Gespräch" not in page
    assert "Warum eine Person genügt" in page


def test_who_asks_for_the_same_once_more_asks_for_one(
    app: Flask, long_talk: InterpretationRequest
) -> None:
    """Else a whole team of two would come next time, each for the whole talk."""
    halves()
    page = sign_in(app, long_talk.account).get(f"/requests/new?like={long_talk.id}").text
    [field] = [one for one in page.split("<input") if 'name="interpreter_count"' in one]
    assert 'value="1"' in field
    shared = get(InterpretationRequest, long_talk.id)
    assert details_to_ask_again(shared).interpreter_count == 1


def test_who_takes_both_releases_back_has_the_two_share_it_as_before(
    long_talk: InterpretationRequest,
) -> None:
    steps = []
    for assignment in [say_yes(one) for one in halves()]:
        deliver_all()
        before = Seat.of(assignment)
        with transaction():
            cancellations.release(
                SYSTEM, assignment.id, reasons=Reasons(office="by mistake"), now=NOW
            )
        steps.append(Step(long_talk.id, before=before))
    assert now_is(long_talk) == (1, False)
    for step in reversed(steps):
        with transaction():
            reversing.reverse(SYSTEM, step, now=NOW)
    assert now_is(long_talk) == (2, True)
    assert get(InterpretationRequest, long_talk.id).handed_over_after == 90
    assert get(InterpretationRequest, long_talk.id).state == "filled"


def test_whoever_asks_one_half_anew_whose_no_was_a_mistake_asks_for_that_half(
    long_talk: InterpretationRequest,
) -> None:
    first, second = halves()
    for offer in (first, second):
        with transaction():
            offers.decline(SYSTEM, offer.id, via=Via.TELEPHONE, now=NOW)
    with transaction():
        again = unsaying.unsay(SYSTEM, second.id, now=NOW)
    assert now_is(long_talk) == (2, True)
    assert (again.seat, again.starts_at, again.ends_at) == (2, second.starts_at, second.ends_at)


def test_a_cancelled_talk_comes_back_shared_and_for_one_where_both_are_gone(
    long_talk: InterpretationRequest,
) -> None:
    coming = [say_yes(one) for one in halves()]
    with transaction():
        cancellations.cancel_request(
            SYSTEM, long_talk.id, reasons=Reasons("not needed", "not needed"), now=NOW
        )
    assert now_is(long_talk) == (2, True), "so it was, and so the record reads"
    with transaction():
        for each in coming:
            each.interpreter.active = False
    with transaction():
        undoing.undo(SYSTEM, long_talk.id, now=NOW)
    assert now_is(long_talk) == (1, False)
