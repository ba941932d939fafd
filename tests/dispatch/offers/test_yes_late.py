"""Somebody is asked in time and says yes so late that they cannot be there at the start."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.attendance import service as attendance
from dispatch.database import db, get, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.advice import candidates, rescue
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.correspondence import written

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
SUBURB = (51.5541, 7.4710)
"""Twenty minutes by bus and on foot from the city hall, by the estimate."""


def asked(locale: str = "en", *, minutes_before: int = 70) -> Offer:
    """A question to somebody in a suburb, so long before something at the city hall begins."""
    with transaction():
        by = factories.account(of=factories.organisation(), locale=locale)
        interpreter = factories.interpreter(home=SUBURB)
        interpreter.account.locale = locale
        wanted = factories.asked(by=by)
        now = wanted.starts_at - timedelta(minutes=minutes_before)
        return offers.make(SYSTEM, wanted.id, interpreter.id, now=now)


def say_yes(offer: Offer, *, minutes_before: int) -> None:
    with transaction():
        now = offer.starts_at - timedelta(minutes=minutes_before)
        offer.answer_by = max(offer.answer_by, now + timedelta(minutes=1))
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=now)


def texts_of(name: str, channel: str = "email") -> str:
    [text] = [one.body for one in written(name) if one.channel == channel]
    return text


@pytest.mark.parametrize("locale", ["de", "en", "el"])
def test_both_hear_when_they_are_there(locale: str) -> None:
    say_yes(asked(locale), minutes_before=10)
    assert "10:10" in texts_of("assignment_confirmed")
    assert "10:10" in texts_of("interpreter_found")
    now = {"de": "gleich aufbrechen", "en": "set out now", "el": "ΞEKINHΣTE"}
    assert now[locale] in texts_of("assignment_confirmed", "sms")


def test_nothing_is_said_of_it_to_who_can_be_there_in_time() -> None:
    say_yes(asked(), minutes_before=25)
    assert "estimate" not in texts_of("assignment_confirmed")
    assert "estimate" not in texts_of("interpreter_found")
    assert "set out" not in texts_of("assignment_confirmed", "sms")


@pytest.mark.parametrize("whose", ["interpreter", "asking"])
def test_the_pages_of_both_say_it_until_they_say_themselves_how_late_they_are(
    app: Flask, whose: str
) -> None:
    offer = asked()
    say_yes(offer, minutes_before=10)
    one = get(InterpretationRequest, offer.interpretation_request_id)
    [assignment] = assignments.live(one)
    account, page = one.account, f"/requests/{one.id}"
    if whose == "interpreter":
        account, page = offer.interpreter.account, f"/assignments/{assignment.id}"
    client = sign_in(app, account)
    assert "10:10" in client.get(page).text
    with transaction():
        now = one.starts_at - timedelta(minutes=5)
        attendance.late(SYSTEM, assignment.id, 25, now=now)
    assert "10:10" not in client.get(page).text


def test_who_has_long_been_home_again_sets_out_from_there() -> None:
    with transaction():
        wanted_id = factories.asked().id
        far = factories.interpreter(home=SUBURB, hours=(4, 20))
        early = factories.TOMORROW_TEN - timedelta(hours=5)
        factories.coming(factories.asked(start=early, minutes=30), far)
    wanted = get(InterpretationRequest, wanted_id)
    now = wanted.starts_at - timedelta(minutes=15)
    [line] = candidates.look(wanted, now).lines
    assert "there at 10:05 at the earliest" in line.note


def test_who_asked_hears_when_a_replacement_is_there_as_the_office_read_it() -> None:
    """Mira comes late; who is asked instead has long been home from an early talk."""
    with transaction():
        mira = factories.interpreter()
        late = factories.coming(factories.asked(), mira)
        instead = factories.interpreter(name="Gia", home=SUBURB, hours=(4, 20))
        early = factories.TOMORROW_TEN - timedelta(hours=5)
        factories.coming(factories.asked(start=early, minutes=30), instead)
    wanted = get(InterpretationRequest, late.interpretation_request_id)
    now = wanted.starts_at - timedelta(minutes=15)
    with transaction():
        attendance.late(SYSTEM, late.id, 60, now=now)
    [found] = rescue.rescue(wanted, now).replacements
    assert found.late_minutes == 5
    with transaction():
        rescue.ask(SYSTEM, wanted.id, instead.id, found.wanted, now=now)
    [offer] = [one for one in db.session.query(Offer) if one.state == "made"]
    say_yes(offer, minutes_before=15)
    told = [one.body for one in written("interpreter_found") if "Gia" in one.body]
    assert "there at about 10:05" in told[-1]
