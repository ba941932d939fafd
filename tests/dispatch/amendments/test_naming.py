"""Naming who is to come again and who must not come: what a person says holds at every door."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import naming
from dispatch.amendments.naming import People
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal, Several
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.rules import OfferState
from dispatch.planning.advice.candidates import able, candidates_page
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

in_session = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CASE = "AZ 12/27"


def somebody(name: str) -> Interpreter:
    with transaction():
        return factories.interpreter(name=name)


def a_caseworker() -> Account:
    with transaction():
        return factories.account(of=factories.organisation())


def wanted(by: Account, **more: Any) -> InterpretationRequest:
    with transaction():
        return factories.asked(by=by, **more)


def came(who: Interpreter, by: Account, **more: Any) -> None:
    """Let somebody have interpreted for the one who asks, last Monday."""
    before = factories.hours_later(NOW, -9 * 24)
    with transaction():
        start = factories.hours_later(TOMORROW_TEN, -8 * 24)
        asked = factories.asked(by=by, start=start, now=before, **more)
        factories.coming(asked, who, now=before)


def name_people(one: InterpretationRequest, people: People) -> None:
    with transaction():
        naming.name_people(SYSTEM, one.id, people, now=NOW)


def exclude(one: InterpretationRequest, who: Interpreter) -> None:
    with transaction():
        naming.exclude(SYSTEM, one.id, [who.id], by_office=True, now=NOW)


def require_nobody_can_send(who: Interpreter, to: InterpretationRequest) -> str:
    """Return why neither an offer nor an assignment, alone or with others, reaches somebody."""
    texts = set()
    for act in (
        lambda: offers.make(SYSTEM, to.id, who.id, now=NOW),
        lambda: offers.assign(SYSTEM, to.id, who.id, now=NOW),
        lambda: offers.make_to_all(SYSTEM, to.id, [who.id], now=NOW),
    ):
        with pytest.raises(Conflict) as refused, transaction():
            act()
        assert refused.value.code == "not-as-required"
        texts.add(str(refused.value.text))
    [text] = texts
    page = candidates_page(to, NOW)
    assert page
    assert who.name not in [line.interpreter.name for line in page.lines if line.fits]
    made = planning.compute(TUESDAY, now=NOW)
    assert who.id not in [item.interpreter_id for item in items_of(made.plan)]
    return text


@in_session
def test_who_must_not_come_is_asked_no_more_and_hears_no_reason() -> None:
    mira, nour = somebody("Mira"), somebody("Nour")
    asked = wanted(a_caseworker())
    with transaction():
        rounds.cascade(SYSTEM, asked.id, now=NOW)
    [question] = queries.open_for(asked.id)
    first, second = (mira, nour) if question.interpreter_id == mira.id else (nour, mira)
    deliver_all()
    exclude(asked, first)
    deliver_all()
    assert db.session.get_one(type(question), question.id).state == OfferState.WITHDRAWN
    told = [one.body for one in written("offer_withdrawn")]
    assert told
    assert not any("exclu" in text or "must not" in text for text in told)
    with transaction():
        rounds.carry_on(question.round_id, now=NOW)
    assert [one.interpreter_id for one in queries.open_for(asked.id)] == [second.id]


@in_session
def test_who_must_not_come_is_sent_by_no_door() -> None:
    mira = somebody("Mira")
    asked = wanted(a_caseworker())
    exclude(asked, mira)
    assert "is excluded from this request" in require_nobody_can_send(mira, asked)


@in_session
def test_who_may_come_after_all_can_be_asked_again() -> None:
    mira = somebody("Mira")
    asked = wanted(a_caseworker())
    exclude(asked, mira)
    before = asked.version
    with transaction():
        naming.admit(SYSTEM, asked.id, [mira.id], by_office=True, now=NOW)
    assert asked.version > before
    assert list(able(asked, now=NOW)) == [mira.id]


@in_session
def test_who_comes_has_to_be_released_first() -> None:
    mira = somebody("Mira")
    asked = wanted(a_caseworker())
    with transaction():
        factories.coming(asked, mira)
    with pytest.raises(Conflict, match="has to release them first"):
        exclude(asked, mira)


@in_session
def test_where_only_those_wished_for_may_come_nobody_else_does() -> None:
    mira, nour, kim = somebody("Mira"), somebody("Nour"), a_caseworker()
    came(mira, kim)
    asked = wanted(kim)
    name_people(asked, People({mira.id}, only=True))
    assert "only certain others" in require_nobody_can_send(nour, asked)
    assert list(able(asked, now=NOW)) == [mira.id]
    name_people(asked, People({mira.id}))
    assert list(able(asked, now=NOW)) == [mira.id, nour.id]


@in_session
def test_only_who_came_to_the_case_before_comes_again_if_anybody_has() -> None:
    mira, nour, kim = somebody("Mira"), somebody("Nour"), a_caseworker()
    asked = wanted(kim, case_reference=CASE, only_same_person=True)
    assert sorted(able(asked, now=NOW)) == sorted([mira.id, nour.id])
    came(mira, kim, case_reference=CASE)
    assert "earlier appointments" in require_nobody_can_send(nour, asked)
    assert list(able(asked, now=NOW)) == [mira.id]
    with transaction():
        offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)


@in_session
def test_the_same_person_of_which_case_has_to_be_said() -> None:
    kim = a_caseworker()
    with pytest.raises(Several) as refused:
        wanted(kim, only_same_person=True)
    assert [one.code for one in refused.value.refusals] == ["case-missing"]


@in_session
@pytest.mark.parametrize(
    ("people", "code"),
    [
        (lambda id_: People({id_}, {id_}), "wished-and-excluded"),
        (lambda _id: People(set(), only=True), "nobody-named"),
        (lambda id_: People(set(), {id_ + 1}), "not-known-here"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    people: Callable[[int], People], code: str
) -> None:
    mira, kim = somebody("Mira"), a_caseworker()
    somebody("Nour")
    came(mira, kim)
    asked = wanted(kim)
    with pytest.raises(Refusal) as refused:
        name_people(asked, people(mira.id))
    assert refused.value.code == code
    db.session.rollback()
    asked = db.session.get_one(InterpretationRequest, asked.id)
    assert not asked.excluded_interpreters
    assert not asked.preferred_interpreters


@in_session
def test_whom_the_other_side_excluded_stays_so() -> None:
    mira, kim = somebody("Mira"), a_caseworker()
    came(mira, kim)
    asked = wanted(kim)
    exclude(asked, mira)
    name_people(asked, People(set(), {mira.id}))
    name_people(asked, People(set()))
    assert [one.by_office for one in asked.excluded_interpreters] == [True]
    assert assignments.live(asked) == []


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_what_the_office_excludes_the_organisation_does_not_read(app: Flask) -> None:
    with app.app_context():
        mira, nour, kim = somebody("Mira"), somebody("Nour"), a_caseworker()
        came(mira, kim)
        came(nour, kim)
        asked = wanted(kim)
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    office, browser, path = sign_in(app, coordinator), sign_in(app, kim), f"/requests/{asked.id}"
    candidates = f"{path}/candidates"
    send(office, f"{candidates}/{nour.id}/exclude", seen_on=candidates)
    assert "nobody outside the office hears why" in office.get(candidates).text
    sent = send(browser, f"{path}/wish", seen_on=path, excluded=str(mira.id))
    assert sent.location == path
    shown = browser.get(path).text
    assert "they do not hear of it" in shown
    assert re.findall(r'name="excluded" value="(\d+)" checked', shown) == [str(mira.id)]
    assert "noted by the office" not in shown
    assert "Must not come: " not in shown
    read = office.get(path).text
    assert "Must not come, noted by the office" in read
    assert "Must not come: Nour Beispiel" in read
    send(office, f"{candidates}/{nour.id}/admit", seen_on=candidates)
    assert "May come after all: Nour Beispiel" in office.get(path).text
