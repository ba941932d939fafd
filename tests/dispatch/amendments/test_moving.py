"""Another start within a window: whoever is asked is asked anew, nobody else hears of it."""

from datetime import datetime, time, timedelta

import pytest

from dispatch.amendments import moving
from dispatch.amendments.rules import Fate
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
HOUR = timedelta(hours=1)


def asked(latest: int = 13, count: int = 1, hours: tuple[int, int] = (8, 18)) -> Offer:
    """Somebody asked for ten, of a window from ten to one."""
    with transaction():
        wide = factories.asked(latest_start=time(latest), interpreters=count)
        offer = offers.make(SYSTEM, wide.id, factories.interpreter(hours=hours).id, now=NOW)
    deliver_all()
    return offer


def move(offer: Offer, starts_at: datetime) -> Offer:
    with transaction():
        return moving.move_start(SYSTEM, offer.id, starts_at, now=NOW)


def test_whoever_is_asked_is_asked_anew_and_who_asked_hears_nothing() -> None:
    before = asked()
    sent = len(written())
    new = move(before, before.starts_at + HOUR)
    assert (before.state, new.state) == (OfferState.WITHDRAWN, OfferState.MADE)
    assert new.starts_at == before.starts_at + HOUR
    assert db.session.query(Hold).one().starts_at == new.starts_at
    deliver_all()
    told = written()[sent:]
    assert {each.recipient_name for each in told} == {"Mira Beispiel"}
    for start in ("11:00", "10:00"):
        assert start in told[0].body
    assert new.interpretation_request.has_window


def test_a_move_before_anything_left_is_one_question() -> None:
    with transaction():
        wide = factories.asked(latest_start=time(13))
        offer = offers.make(SYSTEM, wide.id, factories.interpreter(hours=(8, 18)).id, now=NOW)
    new = move(offer, offer.starts_at + HOUR)
    deliver_all()
    mails = [each for each in written() if each.channel == "email" and each.sent_at]
    assert [each.about for each in mails if "offer" in each.about] == [f"offer:{new.id}"]


@pytest.mark.parametrize("hours", [-1, 4])
def test_what_is_outside_the_window_is_refused(hours: int) -> None:
    before = asked()
    assert not moving.is_in_window(before, before.starts_at + hours * HOUR)
    with pytest.raises(Conflict, match="is not among the times asked for"):
        move(before, before.starts_at + hours * HOUR)


def test_nobody_is_asked_for_a_time_at_which_they_do_not_work() -> None:
    before = asked(latest=17, hours=(8, 13))
    late = before.starts_at + 4 * HOUR
    assert moving.foresee_move(before, late, now=NOW).fate == Fate.LEAVES
    with pytest.raises(Conflict, match="does not work at this time"):
        move(before, late)


def test_a_team_begins_together() -> None:
    before = asked(count=2)
    with transaction():
        other = factories.interpreter(name="Ada", hours=(8, 18))
        offers.make(SYSTEM, before.interpretation_request_id, other.id, now=NOW)
    with pytest.raises(Conflict, match="a team begins together"):
        move(before, before.starts_at + HOUR)


def test_what_was_answered_meanwhile_is_not_moved() -> None:
    before = asked()
    with transaction():
        offers.withdraw(SYSTEM, before.id, now=NOW)
    with pytest.raises(Conflict, match="does not stand any more"):
        move(before, before.starts_at + HOUR)


def test_a_start_of_all_of_a_request_says_whom_it_would_concern() -> None:
    with transaction():
        one = factories.asked()
        coming = factories.coming(one, factories.interpreter(hours=(8, 13)))
    late, later = (one.starts_at + hours * HOUR for hours in (1, 6))
    found = moving.foresee_start(one, late, now=NOW)
    assert [each.by for each in found.coming_of(Fate.ASKED_AGAIN)] == [coming]
    assert moving.foresee_start(one, later, now=NOW).coming_of(Fate.LEAVES)
    with pytest.raises(Refusal):
        moving.foresee_start(one, NOW - HOUR, now=NOW)
