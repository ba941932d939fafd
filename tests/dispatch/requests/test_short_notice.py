"""What comes later than the city wants to be asked: a question first, then a lane of its own."""

from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments import proposing
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.errors import Refusal, Several
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.rules import Strategy
from dispatch.planning.rounds import automatic
from dispatch.requests import importing, rules, service
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.series import changing
from dispatch.series import service as series
from dispatch.series.rules import Choice, Scope
from dispatch.settings import active
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT_MONDAY = datetime(2027, 3, 8, 10)


def wanted(start: datetime = TOMORROW_TEN, *, urgent: bool = True) -> RequestDetails:
    return RequestDetails("ro", factories.site().id, start, 60, "school", is_urgent=urgent)


def comes_in(start: datetime = TOMORROW_TEN, *, urgent: bool = True) -> InterpretationRequest:
    with transaction():
        kim = factories.account(of=factories.organisation())
        return service.submit(kim.actor, kim, wanted(start, urgent=urgent), now=NOW)


def begin_all() -> None:
    for request_id in automatic.to_begin(NOW):
        with transaction():
            automatic.begin(request_id, now=NOW)


@in_session
def test_less_than_five_working_days_is_a_question_and_five_are_enough() -> None:
    with pytest.raises(Refusal, match="in less than 5 working days") as refused:
        comes_in(NEXT_MONDAY - timedelta(days=3), urgent=False)
    assert (refused.value.code, refused.value.field) == ("short-notice", "is_urgent")
    assert not comes_in(NEXT_MONDAY, urgent=False).is_urgent


@in_session
def test_nobody_takes_the_lane_who_has_the_time_to_wait() -> None:
    assert not comes_in(NEXT_MONDAY).is_urgent
    assert automatic.to_begin(NOW) == []


@in_session
def test_a_city_that_wants_no_notice_asks_no_question() -> None:
    city = active().city
    none = city.policies.model_copy(update={"notice_working_days": 0})
    at = NOW + timedelta(hours=1)
    rules.require_notice(at, NOW, city.model_copy(update={"policies": none}), is_urgent=False)


@in_session
def test_what_is_urgent_is_asked_of_several_at_once_and_who_is_asked_reads_that_it_is() -> None:
    for name in ("Ada", "Bea"):
        with transaction():
            factories.interpreter(name=name)
    one = comes_in()
    assert (
        "ask several people at once, also while the office" in written("request_received")[0].body
    )
    begin_all()
    asked = offers.of_request(one.id)
    assert [each.round.strategy for each in asked] == [Strategy.BROADCAST] * 2
    assert "Urgent: asked for at short notice" in written("offer_broadcast")[0].body
    kinds = [change.kind for change in ledger.history(Concerning(interpretation_request=one.id))]
    assert kinds[:2] == ["request.submitted", "request.urgent"]


@in_session
def test_nobody_is_asked_before_it_is_settled_which_language_it_is() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        unknown = replace(wanted(), language="", language_in_words="Zaghawa")
        one = service.submit(kim.actor, kim, unknown, now=NOW)
    assert automatic.to_begin(NOW) == []
    with transaction():
        settled = replace(details_of(one), language="ro", language_in_words="")
        amendments.amend(SYSTEM, one.id, settled, now=NOW)
    assert automatic.to_begin(NOW) == [one.id]


@in_session
def test_the_office_may_keep_an_urgent_one_for_itself() -> None:
    one = comes_in()
    with transaction():
        offer_service.ask_by(SYSTEM, one.id, Strategy.DIRECT, now=NOW)
    assert automatic.to_begin(NOW) == []


@in_session
def test_put_off_for_long_enough_it_is_urgent_no_more() -> None:
    one = comes_in()
    with transaction():
        amendments.amend(SYSTEM, one.id, _on(one, NEXT_MONDAY), now=NOW)
    assert not one.is_urgent


def _on(one: InterpretationRequest, start: datetime) -> RequestDetails:
    return replace(details_of(one), wall_start=start)


@in_session
def test_moved_nearer_it_is_a_question_again_and_a_yes_takes_the_urgent_way() -> None:
    one = comes_in(NEXT_MONDAY, urgent=False)
    tomorrow = _on(one, TOMORROW_TEN)
    with pytest.raises(Refusal, match="in less than 5 working days") as refused, transaction():
        amendments.amend(SYSTEM, one.id, tomorrow, now=NOW)
    assert (refused.value.code, one.is_urgent) == ("short-notice", False)
    with transaction():
        amendments.amend(SYSTEM, one.id, replace(tomorrow, is_urgent=True), now=NOW)
    assert one.is_urgent
    assert automatic.to_begin(NOW) == [one.id]
    kinds = [change.kind for change in ledger.history(Concerning(interpretation_request=one.id))]
    assert kinds.count("request.urgent") == 1


