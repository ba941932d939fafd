"""Asking for one interpreter from the command line, at once or from what is kept."""

from typing import NamedTuple

import pytest
from flask import Flask

from dispatch.database import db, transaction
from dispatch.drafts import service as drafts
from dispatch.drafts.rules import Kind
from dispatch.messaging.models import Message
from dispatch.organisations.models import Organisation
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.dispatch.cli.conftest import Dragoman, Outcome
from tests.factories import NOW as FACTORY_NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-03-01T08:00Z"
NAME = "Elternabend"


class Asker(NamedTuple):
    """Who asks, where, and with what a request is whole."""

    email: str
    colleague: str
    site: str
    options: tuple[str, ...]


@pytest.fixture
def kim(app: Flask) -> Asker:
    with app.app_context(), transaction():
        of = factories.organisation()
        email = factories.account(of=of).email
        colleague = factories.account(of=of, name="Nora Neu").email
        site = factories.site().register_number
    options = (
        "--language", "Romanian", "--site", site, "--day", "2027-03-16", "--start", "10:00",
        "--duration", "90", "--setting", "school",
    )  # fmt: skip
    return Asker(email, colleague, site, options)


@pytest.fixture
def add(dragoman: Dragoman, kim: Asker) -> Dragoman:
    def run(*options: str) -> Outcome:
        return dragoman("requests", "add", "--as", kim.email, *options, DRAGOMAN_NOW=NOW)

    return run


@pytest.fixture
def keeping(dragoman: Dragoman, kim: Asker) -> Dragoman:
    def run(verb: str, *words: str) -> Outcome:
        return dragoman("drafts", verb, *words, "--as", kim.email, DRAGOMAN_NOW=NOW)

    return run


def only_one(app: Flask) -> InterpretationRequest:
    with app.app_context():
        return db.session.query(InterpretationRequest).one()


def test_who_asks_reads_number_state_what_happens_next_and_by_when_they_hear(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    done = add(*kim.options, "--room", "7", "--gender", "female")
    one = only_one(app)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"{one.reference}: open",
        "Romanian, Tue, 16 Mar, 10:00 to 11:30, Rathaus Beispiel",
        "The office looks for somebody.",
        "Kim Muster hears by e-mail who comes, and how it stands by Fri, 12 Mar, 08:00 at the "
        "latest.",
    ]
    assert (one.room, one.gender_required, one.duration_minutes) == ("7", "female", 90)
    with app.app_context():
        assert one.reference in db.session.query(Message).one().subject


def test_all_that_is_missing_is_said_at_once(add: Dragoman) -> None:
    done = add("--room", "7")
    assert done.code == 1
    assert done.err.splitlines() == [
        "Choose the language.",
        "Choose the site.",
        "Give the day as a date.",
        "Give the start as a time, such as 09:30.",
        "Choose the setting of the talk.",
    ]


