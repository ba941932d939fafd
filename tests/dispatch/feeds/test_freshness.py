"""Whoever has a calendar already is sent it again as soon as anything that stands there changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Event

from dispatch import settings
from dispatch.accounts.models import Account
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.availability.rules import Way
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.sites import service as sites
from tests import factories
from tests.conftest import FrozenClock
from tests.dispatch.feeds.test_feeds import Scene
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = NOW + timedelta(minutes=5)


def change_site(app: Flask, scene: Scene, **values: object) -> None:
    """Change the public site of a scene as the office does."""
    with app.app_context(), transaction():
        site = db.session.get_one(Assignment, scene.public).site
        sites._change(SYSTEM, site, values, LATER)


def sent_again(scene: Scene, who: str, known: str) -> str | None:
    """Return what somebody is sent who has a calendar already; None where it is as it was."""
    answer = scene.browser.get(scene.path[who], headers={"If-None-Match": known})
    return None if answer.status_code == 304 else answer.text.replace("\r\n ", "")


def first_event(scene: Scene, who: str) -> Event:
    return scene.events(who)[0]


@pytest.mark.parametrize(
    ("who", "values", "there", "gone"),
    [
        ("comes", {"address": "Neuer Weg 9"}, "Neuer Weg 9", "Friedensplatz 1"),
        ("comes", {"is_public": False}, "Innenstadt", "Rathaus Beispiel"),
        ("comes", {"name": "Altes Rathaus"}, "Altes Rathaus", "Rathaus Beispiel"),
        ("comes", {"district": "Hafen"}, "Hafen", "CANARY"),
        ("asks", {"district": "Hafen"}, "Hafen", "CANARY"),
        ("office", {"district": "Hafen"}, "Hafen", "CANARY"),
    ],
)
def test_a_change_of_a_site_is_sent_to_whoever_has_the_calendar(
    app: Flask, who: str, values: dict[str, object], there: str, gone: str
) -> None:
    scene = Scene(app)
    known = scene.browser.get(scene.path[who]).headers["ETag"]
    before = first_event(scene, who)
    assert sent_again(scene, who, known) is None
    change_site(app, scene, **values)
    text = sent_again(scene, who, known)
    assert text is not None
    assert there in text
    assert gone not in text
    after = first_event(scene, who)
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == LATER > before["DTSTAMP"].dt
    assert after["SEQUENCE"] == before["SEQUENCE"]  # the time is as it was (RFC 5546, 2.1.4)


@on_sqlite
def test_another_link_is_sent_to_whoever_takes_part_by_it(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context(), transaction():
        mira = db.session.get_one(Account, scene.people["comes"])
        comes = db.session.scalars(sa.select(Interpreter).filter_by(account_id=mira.id)).one()
        asked = factories.asked(
            ways=(Way.VIDEO,), video_link="https://video.example/1",
            start=factories.TOMORROW_TEN + timedelta(days=4),
        )  # fmt: skip
        factories.coming(asked, comes)
        request_id = asked.id
    known = scene.browser.get(scene.path["comes"]).headers["ETag"]
    with app.app_context(), transaction():
        asked = db.session.get_one(InterpretationRequest, request_id)
        other = replace(details_of(asked), video_link="https://video.example/2")
        amendments.amend(SYSTEM, request_id, other, now=LATER)
    text = sent_again(scene, "comes", known)
    assert text is not None
    assert "https://video.example/2" in text
    assert scene.events("comes")[-1]["LAST-MODIFIED"].dt == LATER


@on_sqlite
@pytest.mark.parametrize("who", ["comes", "asks", "office"])
@pytest.mark.parametrize("what", ["the sender", "the language"])
def test_what_the_city_and_the_person_are_set_to_counts_as_well(
    app: Flask, monkeypatch: pytest.MonkeyPatch, who: str, what: str
) -> None:
    scene = Scene(app)
    known = scene.browser.get(scene.path[who]).headers["ETag"]
    with app.app_context(), transaction():
        if what == "the language":
            db.session.get_one(Account, scene.people[who]).locale = "el"
        else:
            other = active().model_copy(update={"mail_from": "dolmetschen@other.example"})
            monkeypatch.setattr(settings, "_active", other)
    assert sent_again(scene, who, known) is not None


@on_sqlite
@pytest.mark.parametrize(("who", "days"), [("comes", 31), ("asks", 31), ("office", 8)])
def test_what_is_too_old_goes_when_the_day_ends_and_not_within_it(
    app: Flask, frozen_clock: FrozenClock, who: str, days: int
) -> None:
    """Else two texts would have one validator (RFC 9110, 8.8.1)."""
    scene = Scene(app)
    day = (NOW + timedelta(days=days)).replace(hour=0, minute=1)
    texts: dict[str, set[bytes]] = {}
    for hours in (0, 12, 23, 24):
        frozen_clock.move_to(day + timedelta(hours=hours))
        answer = scene.browser.get(scene.path[who])
        texts.setdefault(answer.headers["ETag"], set()).add(answer.data)
    assert [len(of_one) for of_one in texts.values()] == [1, 1]
    first, last = texts.values()
    assert first != last
