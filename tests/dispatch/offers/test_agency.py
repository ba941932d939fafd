"""A partner agency sends somebody who is not of the pool: recorded, told, and taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.cancellations import service as cancellations
from dispatch.database import db, get, transaction
from dispatch.errors import Refusal
from dispatch.languages.rules import known
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.texting import is_gsm, segments, write_short
from dispatch.offers import agency
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests import waiting
from dispatch.requests.messages import AgencyFacts, facts_of
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import AGENCY, deliver_all
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = [
    pytest.mark.usefixtures("session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def told(name: str) -> list[str]:
    """What was written of one kind, the oldest first."""
    found = db.session.scalars(sa.select(Message).where(Message.name == name).order_by(Message.id))
    return [one.body for one in found if one.channel == "email"]


def covered(**fields: Any) -> InterpretationRequest:
    with transaction():
        asked = factories.asked(**fields)
    with transaction():
        agency.cover(SYSTEM, asked.id, AGENCY, cents=14_250, now=NOW)
    return get(InterpretationRequest, asked.id)


def test_those_who_ask_hear_from_where_somebody_comes_and_not_who_it_is() -> None:
    one = covered()
    assert (one.state, one.agency, one.agency_cents) == ("filled", AGENCY, 14_250)
    [mail] = told("by_agency")
    assert f"{AGENCY}, a partner agency of ours, sends an interpreter" in mail
    assert "they have not told us who it is" in mail
    assert "142" not in mail


def test_nobody_of_the_pool_is_asked_beside_an_agency_and_whoever_was_hears_it() -> None:
    with transaction():
        asked, mira = factories.asked(), factories.interpreter()
        offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    with transaction():
        agency.cover(SYSTEM, asked.id, AGENCY, cents=None, now=NOW)
    assert get(Offer, offer.id).state == "withdrawn"
    assert of_days(TUESDAY, now=NOW).problem.requests == ()
    rounds.carry_on(offer.round_id, now=NOW)
    assert offers.rounds_due(NOW) == []


def test_when_the_agency_sends_nobody_after_all_the_request_is_open_and_told() -> None:
    one = covered()
    deliver_all()
    with transaction():
        agency.uncover(SYSTEM, one.id, now=NOW)
    again = get(InterpretationRequest, one.id)
    assert (again.state, again.agency, again.agency_cents) == ("open", None, None)
    [mail] = told("agency_off")
    assert "sends nobody to your request" in mail


def test_of_an_agency_nobody_has_heard_of_nobody_hears_that_it_sends_nobody() -> None:
    one = covered()
    with transaction():
        agency.uncover(SYSTEM, one.id, now=NOW)
    deliver_all()
    assert told("agency_off") == []
    [mail] = db.session.scalars(sa.select(Message).where(Message.name == "by_agency"))
    assert mail.state == "settled"


@pytest.mark.parametrize(("days", "by_sms"), [(0, True), (9, False)])
def test_that_the_agency_sends_nobody_for_tomorrow_is_heard_by_sms_too(
    days: int, by_sms: bool
) -> None:
    one = covered(start=factories.TOMORROW_TEN + timedelta(days=days))
    deliver_all()
    with transaction():
        one.account.phone = "+4917604069001"
        agency.uncover(SYSTEM, one.id, now=NOW)
    written = db.session.scalars(sa.select(Message).where(Message.name == "agency_off")).all()
    assert {each.channel for each in written} == {"email"} | ({"sms"} if by_sms else set())


@pytest.mark.parametrize("locale", ["de", "en", "el"])
def test_that_nobody_comes_fits_one_sms_whatever_the_language_and_the_agency(locale: str) -> None:
    with transaction():
        school = factories.organisation("School")
        facts = facts_of(factories.asked(by=factories.account(of=school, locale=locale)))
    for language in known():
        some = AgencyFacts(
            **{**facts, "language": language.name(locale)}, agency=10 * "Überlang ", seats=1
        )
        text = write_short(lambda one: render("agency_off", "sms", locale, one), some)
        assert (segments(text), is_gsm(text)) == (1, True), text


@pytest.mark.parametrize(
    ("locale", "one", "two"),
    [
        ("de", "jemanden zum Dolmetschen", "2 Personen zum Dolmetschen"),
        ("en", "sends an interpreter", "sends 2 interpreters"),
        ("el", "στέλνει διερμηνέα", "στέλνει 2 διερμηνείς"),
    ],
)
def test_those_who_ask_for_a_team_hear_how_many_the_agency_sends(
    locale: str, one: str, two: str
) -> None:
    with transaction():
        of = factories.account(of=factories.organisation("School"), locale=locale)
    covered(by=of)
    covered(by=of, interpreters=2)
    alone, team = told("by_agency")
    assert one in alone
    assert two in team
    assert one not in team


def test_what_an_agency_came_to_is_completed_once_it_is_over() -> None:
    one = covered()
    assert waiting.past_due(one.starts_at) == []
    after = one.ends_at + timedelta(minutes=1)
    assert waiting.past_due(after) == [one.id]
    with transaction():
        waiting.close_past(one.id, now=after)
    assert get(InterpretationRequest, one.id).state == "completed"


@pytest.mark.parametrize(("name", "cents"), [("Nobody we know", None), (AGENCY, -1)])
def test_an_unknown_agency_and_an_impossible_amount_are_refused(
    name: str, cents: int | None
) -> None:
    with transaction():
        asked = factories.asked()
    with pytest.raises(Refusal), transaction():
        agency.cover(SYSTEM, asked.id, name, cents=cents, now=NOW)
    assert get(InterpretationRequest, asked.id).state == "open"


def test_an_agency_fills_the_seats_of_a_team_that_are_open_beside_who_comes() -> None:
    with transaction():
        asked, mira = factories.asked(interpreters=3), factories.interpreter()
        coming = factories.coming(asked, mira)
    with transaction():
        agency.cover(SYSTEM, asked.id, AGENCY, cents=None, now=NOW)
    team = get(InterpretationRequest, asked.id)
    assert (team.state, team.agency_seats, coming.state) == ("filled", 2, "confirmed")
    [planned] = of_days(TUESDAY, now=NOW).problem.requests
    assert planned.interpreters == 1
    with transaction():
        cancellations.release(SYSTEM, coming.id, reasons=Reasons(office="ill"), now=NOW)
    assert (team.state, offers.free_seats(team)) == ("open", [1])
    with transaction():
        factories.coming(team, factories.interpreter(name="Ion"))
    assert team.state == "filled"
    with transaction():
        agency.uncover(SYSTEM, asked.id, now=NOW)
    assert (team.state, len(offers.free_seats(team))) == ("open", 2)


def test_of_a_team_that_begins_short_those_who_ask_hear_how_many_came() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        coming = factories.coming(asked, factories.interpreter())
        agency.cover(SYSTEM, asked.id, AGENCY, cents=None, now=NOW)
        cancellations.release(SYSTEM, coming.id, reasons=Reasons(office="ill"), now=NOW)
    with transaction():
        waiting.close_past(asked.id, now=asked.starts_at)
    assert get(InterpretationRequest, asked.id).state == "filled"
    [mail] = told("not_filled")
    assert "1" in mail


def test_two_agencies_do_not_send_people_to_one_request() -> None:
    one = covered()
    with pytest.raises(Refusal), transaction():
        agency.cover(SYSTEM, one.id, AGENCY, cents=None, now=NOW)


def test_another_time_has_to_be_agreed_with_the_agency_anew() -> None:
    one = covered()
    later = replace(details_of(one), wall_start=factories.TOMORROW_TEN + timedelta(hours=3))
    with transaction():
        amendments.amend(SYSTEM, one.id, later, now=NOW)
    again = get(InterpretationRequest, one.id)
    assert (again.state, again.agency) == ("open", None)
    with transaction():
        agency.cover(SYSTEM, one.id, AGENCY, cents=None, now=NOW)
        amendments.amend(SYSTEM, one.id, replace(details_of(again), room="14"), now=NOW)
    assert get(InterpretationRequest, one.id).agency == AGENCY
