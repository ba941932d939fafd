"""A round that begins by itself as soon as a request comes in, where that is agreed."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import OfferRound
from dispatch.offers.rules import RoundState, Strategy
from dispatch.organisations import service as organisations
from dispatch.organisations.models import Organisation
from dispatch.planning.rounds import automatic
from dispatch.requests.models import InterpretationRequest
from dispatch.series import service as series
from dispatch.series.rules import Rhythm
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")


def agreed(strategy: Strategy = Strategy.CASCADE) -> Organisation:
    organisation = factories.organisation()
    organisations.agree(
        SYSTEM, organisation.id, strategy=strategy, assigns_directly=True, by_itself=True, now=NOW
    )
    return organisation


def comes_in(organisation: Organisation, *, now: datetime = NOW) -> InterpretationRequest:
    return factories.asked(by=factories.account(of=organisation), now=now)


def begin_all() -> None:
    """Do what the job of each request does."""
    for request_id in automatic.to_begin(NOW):
        with transaction():
            automatic.begin(request_id, now=NOW)


def strategies(request_id: int) -> list[str]:
    return [one.round.strategy for one in queries.of_request(request_id)]


@in_session
@pytest.mark.parametrize("strategy", [Strategy.CASCADE, Strategy.TIERS, Strategy.INTEREST])
def test_what_comes_in_is_asked_for_once_as_is_agreed(strategy: Strategy) -> None:
    with transaction():
        one = comes_in(agreed(strategy))
        factories.interpreter(name="Ada")
    assert automatic.to_begin(NOW) == [one.id]
    begin_all()
    assert strategies(one.id) == [strategy]
    assert automatic.to_begin(NOW) == []
    with transaction():
        automatic.begin(one.id, now=NOW)
    assert strategies(one.id) == [strategy]


@in_session
def test_where_nobody_could_come_those_who_asked_hear_it_and_it_is_not_tried_again() -> None:
    with transaction():
        comes_in(agreed(Strategy.TIERS))
    begin_all()
    assert automatic.to_begin(NOW) == []
    [tried] = db.session.scalars(sa.select(OfferRound))
    assert (tried.state, tried.strategy) == (RoundState.EXHAUSTED, Strategy.TIERS)
    assert len(written("nobody_yet")) == 1


@in_session
def test_what_was_open_before_it_was_agreed_and_a_series_are_left_to_the_office() -> None:
    with transaction():
        organisation = factories.organisation()
        before = comes_in(organisation, now=NOW - timedelta(hours=1))
        organisations.agree(
            SYSTEM,
            organisation.id,
            strategy=Strategy.CASCADE,
            assigns_directly=True,
            by_itself=True,
            now=NOW,
        )
        days = [date(2027, 3, 9), date(2027, 3, 16)]
        who, details = before.account, details_of(before)
        series.ask(who.actor, who, details, days, rhythm=Rhythm.WEEKLY, now=NOW)
        factories.interpreter()
    assert automatic.to_begin(NOW) == []


@in_session
def test_a_request_that_is_to_be_asked_directly_waits_for_somebody() -> None:
    with transaction():
        one = comes_in(agreed())
        offers.ask_by(SYSTEM, one.id, Strategy.DIRECT, now=NOW)
    assert automatic.to_begin(NOW) == []


@in_session
def test_one_person_is_named_by_somebody_and_so_not_asked_by_itself() -> None:
    with pytest.raises(Refusal) as refused, transaction():
        agreed(Strategy.DIRECT)
    assert refused.value.code == "direct-by-itself"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_coordinator_has_asking_begin_by_itself_and_takes_it_back(app: Flask) -> None:
    with app.app_context(), transaction():
        school = factories.organisation("Schule").id
        coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    page = f"/organisations/{school}"
    form = f"{page}/agreement"

    def since() -> object:
        with app.app_context():
            return db.session.get_one(Organisation, school).asks_by_itself_since

    refused = send(browser, form, seen_on=page, strategy="direct", by_itself="yes")
    assert "cannot begin by itself" in refused.text
    assert since() is None
    send(browser, form, seen_on=page, strategy="cascade", by_itself="yes")
    assert since() == NOW
    send(browser, form, seen_on=page, strategy="cascade")
    assert since() is None
