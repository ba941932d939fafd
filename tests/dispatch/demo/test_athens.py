"""The demonstration for Athens: nothing in it is from Dortmund, and its pages are in Greek."""

import re
from collections import Counter

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.app import create_app
from dispatch.cities import named
from dispatch.database import db, transaction
from dispatch.demo import service as demo
from dispatch.demo import sources
from dispatch.interpreters.models import Interpreter, WorkingLanguage
from dispatch.organisations.models import Organisation
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import Setting
from dispatch.settings import Settings
from dispatch.sites.models import Site
from tests import databases
from tests.browsing import sign_in
from tests.conftest import MONDAY_MORNING

GREEK = re.compile("[Α-Ωα-ώ]")


@pytest.fixture(scope="module")
def app(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("athens")
    settings = Settings(
        database_url=databases.sqlite_copy(sqlite_template, folder / "dragoman.sqlite"),
        secret_key_file=folder / "secret_key",
        sink_dir=folder / "sink",
        city="athens",
        now=MONDAY_MORNING,
    )
    app = create_app(settings)
    with app.app_context():
        with transaction():
            day = demo.seed(named("athens"), 1, None, MONDAY_MORNING).day
        app.config["DAY"] = day
        yield app
        db.session.remove()
        db.engine.dispose()


def every(model):
    return db.session.scalars(sa.select(model)).all()


def test_people_and_organisations_are_called_as_in_athens(app):
    assert all(GREEK.search(one.name) for one in every(Organisation))
    assert all(GREEK.search(one.name) for one in every(Account))
    assert all(re.fullmatch(r"[a-z.-]+@[a-z-]+\.example", one.email) for one in every(Account))
    assert Counter(one.role for one in every(Account))[Role.INTERPRETER] == 90


def test_places_lie_in_its_seven_communities_and_say_that_they_are_invented(app):
    places = every(Site)
    assert len({one.district for one in places}) == 7
    assert all("παράδειγμα" in one.name for one in places)
    assert {one.time_zone for one in places} == {"Europe/Athens"}


def test_nobody_is_asked_to_interpret_from_greek_into_greek(app):
    spoken = {one.tag for one in every(WorkingLanguage)}
    asked_for = {one.language for one in every(InterpretationRequest)}
    assert "el" not in spoken | asked_for
    assert set(sources.spoken()) == spoken
    assert {one.setting for one in every(InterpretationRequest)} == set(Setting)
    assert {one.account.locale for one in every(Interpreter)} == {"el", "en"}


def test_the_map_says_that_no_outlines_are_known(app):
    coordinator = next(one for one in every(Account) if one.role == Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/day/{app.config['DAY']}/map").text
    assert "περιγράμματα" in page
    assert "map__place" in page