@in_session
def test_put_off_or_changed_without_another_time_it_asks_for_no_notice() -> None:
    later = NOW - timedelta(days=14)
    with transaction():
        kim = factories.account(of=factories.organisation())
        one = service.submit(kim.actor, kim, wanted(urgent=False), now=later)
    with transaction():
        amendments.amend(SYSTEM, one.id, replace(details_of(one), room="14"), now=NOW)
        amendments.amend(SYSTEM, one.id, _on(one, TOMORROW_TEN + timedelta(hours=1)), now=NOW)
    assert not one.is_urgent
    earlier = _on(one, TOMORROW_TEN)
    with pytest.raises(Refusal, match="that it cannot wait"), transaction():
        amendments.amend(SYSTEM, one.id, earlier, now=NOW)


@in_session
def test_what_the_office_proposes_itself_needs_no_notice() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        one = service.submit(kim.actor, kim, wanted(NEXT_MONDAY, urgent=False), now=NOW)
    now, earlier = NOW + timedelta(days=6), one.starts_at - timedelta(hours=1)
    with transaction():
        proposing.propose_start(SYSTEM, one.id, earlier, now=now)
    with transaction():
        proposing.answer_start(kim.actor, one.id, earlier, agreed=True, now=now)
    assert one.starts_at == earlier
    assert not one.is_urgent, "nobody asked late"


@in_session
def test_an_urgent_date_of_a_series_is_asked_by_itself_and_the_others_wait_for_the_office() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        days = [TOMORROW_TEN.date(), NEXT_MONDAY.date()]
        asked = series.ask(kim.actor, kim, wanted(), days, now=NOW)
        factories.interpreter()
    first, second = [one.interpretation_request_id for one in asked.dates]
    assert automatic.to_begin(NOW) == [first]
    begin_all()
    assert [len(offers.of_request(one)) for one in (first, second)] == [1, 0]


@in_session
def test_dates_of_a_series_moved_nearer_are_one_question() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        days = [NEXT_MONDAY.date(), NEXT_MONDAY.date() + timedelta(days=7)]
        asked = series.ask(kim.actor, kim, wanted(NEXT_MONDAY, urgent=False), days, now=NOW)
    choice = Choice(1, Scope.ALL)
    nearer = _on(asked.dates[0].interpretation_request, NEXT_MONDAY - timedelta(days=3))
    with pytest.raises(Refusal, match="in less than 5 working days"), transaction():
        changing.amend(kim.actor, asked.id, choice, nearer, now=NOW)
    with transaction():
        done = changing.amend(kim.actor, asked.id, choice, replace(nearer, is_urgent=True), now=NOW)
    assert [one.interpretation_request.is_urgent for one in done.done] == [True, False]


@in_session
def test_a_row_and_a_series_are_asked_the_same() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        number = factories.site().register_number
    row = f"ro,{number},2027-03-02,10:00,60,school"
    heading = "language,site,day,start,duration,setting"
    with pytest.raises(Several, match="Row 2, urgent: This begins in less than 5 working days"):
        importing.read(kim, f"{heading}\n{row}\n".encode(), now=NOW)
    [good] = importing.read(kim, f"{heading},Dringend\n{row},ja\n".encode(), now=NOW)
    assert good.interpretation_request.is_urgent
    days = [TOMORROW_TEN.date(), NEXT_MONDAY.date()]
    with pytest.raises(Refusal, match="in less than 5 working days"), transaction():
        series.ask(kim.actor, kim, wanted(urgent=False), days, now=NOW)
    with transaction():
        asked = series.ask(kim.actor, kim, wanted(), days, now=NOW)
    assert [one.interpretation_request.is_urgent for one in asked.dates] == [True, False]


@on_sqlite
def test_the_form_asks_keeps_what_was_typed_and_the_office_sees_the_lane(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        coordinator = factories.account(Role.COORDINATOR)
        site = str(factories.site().id)
    fields = {
        "language": "ro", "site": site, "day": "2027-03-02", "start": "10:00", "duration": "60",
        "setting": "school", "interpreter_count": "1", "room": "Zimmer 7",
    }  # fmt: skip
    browser, new = sign_in(app, kim), "/requests/new"
    asks = browser.get(new).text.split("data-in-time=")[1].split("it cannot wait")[0]
    assert " hidden>" in asks, "before the day is known nobody is asked"
    question = send(browser, new, seen_on=new, **fields)
    assert question.status_code == 422
    summary = question.text.split('class="error-summary"')[1].split("</ul>")[0]
    assert ">This begins in less than 5 working days" in summary, "a sentence, and no box before it"
    assert "we ask for that much notice" in unescape(question.text)
    assert 'value="Zimmer 7"' in question.text
    taken = send(browser, new, seen_on=new, is_urgent="y", **fields)
    assert "sent in with less notice than we ask for" in browser.get(taken.location).text
    office = sign_in(app, coordinator)
    assert "Urgent: sent in at short notice." in office.get("/").text
    assert "/requests/" in office.get("/requests?show=urgent").text.split("<main")[1]
    with app.app_context():
        one = db.session.query(InterpretationRequest).one()
        assert one.room == "Zimmer 7"
        put_off = f"/requests/{one.id}/change"
        with transaction():
            amendments.amend(SYSTEM, one.id, _on(one, NEXT_MONDAY), now=NOW)
    question = send(browser, put_off, seen_on=put_off, **fields)
    assert question.status_code == 422
    assert "Yes, it cannot wait" in unescape(question.text)
