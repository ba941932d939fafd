"""Series from the command line."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments.foreseeing import details_of
from dispatch.cli.requesting import CLIENT_HEARS_NOTHING
from dispatch.clients import service as clients
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.series import service
from tests import factories
from tests.correspondence import deliver_all
from tests.dispatch.cli.conftest import Dragoman
from tests.factories import NOW, TOMORROW_TEN

NOW_TYPED = "2027-03-01T08:00Z"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_dates_are_given_changed_cancelled_and_brought_back(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR)
        mira = factories.interpreter().account.email
        details = details_of(factories.asked(by=caseworker))
        days = [TOMORROW_TEN.date() + timedelta(weeks=weeks) for weeks in (1, 2, 3)]
        series = service.ask(caseworker.actor, caseworker, details, days, now=NOW)
        numbers = [one.interpretation_request.reference for one in series.dates]

    def do(verb: str, number: str, *arguments: str) -> list[str]:
        asks = ("--as", caseworker.email)
        done = dragoman("series", verb, number, *asks, *arguments, DRAGOMAN_NOW="2027-03-01T08:00Z")
        assert (done.code, done.err) == (0, "")
        return done.out.splitlines()

    give = ("series", "give", numbers[0], "--dates", "all", "--interpreter", mira, "--as")
    refused = dragoman(*give, caseworker.email, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert refused.err == "This is for somebody else to say.\n"
    given = dragoman(*give, office.email, DRAGOMAN_NOW="2027-03-01T08:00Z").out.splitlines()
    assert [line.endswith("is assigned.") for line in given] == [True] * 3
    later = ("--dates", "following", "--start", "11:00")
    assert do("change", numbers[1], *later)[-1] == "Nothing is changed yet; --yes does it."
    assert do("change", numbers[1], *later, "--yes")[0] == (
        "Tue, 16 Mar, 10:00: becomes Tue, 16 Mar, 11:00–12:00; Mira is asked again"
    )
    assert do("change", numbers[0], "--room", "14")[0].startswith("Tue, 9 Mar, 10:00: changes; ")
    assert [line.split(", ", 4)[-1] for line in do("show", numbers[2])] == [
        "Mira",
        "Mira (asked whether the change will do)",
        "Mira (asked whether the change will do)",
    ]
    assert do("cancel", numbers[0], "--told", "moved", "--yes") == [
        "Everybody concerned reads: moved",
        "Tue, 9 Mar, 10:00",
        "Cancelled.",
    ]
    assert "cancelled" in do("show", numbers[2])[0]
    assert do("undo", numbers[0]) == ["Tue, 9 Mar, 10:00: takes place after all."]
    assert all(", Mira" in line for line in do("show", numbers[2]))


def test_the_days_of_a_rhythm_are_said_with_what_is_moved_and_why(dragoman: Dragoman) -> None:
    arguments = ("--first", "2027-03-22", "--count", "2", "--on-holiday", "move")
    done = dragoman("series", "preview", *arguments, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert done.out.splitlines() == [
        "Mon, 22 March 2027 (school holiday)",
        "Tue, 30 March 2027 (public holiday, school holiday)",
    ]


def test_who_asks_for_a_series_reads_which_days_are_left_out(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        number = factories.asked(by=caseworker).reference
    pattern = ("--first", "2027-03-22", "--count", "2", "--as", caseworker.email)
    asked = dragoman("series", "ask", number, *pattern, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert asked.out.splitlines()[1] == "left out: Mon, 29 March 2027 (public holiday)"


def test_the_same_is_asked_for_on_the_days_of_a_rhythm(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        number = factories.asked(by=caseworker).reference
    pattern = ("--first", "2027-03-09", "--count", "3", "--as", caseworker.email)
    asked = dragoman("series", "ask", number, *pattern, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert (asked.code, asked.err) == (0, "")
    days = [line.split(": ")[1] for line in asked.out.splitlines()]
    assert days == ["Tue, 9 Mar, 10:00", "Tue, 16 Mar, 10:00", "Tue, 23 Mar, 10:00"]
    once_more = dragoman("series", "ask", number, *pattern, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert once_more.code == 1
    assert "Asked for already: 3 of these dates" in once_more.err
    assert "If so, say --again." in once_more.err
    again = dragoman("series", "ask", number, *pattern, "--again", DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert (again.code, len(again.out.splitlines())) == (0, 3)
    first = asked.out.split(":")[0]
    shown = dragoman(
        "series", "show", first, "--as", caseworker.email, DRAGOMAN_NOW="2027-03-01T08:00Z"
    )
    assert len(shown.out.splitlines()) == 3


def test_of_dates_whose_client_was_reminded_it_is_said_before(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context():
        with transaction():
            caseworker = factories.account(of=factories.organisation())
            details = details_of(factories.asked(by=caseworker))
            days = [TOMORROW_TEN.date() + timedelta(weeks=weeks) for weeks in (1, 2)]
            series = service.ask(caseworker.actor, caseworker, details, days, now=NOW)
            first = series.dates[0].interpretation_request
            factories.coming(first, factories.interpreter())
            clients.give(SYSTEM, first.id, "0176 04069002", consents=True, now=NOW)
        evening = first.starts_at - timedelta(hours=15)
        with transaction():
            clients.remind(first.id, now=evening)
        deliver_all(evening)
        number, who = first.reference, ("--as", caseworker.email, "--dates", "all")
    told = dragoman("series", "cancel", number, *who, "--told", "moved", DRAGOMAN_NOW=NOW_TYPED)
    assert told.out.splitlines()[1:4] == [
        "Tue, 9 Mar, 10:00; the client has already been reminded",
        "Tue, 16 Mar, 10:00",
        CLIENT_HEARS_NOTHING,
    ]
    told = dragoman("series", "change", number, *who, "--start", "11:00", DRAGOMAN_NOW=NOW_TYPED)
    assert [("please tell them the new start" in line) for line in told.out.splitlines()] == [
        True,
        False,
        False,
    ]
