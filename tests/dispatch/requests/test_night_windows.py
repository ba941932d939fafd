"""A window over midnight: from ten in the evening to two is four hours, wherever it is written."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.rules import Via
from dispatch.availability.models import WeeklyHours
from dispatch.clock import at_place
from dispatch.database import db, transaction
from dispatch.errors import Several
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.service import Wanted
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.rules import items_of
from dispatch.requests import importing
from dispatch.requests.models import InterpretationRequest
from dispatch.series import changing
from dispatch.series import service as series
from dispatch.series.rules import Choice, Scope
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY

TEN_IN_THE_EVENING = datetime(2027, 3, 2, 22)
FIRST, LATEST = datetime(2027, 3, 2, 21, tzinfo=UTC), datetime(2027, 3, 3, 1, tzinfo=UTC)
on_both = pytest.mark.usefixtures("frozen_clock", "session")


def asked(latest: time = time(2), **more: object) -> InterpretationRequest:
    with transaction():
        return factories.asked(start=TEN_IN_THE_EVENING, latest_start=latest, **more)  # type: ignore[arg-type]


def by_night() -> Interpreter:
    """Who works from eleven in the evening until six."""
    with transaction():
        one = factories.interpreter()
        one.availability.weekly_hours = [
            WeeklyHours(weekday=day, start=time(23), end=time(6)) for day in range(7)
        ]
        return one


def window(one: InterpretationRequest) -> tuple[datetime, datetime]:
    return one.starts_at, one.latest_start_at


@on_both
def test_it_is_asked_for_planned_and_agreed_to_in_the_middle_of_the_night() -> None:
    wanted, mira = asked(), by_night()
    assert window(wanted) == (FIRST, LATEST)
    [line] = items_of(planning.compute(TUESDAY, now=NOW).plan)
    assert line.interpreter_id == mira.id
    midnight = FIRST + timedelta(hours=2)
    with transaction():
        offer = offers.make(SYSTEM, wanted.id, mira.id, Wanted(starts_at=midnight), now=NOW)
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert window(wanted) == (midnight, midnight)
    assert wanted.wall_start == "2027-03-03T00:00"


@on_both
def test_another_room_leaves_it_and_another_start_moves_it() -> None:
    wanted = asked()
    with transaction():
        amendments.amend(SYSTEM, wanted.id, replace(details_of(wanted), room="14"), now=NOW)
    assert window(wanted) == (FIRST, LATEST)
    later = replace(details_of(wanted), wall_start=TEN_IN_THE_EVENING.replace(hour=23))
    with transaction():
        amendments.amend(SYSTEM, wanted.id, later, now=NOW)
    assert window(wanted) == (FIRST + timedelta(hours=1), LATEST)


@on_both
@pytest.mark.parametrize("latest", [time(22), time(21, 45), time(7)])
def test_what_is_no_window_is_refused_in_words_at_its_field(latest: time) -> None:
    with pytest.raises(Several) as refused:
        asked(latest)
    [why] = refused.value.refusals
    assert why.field == "latest_start"
    assert "at most 8 hours after it" in str(why)


@on_both
def test_a_file_may_name_it() -> None:
    with transaction():
        kim, site = factories.account(of=factories.organisation()), factories.site()
        number = site.register_number
    head = "language;site;day;start;latest_start;duration;setting\n"
    row = f"ro;{number};2027-03-09;22:00;02:00;60;health\n"
    [read] = importing.read(kim, (head + row).encode(), now=NOW)
    assert window(read.interpretation_request) == (
        FIRST + timedelta(days=7),
        LATEST + timedelta(days=7),
    )


@on_both
def test_each_date_of_a_series_has_it_and_keeps_it_when_one_changes() -> None:
    wanted = asked()
    kim = wanted.account
    days = [TEN_IN_THE_EVENING.date() + timedelta(weeks=weeks) for weeks in (1, 2)]
    with transaction():
        made = series.ask(kim.actor, kim, details_of(wanted), days, now=NOW)
    found = [one.interpretation_request for one in made.dates]
    assert [window(one)[1] - window(one)[0] for one in found] == [timedelta(hours=4)] * 2
    wider = replace(details_of(found[0]), latest_start=time(3))
    with transaction():
        changing.amend(kim.actor, made.id, Choice(1, Scope.ALL), wider, now=NOW)
    for one in found:
        db.session.refresh(one)
        assert at_place(one.latest_start_at, one.time_zone).time() == time(3)
        assert one.latest_start_at - one.starts_at == timedelta(hours=5)


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_takes_it_and_the_page_says_from_when_to_when(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        site = str(factories.site().id)
    browser, new = sign_in(app, kim), "/requests/new"
    fields = {
        "language": "ro", "site": site, "day": "2027-03-09", "start": "22:00",
        "latest_start": "02:00", "duration": "60", "setting": "health", "interpreter_count": "1",
    }  # fmt: skip
    done = send(browser, new, seen_on=new, **fields)
    assert done.status_code == 302
    assert "start between 22:00 and 02:00" in browser.get(done.location).text
    change = browser.get(f"{done.location.partition('?')[0]}/change").text
    assert 'value="02:00"' in change
