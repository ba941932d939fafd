"""All that an absence left open stands on one page and is decided with one press."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.absences import queries, service
from dispatch.absences.rules import Resolution
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
DAY = timedelta(days=1)


def away(*, by_office: bool, jobs: int = 3) -> tuple[Account, Account, int]:
    """Mira is away for a week with so many assignments in it, each left open; and the office."""
    with transaction():
        mira, office = factories.interpreter(), factories.account(Role.COORDINATOR)
        start = TOMORROW_TEN
        found = [
            factories.coming(factories.asked(start=start + timedelta(hours=3 * n)), mira)
            for n in range(jobs)
        ]
    deliver_all()
    actor = office.actor if by_office else mira.account.actor
    with transaction():
        every = {one.id: Resolution.ASK for one in found}
        service.save(actor, mira.id, (found[0].starts_at, found[0].starts_at + DAY), every, now=NOW)
    return mira.account, office, mira.id


def states() -> list[str]:
    return [one.state for one in db.session.query(Assignment).order_by(Assignment.id)]


def job_ids(who: int) -> list[int]:
    return [one.id for one in queries.undecided_of(who, NOW)]


def test_the_mail_leads_to_one_page_and_says_by_when() -> None:
    away(by_office=True, jobs=3)
    [mail] = [one for one in written("absence_question_several") if one.channel == "email"]
    assert mail.body.count("/absences/open") == 1
    assert "before the first begins (Tue, 2 Mar 2027, 10:00)" in mail.body


def test_the_interpreter_answers_all_that_the_office_asks(app: Flask) -> None:
    mira, _office, who = away(by_office=True)
    client, page = sign_in(app, mira), f"/interpreters/{who}/absences/open"
    assert client.get("/absences/open").headers["Location"].endswith(page)
    text = client.get(page).text
    assert text.count('value="replace" checked') == 3
    assert "10:00" in text
    assert 'value="cancel"' not in text
    one, two, three = job_ids(who)
    fields = {f"job-{one}": "keep", f"job-{two}": "replace", f"job-{three}": "ask"}
    answer = send(client, page, seen_on=page, **fields)
    assert answer.headers["Location"].endswith(page), "one of them is still open"
    assert states() == ["confirmed", "released", "confirmed"]
    assert job_ids(who) == [three]


def test_the_office_decides_on_all_and_cancels_what_falls_away(app: Flask) -> None:
    _mira, office, who = away(by_office=False)
    client, page = sign_in(app, office), f"/interpreters/{who}/absences/open"
    assert page in client.get("/").text, "the worklist leads there"
    assert client.get(page).text.count('value="replace" checked') == 3
    one, two, three = job_ids(who)
    fields = {f"job-{one}": "keep", f"job-{two}": "replace", f"job-{three}": "cancel"}
    send(client, page, seen_on=page, **fields)
    assert states() == ["confirmed", "released", "cancelled"]
    assert [one.state for one in db.session.query(InterpretationRequest)] == [
        "filled",
        "open",
        "cancelled",
    ]


def test_what_waits_for_the_interpreter_stays_open_unless_the_office_says_otherwise(
    app: Flask,
) -> None:
    _mira, office, who = away(by_office=True)
    text = sign_in(app, office).get(f"/interpreters/{who}/absences/open").text
    assert text.count('value="ask" checked') == 3


def test_what_was_decided_meanwhile_stops_none_of_the_others() -> None:
    _mira, office, who = away(by_office=False)
    one, two, _three = job_ids(who)
    with transaction():
        service.settle(office.actor, one, keeps=True, now=NOW)
    decided = {one: Resolution.REPLACE, two: Resolution.REPLACE}
    with transaction():
        refused = service.settle_all(office.actor, decided, now=NOW)
    assert [str(why) for _assignment, why in refused] == [
        "This was decided meanwhile; nothing changed."
    ]
    assert states() == ["confirmed", "released", "confirmed"]


def test_only_the_office_cancels() -> None:
    mira, _office, who = away(by_office=True)
    with pytest.raises(Refusal, match="Only the office cancels"), transaction():
        service.settle_all(mira.actor, {job_ids(who)[0]: Resolution.CANCEL}, now=NOW)


def test_the_office_is_told_who_hears_of_it_and_not_that_it_knows_itself(app: Flask) -> None:
    _mira, office, who = away(by_office=False, jobs=1)
    client, page = sign_in(app, office), f"/interpreters/{who}/absences/open"
    [job] = job_ids(who)
    done = send(client, page, seen_on=page, **{f"job-{job}": "replace"})
    shown = client.get(done.headers["Location"]).text
    assert "Vermerkt; alle Betroffenen bekommen Bescheid." in shown
