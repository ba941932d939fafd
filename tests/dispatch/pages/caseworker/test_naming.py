"""Whom one would like again, and who must not come: said in the form, before anybody is asked."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
FORM = {
    "language": "ro", "day": "2027-03-09", "start": "10:00", "duration": "60", "setting": "school",
    "interpreter_count": "1", "ways": "on_site",
}  # fmt: skip


class Scene:
    """Mira and Ana have come to those who ask, Olga to others; all three interpret Romanian."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            kim: Account = factories.account(of=factories.organisation())
            self.site_id = factories.site().id
            self.mira, self.ana = came("Mira", kim, 8), came("Ana", kim, 10)
            self.olga = came("Olga", None, 12)
        self.browser: FlaskClient = sign_in(app, kim)

    def ask(self, **more: Any) -> TestResponse:
        fields = {**FORM, "site": self.site_id, **more}
        return send(self.browser, "/requests/new", seen_on="/requests/new", **fields)


def came(name: str, by: Account | None, days_ago: int) -> int:
    """Have somebody of the pool come to those who ask, so many days ago; return their id."""
    then = NOW - timedelta(days=20)
    start = factories.TOMORROW_TEN - timedelta(days=days_ago)
    past = factories.asked(by=by, start=start, now=then)
    return factories.coming(past, factories.interpreter(name=name), now=then).interpreter_id


def newest() -> InterpretationRequest:
    query = sa.select(InterpretationRequest).order_by(InterpretationRequest.id.desc()).limit(1)
    return db.session.scalars(query).one()


def named() -> tuple[set[int], set[int], bool]:
    one = newest()
    wished = {each.interpreter_id for each in one.preferred_interpreters}
    return wished, {each.interpreter_id for each in one.excluded_interpreters}, one.only_preferred


def test_whoever_came_to_us_in_the_language_is_offered_and_nobody_else(app: Flask) -> None:
    scene = Scene(app)
    page = scene.browser.get("/requests/helpers?language=ro").text
    assert re.findall(r'name="wished" value="(\d+)"', page) == [str(scene.mira), str(scene.ana)]
    assert "Olga" not in page
    assert "Nobody who interprets this language has come to you yet" in (
        scene.browser.get("/requests/helpers?language=tr").text
    )
    assert "Once the language is chosen" in scene.browser.get("/requests/new").text


def test_who_is_named_is_noted_with_the_request(app: Flask) -> None:
    scene = Scene(app)
    assert scene.ask(wished=scene.mira, excluded=scene.ana, only_wished="yes").status_code == 302
    with app.app_context():
        assert named() == ({scene.mira}, {scene.ana}, True)


def test_who_never_came_to_us_cannot_be_named_and_nothing_is_asked_for(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context():
        before = newest().id
    refused = scene.ask(wished=scene.olga)
    assert refused.status_code == 422
    assert "Only somebody who has interpreted for you, or is to, can be named." in refused.text
    with app.app_context():
        assert newest().id == before


def test_nobody_else_than_nobody_is_refused_and_what_was_ticked_stays(app: Flask) -> None:
    scene = Scene(app)
    refused = scene.ask(only_wished="yes", excluded=scene.ana)
    assert refused.status_code == 422
    assert "Tick whom you would like to come" in refused.text
    assert re.search(rf'name="excluded" value="{scene.ana}" checked', refused.text)


def test_it_is_noted_too_where_the_office_looks_first(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context(), transaction():
        db.session.get_one(InterpretationRequest, 1).organisation.is_reviewed = True
    scene.ask(excluded=scene.mira)
    with app.app_context():
        assert newest().state == RequestState.IN_REVIEW
        assert named() == (set(), {scene.mira}, False)


def test_every_date_of_a_series_has_them(app: Flask) -> None:
    scene = Scene(app)
    series = {"series-repeats": "weekly", "series-every": "1", "series-count": "3"}
    fields = {**FORM, **series, "site": scene.site_id, "wished": scene.mira}
    shown = send(scene.browser, "/series/new", seen_on="/requests/new", **fields)
    assert re.search(rf'name="wished" value="{scene.mira}" checked', shown.text)
    [seen] = re.findall(r'name="series-seen"[^>]*value="(\w+)"', shown.text)
    fields |= {
        "series-seen": seen,
        "date": re.findall(r'name="date" value="([\d-]+)" checked', shown.text),
    }
    done = send(scene.browser, "/series/new", seen_on="/requests/new", **fields)
    assert done.status_code == 302, done.text
    with app.app_context():
        requests = db.session.scalars(
            sa.select(InterpretationRequest).where(InterpretationRequest.starts_at > NOW)
        )
        wished = [[each.interpreter_id for each in one.preferred_interpreters] for one in requests]
    assert wished == [[scene.mira]] * 3


def test_asking_again_names_who_came_and_who_must_not(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context():
        past = db.session.scalars(sa.select(InterpretationRequest.id)).all()
    page = scene.browser.get(f"/requests/new?like={min(past)}").text
    assert re.search(rf'name="wished" value="{scene.mira}" checked', page)
    assert not re.search(rf'name="wished" value="{scene.ana}" checked', page)


def test_who_must_not_come_is_not_counted_among_those_who_could(app: Flask) -> None:
    scene = Scene(app)
    fields = {**FORM, "site": scene.site_id}

    def told(path: str, **more: Any) -> str:
        return send(scene.browser, path, seen_on="/requests/new", **fields, **more).text

    assert "10:00: 3 people could come" in told("/requests/outlook")
    assert "10:00: 2 people could come" in told("/requests/outlook", excluded=scene.ana)
    only = {"wished": scene.mira, "only_wished": "yes"}
    assert "10:00: one person could come" in told("/requests/outlook", **only)
    assert "10:00: one person could come" in told("/requests/times", **only)


def test_who_is_yet_to_come_is_named_when_the_same_is_asked_for_again(app: Flask) -> None:
    scene = Scene(app)
    with app.app_context(), transaction():
        kim = db.session.get_one(InterpretationRequest, 1).account
        new = factories.interpreter(name="Nadia")
        first = factories.asked(by=kim)
        factories.coming(first, new)
        first_id, new_id = first.id, new.id
    page = scene.browser.get(f"/requests/new?like={first_id}&next_week=1").text
    assert re.search(rf'name="wished" value="{new_id}" checked', page)
    assert "comes on Tue, 2 March 2027" in page
    assert scene.ask(wished=new_id).status_code == 302
    with app.app_context():
        assert named() == ({new_id}, set(), False)


def test_nothing_is_told_of_whoever_never_came_to_us(app: Flask) -> None:
    scene = Scene(app)
    fields = {**FORM, "site": scene.site_id}

    def told(**more: Any) -> str:
        return send(
            scene.browser, "/requests/outlook", seen_on="/requests/new", **fields, **more
        ).text

    assert told(excluded=scene.olga) == told()
    with app.app_context(), transaction():
        db.session.get_one(Interpreter, scene.olga).fee_cents_per_hour = 9900
    alone = told(wished=scene.olga, only_wished="yes")
    assert alone == told(wished=10**6, only_wished="yes"), "as of a number nobody has"
