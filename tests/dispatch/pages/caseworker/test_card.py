"""The card a client takes along: when and where, in both languages, and nothing else."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from dispatch.database import transaction
from dispatch.pages.caseworker.card import Clock, clock_at
from tests import factories
from tests.browsing import sign_in
from tests.correspondence import CANARIES

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("at", "clock"),
    [
        (datetime(2027, 3, 2, 9, 0, tzinfo=UTC), Clock(300.0, 0)),
        (datetime(2027, 7, 2, 13, 30, tzinfo=UTC), Clock(105.0, 180)),
        (datetime(2027, 3, 1, 23, 15, tzinfo=UTC), Clock(7.5, 90)),
    ],
)
def test_the_clock_shows_the_time_on_the_wall_there(at: datetime, clock: Clock) -> None:
    assert clock_at(at, "Europe/Berlin") == clock


def cards(app: Flask, *languages: str) -> list[str]:
    """Return the card of a request in each of the languages, as who asked sees it."""
    with app.app_context(), transaction():
        anna = factories.account(of=factories.organisation())
        ids = [
            factories.asked(language, by=anna, **CANARIES).id  # type: ignore[arg-type]
            for language in languages
        ]
    browser = sign_in(app, anna)
    return [browser.get(f"/requests/{one}/card").text for one in ids]


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_a_card_is_in_german_and_in_the_language_of_the_client_if_somebody_has_checked_it(
    app: Flask,
) -> None:
    greek, romanian = cards(app, "el", "ro")
    assert all("Ihr Termin" in page and "Di., 02.03.2027" in page for page in (greek, romanian))
    assert "Το ραντεβού σας" in greek
    assert "Nobody has checked a text" not in greek
    assert "Nobody has checked a text in Romanian yet" in romanian
    assert romanian.count("clients-card__side") == 1
    assert "rotate(300.0 50 50)" in greek


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_a_card_says_nothing_of_why_or_who(app: Flask) -> None:
    (page,) = cards(app, "en")
    side = page[page.index('<div class="clients-card') : page.index("</main>")]
    assert "CANARY" not in side
    assert "Dolmetsch" not in side
    assert "Rathaus Beispiel" in side