def test_what_the_form_asks_about_is_asked_and_answered_by_an_option(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    assert add(*kim.options).code == 0
    twice = add(*kim.options)
    assert twice.code == 1
    assert twice.err.endswith("really a second one? If so, say --again.\n")
    assert add(*kim.options, "--again").code == 0
    soon = (*kim.options, "--day", "2027-03-02")
    assert add(*soon).err.endswith("or say that it cannot wait. That says --urgent.\n")
    urgent = add(*soon, "--urgent")
    assert "It is urgent: call +49" in urgent.out
    long = (*kim.options, "--day", "2027-03-17", "--duration", "300")
    with app.app_context(), transaction():
        db.session.query(Organisation).one().two_above_minutes = 120
    assert add(*long).err.endswith("or say why one is enough. That says --alone-because.\n")
    assert add(*long, "--interpreters", "2").code == 0
    twice_there = (*kim.options, "--day", "2027-10-31", "--start", "02:30")
    assert "the first or the second. That says --occurrence." in add(*twice_there).err
    assert add(*twice_there, "--occurrence", "second").code == 0
    assert "no number in the register" in add(*kim.options, "--site", "nowhere").err


def test_what_the_office_looks_at_and_a_language_not_listed_are_said(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    in_words = (*kim.options[2:], "--language-in-words", "Saho")
    assert "The office finds out first which language it is." in add(*in_words).out
    with app.app_context(), transaction():
        db.session.query(Organisation).one().is_reviewed = True
    first = add(*kim.options).out.splitlines()
    assert first[0].endswith(": in review")
    assert first[2] == "The office looks at it first. Nobody is asked before."


def test_a_colleague_hears_of_what_somebody_asks_in_their_name(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    done = add(*kim.options, "--for", kim.colleague)
    assert "Nora Neu hears by e-mail who comes" in done.out
    with app.app_context():
        assert "Kim Muster has asked in your name" in db.session.query(Message).one().body
    with app.app_context(), transaction():
        stranger = factories.account(of=factories.organisation("Anderes Amt")).email
    refused = add(*kim.options, "--for", stranger)
    assert "Choose somebody who asks for your organisation" in refused.err


def test_whoever_asks_for_nobody_is_refused(app: Flask, kim: Asker, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        office = factories.account("coordinator").email
    done = dragoman("requests", "add", "--as", office, *kim.options, DRAGOMAN_NOW=NOW)
    assert done.err.startswith("Only members of an organisation ask for interpreters")


def test_the_same_is_asked_for_again_next_week_with_what_is_different(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    wishes = ("--ways", "on site, video", "--case-reference", "AZ-7", "--signed", "--level", "3")
    assert add(*kim.options, *wishes).code == 0
    number = only_one(app).reference
    assert add("--like", number).err == "Give the day as a date.\n"
    assert add("--like", number, "--next-week", "--room", "9").code == 0
    with app.app_context():
        first, second = db.session.query(InterpretationRequest).order_by("id")
        assert (second.starts_at - first.starts_at).days == 7
        assert (second.room, second.ways, second.case_reference) == ("9", "on_site,video", "AZ-7")
        assert (second.is_signed, second.level_required) == (True, 3)
    usual = add("--as-usual", "--language", "ro", "--day", "2027-04-01", "--start", "09:00")
    assert "Thu, 1 Apr, 09:00 to 10:00, Rathaus Beispiel" in usual.out


def test_a_draft_is_kept_shown_sent_and_gone(
    app: Flask, kim: Asker, add: Dragoman, keeping: Dragoman
) -> None:
    assert keeping("list").out == "Nothing is kept.\n"
    kept = keeping("keep", NAME, *kim.options[:-2], "--signed", "--ways", "video, phone")
    assert kept.out == f"Kept as “{NAME}”; nothing is sent.\n"
    assert keeping("keep", NAME, *kim.options, "--not-signed", "--ways", "video").code == 0
    assert keeping("list").out == f"1. {NAME}: draft, kept until Wed, 31 March 2027\n"
    assert keeping("show", NAME).out.splitlines() == [
        "--language Romanian",
        f"--site {kim.site}",
        "--day 2027-03-16",
        "--start 10:00",
        "--duration 90",
        "--setting school",
        "--ways video",
    ]
    assert add("--from", NAME, "--room", "4").code == 0
    one = only_one(app)
    assert (one.room, one.ways, one.wall_start) == ("4", "video", "2027-03-16T10:00")
    assert add("--from", NAME).err == f"You keep nothing that is called “{NAME}”.\n"


def test_a_template_holds_no_day_and_stays(
    app: Flask, kim: Asker, add: Dragoman, keeping: Dragoman
) -> None:
    assert add(*kim.options, "--latest-start", "12:00").code == 0
    number = only_one(app).reference
    assert keeping("keep", NAME, "--template", "--like", number, "--room", "2").code == 0
    for day in ("2027-03-17", "2027-03-18"):
        assert "between" in add("--from", NAME, "--day", day).out
    assert "template, kept until" in keeping("list").out
    assert keeping("delete", NAME).out == "Deleted.\n"
    assert keeping("list").out == "Nothing is kept.\n"


def test_a_draft_of_the_pages_is_gone_on_from_and_one_for_a_series_is_not_cut_to_one_date(
    app: Flask, kim: Asker, add: Dragoman
) -> None:
    with app.app_context(), transaction():
        me = factories.account(of=db.session.query(Organisation).one()).id
        email = db.session.get_one(factories.Account, me).email
        fields = [("language", "ro"), ("site", "1"), ("setting", "school"), ("day", "2027-03-19")]
        fields += [("start", "11:00"), ("duration", "45"), ("accepts_varieties", "y")]
        drafts.keep(me, Kind.DRAFT, NAME, fields, now=FACTORY_NOW)
        drafts.keep(me, Kind.DRAFT, NAME, [("series-repeats", "weekly")], now=FACTORY_NOW)
    who = ("--as", email)
    both = add("--from", NAME, *who).err
    assert both == f"You keep several that are called “{NAME}”: give the number of one: 1, 2.\n"
    assert "is kept for several dates" in add("--from", "2", *who).err
    done = add("--from", "1", *who)
    assert "Fri, 19 Mar, 11:00 to 11:45" in done.out
    assert only_one(app).accepts_varieties


def test_nobody_reads_sends_or_deletes_what_somebody_else_keeps(
    app: Flask, kim: Asker, dragoman: Dragoman, keeping: Dragoman
) -> None:
    keeping("keep", NAME, *kim.options, "--note", "CANARY")
    for words in (
        ("drafts", "list"),
        ("drafts", "show", NAME),
        ("drafts", "show", "1"),
        ("drafts", "delete", "1"),
        ("requests", "add", "--from", "1"),
    ):
        done = dragoman(*words, "--as", kim.colleague, DRAGOMAN_NOW=NOW)
        assert "CANARY" not in done.out + done.err
        assert done.code == (0 if words[-1] == "list" else 1)
    assert "CANARY" in keeping("show", NAME).out
