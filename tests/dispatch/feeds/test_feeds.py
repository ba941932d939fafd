"""Calendars to subscribe to: for whom, what stands there, when it is sent again."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.database import db, get, transaction
from dispatch.feeds import latest, queries, service
from dispatch.feeds.models import Feed
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.requests import waiting
from dispatch.settings import Settings
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import CANARIES
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KIT = os.environ.get("INTEROP_KIT")


class Scene:
    """Somebody who asked, who comes, who coordinates, and whoever has nothing to do with it."""

    def __init__(self, app: Flask, locale: str = "en") -> None:
        with app.app_context():
            with transaction():
                asks = factories.account(of=factories.organisation(), locale=locale)
                shelter = factories.site("Frauenhaus", is_public=False)
                comes = factories.interpreter(locale=locale)
                public, secret = (
                    factories.coming(
                        factories.asked(
                            by=asks, at=at, start=factories.TOMORROW_TEN + timedelta(days=day),
                            **CANARIES,  # type: ignore[arg-type]
                        ),
                        comes,
                    )
                    for day, at in enumerate((factories.site(), shelter))
                )  # fmt: skip
                office = factories.account(Role.COORDINATOR, locale=locale)
                stranger = factories.account(of=factories.organisation("Andere"), locale=locale)
                people = {
                    "comes": comes.account, "asks": asks, "office": office, "stranger": stranger,
                }  # fmt: skip
                self.path = {
                    name: address_of(service.renew(SYSTEM, one, now=NOW))
                    for name, one in people.items()
                }
            self.people = {name: one.id for name, one in people.items()}
            self.public, self.secret = public.id, secret.id
        self.browser = app.test_client()

    def read(self, who: str) -> str:
        answer = self.browser.get(self.path[who])
        assert answer.status_code == 200
        return answer.text

    def events(self, who: str) -> list[Event]:
        return Calendar.from_ical(self.read(who)).walk("VEVENT")  # type: ignore[return-value]


def address_of(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


def release(app: Flask, assignment_id: int) -> None:
    with app.app_context(), transaction():
        cancellations.release(SYSTEM, assignment_id, reasons=Reasons("x", "x"), now=NOW)


def test_everybody_finds_what_concerns_them_and_nobody_anything_else(app: Flask) -> None:
    scene = Scene(app)
    assert len(scene.events("comes")) == len(scene.events("asks")) == 2
    assert len(scene.events("office")) == 2
    assert scene.events("stranger") == []
    assert {str(one["STATUS"]) for one in scene.events("comes")} == {"CONFIRMED"}


@on_sqlite
def test_nothing_of_a_client_and_no_place_that_is_not_public_stands_there(app: Flask) -> None:
    scene = Scene(app)
    for who in ("comes", "asks", "office"):
        text = scene.read(who).replace("\r\n ", "")
        assert "CANARY" not in text
        assert "Frauenhaus" not in text
        assert "ATTENDEE" not in text
    assert "Rathaus Beispiel" in scene.read("comes").replace("\r\n ", "")
    assert "Rathaus Beispiel" not in scene.read("office").replace("\r\n ", "")


@on_sqlite
@pytest.mark.parametrize("who", ["comes", "asks", "office"])
def test_a_calendar_without_room_for_all_says_where_it_ends(
    app: Flask, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    scene = Scene(app)
    whole = scene.events(who)
    monkeypatch.setattr(queries, "MOST_EVENTS", 1)
    first, last = scene.events(who)
    assert first["UID"] == whole[0]["UID"]
    assert str(last["SUMMARY"]) == "This calendar ends here"
    assert last["DTSTART"].dt == whole[1]["DTSTART"].dt.date()
    assert "the others are to be found at http://127.0.0.1:8000" in str(last["DESCRIPTION"])
    assert last["UID"] not in {one["UID"] for one in whole}
    assert scene.read(who) == scene.read(who)


@on_sqlite
def test_the_name_of_an_event_is_not_the_one_answers_are_known_by(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context():
        known = set(db.session.scalars(sa.select(Invitation.uid)))
    assert not known & {str(one["UID"]) for one in scene.events("comes")}


def test_while_nothing_changes_nothing_is_read_and_the_text_is_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(app)
    first, second = (scene.browser.get(scene.path["comes"]) for _ in range(2))
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    monkeypatch.setattr(queries, "events_of", lambda *_: pytest.fail("events were read"))
    again = scene.browser.get(scene.path["comes"], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


@on_sqlite
@pytest.mark.parametrize("who", ["comes", "asks", "office"])
def test_who_asks_every_few_minutes_costs_two_statements(app: Flask, who: str) -> None:
    """5,000 calendars ask again and again; nearly always nothing has changed (row 75, L5)."""
    scene = Scene(app)
    known = {"If-None-Match": scene.browser.get(scene.path[who]).headers["ETag"]}
    statements: list[str] = []

    def note(*about: str) -> None:
        statements.append(about[2])

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert scene.browser.get(scene.path[who], headers=known).status_code == 304
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2


def test_what_is_cancelled_stands_there_so_for_thirty_days(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    scene = Scene(app)
    before = scene.browser.get(scene.path["comes"]).headers["ETag"]
    release(app, scene.public)
    answer = scene.browser.get(scene.path["comes"], headers={"If-None-Match": before})
    assert answer.status_code == 200
    off, on = Calendar.from_ical(answer.text).walk("VEVENT")
    assert (str(off["STATUS"]), str(on["STATUS"])) == ("CANCELLED", "CONFIRMED")
    assert "LOCATION" not in off
    assert int(str(off["SEQUENCE"])) > int(str(on["SEQUENCE"]))
    frozen_clock.advance(days=29)
    assert len(scene.events("comes")) == 2
    frozen_clock.advance(days=2)
    assert len(scene.events("comes")) == 1


def test_what_nobody_was_found_for_is_off_once_its_time_has_come(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    scene = Scene(app)
    release(app, scene.public)
    before = scene.browser.get(scene.path["asks"])
    (open_still, _on) = Calendar.from_ical(before.text).walk("VEVENT")
    assert str(open_still["STATUS"]) == "TENTATIVE"
    with app.app_context():
        asked = get(Assignment, scene.public).interpretation_request
        frozen_clock.move_to(asked.starts_at)
        with transaction():
            waiting.close_past(asked.id, now=asked.starts_at)
    known = {"If-None-Match": before.headers["ETag"]}
    answer = scene.browser.get(scene.path["asks"], headers=known)
    assert answer.status_code == 200
    off, on = Calendar.from_ical(answer.text).walk("VEVENT")
    assert (str(off["STATUS"]), str(on["STATUS"])) == ("CANCELLED", "CONFIRMED")
    assert int(str(off["SEQUENCE"])) > int(str(open_still["SEQUENCE"]))
    frozen_clock.advance(days=31)
    assert len(scene.events("asks")) == 1


def test_a_change_committed_after_a_later_one_is_sent_too(app: Flask) -> None:
    """What two transactions do at once gets its numbers in one order and is seen in the other."""
    scene = Scene(app)
    with app.app_context():
        account = db.session.get_one(Account, scene.people["office"])
        whole = latest.last_changes(account, NOW)
    assert len({id_ for id_, *_ in whole}) == len(whole) > 3
    without_an_earlier_one = whole[:1] + whole[2:]
    assert str(without_an_earlier_one) != str(whole)


def test_a_new_address_is_another_and_the_one_before_leads_nowhere(app: Flask) -> None:
    scene = Scene(app)
    old = scene.path["comes"]
    with app.app_context(), transaction():
        account = db.session.get_one(Account, scene.people["comes"])
        new = address_of(service.renew(account.actor, account, now=NOW))
        assert address_of(service.address_of(account) or "") == new
    assert new != old
    assert scene.browser.get(old).status_code == 404
    assert scene.browser.get(new).status_code == 200
    with app.app_context(), transaction():
        service.end(SYSTEM, db.session.get_one(Account, scene.people["comes"]), now=NOW)
    assert scene.browser.get(new).status_code == 404


@on_sqlite
def test_the_database_gives_no_address_away_and_nobody_finds_one(app: Flask) -> None:
    scene = Scene(app)
    tokens = [re.findall(r"/calendar/(.+)\.ics", path)[0] for path in scene.path.values()]
    assert all(len(token) == 32 for token in tokens)
    with app.app_context():
        kept = " ".join(db.session.scalars(sa.select(Feed.token_hash)))  # type: ignore[arg-type]
    assert not any(token in kept for token in tokens)
    assert scene.browser.get(f"/calendar/{tokens[0][:-1]}x.ics").status_code == 404
    assert scene.browser.get("/calendar/None.ics").status_code == 404


@on_sqlite
def test_who_is_no_longer_active_has_no_calendar(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context(), transaction():
        db.session.get_one(Account, scene.people["comes"]).active = False
    assert scene.browser.get(scene.path["comes"]).status_code == 404


@on_sqlite
def test_the_page_makes_shows_renews_and_ends_the_address(app: Flask, settings: Settings) -> None:
    scene = Scene(app)
    with app.app_context(), transaction():
        account = factories.interpreter(name="Neu").account
    browser: FlaskClient = sign_in(app, account)
    page = "/account/calendar"
    assert "You have no address yet" in browser.get(page).text
    addresses = []
    for _ in range(2):
        send(browser, f"{page}/renew", seen_on=page)
        (found,) = re.findall(r'href="(http://127[^"]+\.ics)"', browser.get(page).text)
        addresses.append(address_of(found))
    assert 'href="webcal://127.0.0.1:8000/calendar/' in browser.get(page).text
    assert [scene.browser.get(one).status_code for one in addresses] == [404, 200]
    send(browser, f"{page}/end", seen_on=page)
    assert scene.browser.get(addresses[1]).status_code == 404


@on_sqlite
@pytest.mark.parametrize("locale", ["de", "el", "en"])
@pytest.mark.skipif(KIT is None, reason="INTEROP_KIT names no folder")
def test_parsers_nobody_here_wrote_find_nothing_wrong(
    app: Flask, tmp_path: Path, locale: str
) -> None:
    scene = Scene(app, locale)
    release(app, scene.secret)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Assignment.id))) == 2
    for who in ("comes", "asks", "office"):
        file = tmp_path / f"{who}.ics"
        file.write_bytes(scene.browser.get(scene.path[who]).data)
        judged = subprocess.run(
            [os.environ.get("INTEROP_PY", sys.executable), f"{KIT}/judge_invite.py",
             "--quiet", "--ics", file],
            capture_output=True, text=True,
        )  # fmt: skip
        assert " FAIL " not in judged.stdout, judged.stdout
        assert "checks" in judged.stdout, judged.stderr


@on_sqlite
def test_a_place_stands_there_only_while_somebody_goes_there(app: Flask) -> None:
    scene = Scene(app)

    def places() -> list[str]:
        return [str(one.get("location", "")) for one in scene.events("comes")]

    full, district = places()
    assert "," in full
    with app.app_context(), transaction():
        public = db.session.get_one(Assignment, scene.public)
        asked = public.interpretation_request
        later = details_of(asked)
        later = replace(later, wall_start=later.wall_start + timedelta(hours=4))
        amendments.amend(SYSTEM, asked.id, later, now=NOW)
    assert places()[0] in full.split(", ")
    with app.app_context(), transaction():
        ended = db.session.get_one(Assignment, scene.secret)
        assignments.complete_unreported(ended.id, now=ended.ends_at + timedelta(days=4))
    assert places()[1] == "" != district


@on_sqlite
def test_what_is_over_shows_no_place_before_anybody_says_so(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    scene = Scene(app)
    before = scene.browser.get(scene.path["comes"])
    with app.app_context():
        ends = db.session.get_one(Assignment, scene.public).ends_at
    frozen_clock.move_to(ends + timedelta(minutes=1))
    known = {"If-None-Match": before.headers["ETag"]}
    assert scene.browser.get(scene.path["comes"], headers=known).status_code == 200
    assert "location" not in scene.events("comes")[0]
