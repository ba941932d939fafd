"""Whatever the form of a request asks, the commands that change one take: neither goes alone."""

from dataclasses import fields

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.cli import dates, requesting, said
from dispatch.database import db, transaction
from dispatch.pages.caseworker.forms import ChangeForm
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-03-01T08:00Z"
OF_THE_PAGE_ALONE = {"csrf_token", "version", "seen", "again"}
"""Marks of a form, and a question that is only put when asking."""
IN_ONE_OPTION = {"second_way": "ways", "third_way": "ways"}
OPTION_OF = {field: option for option, field in said.NAMED_OTHERWISE.items()} | {
    "site_id": "site",
    "duration": "duration",
    "is_urgent": "urgent",
    "second_occurrence": "occurrence",
}


@pytest.mark.parametrize("command", [requesting.change, dates.change])
@on_sqlite
def test_every_field_of_the_form_has_its_option(app: Flask, command: object) -> None:
    options = {one.name for one in command.params}  # type: ignore[attr-defined]
    with app.test_request_context():
        asked = {field.name for field in ChangeForm()} - OF_THE_PAGE_ALONE
    named = {OPTION_OF.get(name, IN_ONE_OPTION.get(name, name)) for name in asked}
    assert named - options == set()


def test_everything_a_request_says_has_its_option() -> None:
    options = {one.name for one in requesting.change.params}
    told = {one.name for one in fields(RequestDetails)} - {"wall_start"}
    assert {OPTION_OF.get(name, name) for name in told} - options == set()


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_each_of_them_is_changed_and_what_is_left_out_stays(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        asked = factories.asked(by=kim, note="blue forms", case_reference="AZ-7")
        number, who = asked.reference, ("--as", kim.email)
        site = factories.site("Clinic").register_number
    done = dragoman(
        "requests", "change", number, *who, "--yes",
        "--language", "ary", "--site", site,
        "--day", "2027-03-16", "--start", "22:00", "--latest-start", "01:00",
        "--duration", "90", "--setting", "health", "--interpreters", "2", "--room", "14",
        "--contact", "desk 3", "--cost-centre", "4711", "--case-reference", "AZ-8",
        "--ways", "on site, video", "--video-link", "https://video.example/1",
        "--gender", "female", "--qualification-wished", "sworn", "--level", "4",
        "--decides-on-rights", "--varieties", "--relay",
        DRAGOMAN_NOW=NOW,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    with app.app_context():
        one = db.session.query(InterpretationRequest).one()
        assert (one.language, one.site.name, one.setting) == ("ary", "Clinic", "health")
        assert (one.wall_start, one.latest_start_at.hour) == ("2027-03-16T22:00", 0)
        assert (one.duration_minutes, one.interpreter_count) == (90, 2)
        assert (one.room, one.contact, one.cost_centre) == ("14", "desk 3", "4711")
        assert (one.case_reference, one.note) == ("AZ-8", "blue forms")
        assert (one.ways, one.video_link) == ("on_site,video", "https://video.example/1")
        assert (one.gender_required, one.qualification_wished) == ("female", "sworn")
        assert (one.level_required, one.decides_on_rights, one.is_signed) == (4, True, False)
        assert (one.accepts_varieties, one.relay_allowed, one.handover_allowed) == (
            True,
            True,
            False,
        )
    back = ("--gender", "any", "--any-level", "--room", "", "--not-relay", "--start", "09:00")
    done = dragoman("requests", "change", number, *who, *back, "--yes", DRAGOMAN_NOW=NOW)
    assert (done.code, done.err) == (0, "")
    with app.app_context():
        one = db.session.query(InterpretationRequest).one()
        assert (one.gender_required, one.level_required, one.room) == (None, None, "")
        assert (one.relay_allowed, one.has_window) == (False, False)


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_office_does_not_write_what_it_does_not_read(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR).email
        number = factories.asked().reference
    words = ("requests", "change", number, "--as", office, "--note", "x", "--yes")
    done = dragoman(*words, DRAGOMAN_NOW=NOW)
    assert done.code == 1
    assert "only those who ask" in done.err


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_office_asks_for_another_start_and_who_asked_answers(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation(), name="Kim Muster")
        number, who = factories.asked(by=kim).reference, ("--as", kim.email)
        factories.interpreter(hours=(8, 18))

    def do(*words: str) -> str:
        done = dragoman("requests", *words, DRAGOMAN_NOW=NOW)
        return done.out or done.err

    assert "Nobody has asked" in do("answer-start", number, "yes", *who)
    assert "nobody could come then" in do("another-start", number, "21:00")
    assert do("another-start", number, "13:30") == "Kim Muster is asked by e-mail.\n"
    assert do("answer-start", number, "no", *who) == "It stays as it was asked for.\n"
    do("another-start", number, "13:30")
    assert do("answer-start", number, "yes", *who) == "Changed.\n"
    with app.app_context():
        assert db.session.query(InterpretationRequest).one().wall_start == "2027-03-02T13:30"
