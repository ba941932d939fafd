"""What the office looks at before anybody is asked: it approves, or refuses with two reasons."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import undoing
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.organisations import service as organisations
from dispatch.organisations.rules import Strategy
from dispatch.planning.rounds import automatic
from dispatch.planning.rounds import service as rounds
from dispatch.requests import reviewing, waiting
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.series import service as series
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = Reasons(office="has a budget of its own", told="Please ask the clinic's own service.")


def reviewed(strategy: Strategy = Strategy.DIRECT) -> Account:
    organisation = factories.organisation()
    organisations.agree(
        SYSTEM,
        organisation.id,
        strategy=strategy,
        assigns_directly=True,
        by_itself=strategy != Strategy.DIRECT,
        is_reviewed=True,
        now=NOW,
    )
    return factories.account(of=organisation)


def in_review(strategy: Strategy = Strategy.DIRECT) -> InterpretationRequest:
    with transaction():
        return factories.asked(by=reviewed(strategy))


@in_session
def test_nobody_is_asked_and_nothing_is_planned_before_the_office_has_looked() -> None:
    one = in_review(Strategy.CASCADE)
    with transaction():
        mira = factories.interpreter()
    assert one.state == "in_review"
    assert "The office looks at it first; then we look" in written("request_received")[0].body
    assert automatic.to_begin(NOW) == []
    for ask in (rounds.begin, rounds.broadcast):
        with pytest.raises(Conflict), transaction():
            ask(SYSTEM, one.id, now=NOW)
    for ask_one in (offer_service.make, offer_service.assign):
        with pytest.raises(Conflict), transaction():
            ask_one(SYSTEM, one.id, mira.id, now=NOW)


@in_session
def test_approved_it_is_open_and_goes_the_way_that_is_agreed() -> None:
    one = in_review(Strategy.CASCADE)
    with transaction():
        factories.interpreter()
    with transaction():
        reviewing.approve(SYSTEM, one.id, now=NOW)
    assert one.state == "open"
    assert automatic.to_begin(NOW) == [one.id]
    assert len(written("request_approved")) == 1
    # that the office looks at it first would be no news
    assert [each.state for each in written("request_received")] == ["settled"]
    with pytest.raises(Conflict, match="does not wait for a review"), transaction():
        reviewing.approve(SYSTEM, one.id, now=NOW)


@in_session
def test_refused_the_organisation_hears_the_reason_meant_for_it_and_nothing_else() -> None:
    one = in_review()
    with transaction():
        reviewing.refuse(SYSTEM, one.id, reasons=WHY, now=NOW)
    assert one.state == "refused"
    mail = next(each for each in written("request_refused") if each.channel == "email")
    assert "the clinic's own service" in mail.body
    assert "budget" not in mail.body
    for verb in (
        lambda: reviewing.approve(SYSTEM, one.id, now=NOW),
        lambda: cancellations.cancel_request(SYSTEM, one.id, reasons=WHY, now=NOW),
    ):
        with pytest.raises(Conflict), transaction():
            verb()


@in_session
def test_without_a_reason_for_the_office_nothing_is_refused() -> None:
    one = in_review()
    with pytest.raises(Refusal, match="why"), transaction():
        reviewing.refuse(SYSTEM, one.id, reasons=Reasons(told="no"), now=NOW)
    db.session.refresh(one)
    assert one.state == "in_review"


@in_session
def test_the_promised_word_comes_though_nobody_looked_and_so_does_the_end() -> None:
    with transaction():
        one = factories.asked(by=reviewed(), start=TOMORROW_TEN + timedelta(days=8))
    due, begins = one.next_word_at, one.starts_at
    assert due
    assert list(waiting.words_due(due)) == [one.id]
    with transaction():
        waiting.say_still_open(one.id, now=due)
    assert "has not looked at your request" in written("still_open")[0].body
    assert list(waiting.past_due(begins)) == [one.id]
    with pytest.raises(Conflict, match="start has passed"), transaction():
        reviewing.approve(SYSTEM, one.id, now=begins)
    with transaction():
        waiting.close_past(one.id, now=begins)
    assert one.state == "unfilled"
    assert "did not decide" in written("not_filled")[0].body


@in_session
def test_it_can_be_changed_and_cancelled_and_back_it_waits_again() -> None:
    one = in_review()
    caseworker = one.account
    later = RequestDetails(
        **{**vars(details_of(one)), "wall_start": TOMORROW_TEN + timedelta(hours=1)}
    )
    with transaction():
        amendments.amend(caseworker.actor, one.id, later, now=NOW)
    assert one.state == "in_review"
    with transaction():
        cancellations.cancel_request(
            caseworker.actor, one.id, reasons=Reasons(told="moved"), now=NOW
        )
    with transaction():
        undoing.undo(caseworker.actor, one.id, now=NOW)
    assert one.state == "in_review"


@on_sqlite
def test_the_office_approves_every_date_of_a_series_and_refuses_another(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = reviewed()
        office = factories.account(Role.COORDINATOR)
        details = RequestDetails("ro", factories.site().id, datetime(2027, 3, 9, 10), 60, "school")
        days = [date(2027, 3, 9), date(2027, 3, 16)]
        asked = series.ask(caseworker.actor, caseworker, details, days, now=NOW)
        ids = [one.interpretation_request_id for one in asked.dates]
        other = factories.asked(by=caseworker).id
    browser = sign_in(app, office)
    assert "To review: nobody is asked before" in browser.get("/").text
    page = f"/requests/{ids[0]}"
    assert "Approve all 2 dates of the series" in browser.get(page).text
    send(browser, f"{page}/approve", seen_on=page, all="yes")
    refuse = f"/requests/{other}/refuse"
    missing = send(browser, refuse, seen_on=refuse, reason_office="")
    assert missing.status_code == 422
    told = "Please ask the clinic"
    done = send(browser, refuse, seen_on=refuse, reason_office="SECRET", reason_told=told)
    assert "Refused by the office" in unescape(browser.get(done.location).text)
    theirs = sign_in(app, caseworker)
    shown = unescape(theirs.get(f"/requests/{other}").text)
    assert told in shown
    assert "SECRET" not in shown
    assert theirs.post(f"{page}/approve").status_code in {302, 400, 403}
    with app.app_context():
        states = [db.session.get_one(InterpretationRequest, one).state for one in [*ids, other]]
        assert states == ["open", "open", "refused"]
        assert [one.name for one in written() if one.name.startswith("request_approved")] == [
            "request_approved_several"
        ]
        assert offers.of_request(other) == []
