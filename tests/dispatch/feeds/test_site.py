"""The calendar of a site, for its reception: when somebody interprets there, and nothing else."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.database import get, transaction
from dispatch.feeds import latest, queries, service
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.sites.models import Site
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import CANARIES
from tests.factories import NOW

KIT = os.environ.get("INTEROP_KIT")
pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


class Scene:
    """Two talks at a clinic, of two organisations, one elsewhere; the office made an address."""

    def __init__(self, app: Flask) -> None:
        with app.app_context(), transaction():
            clinic = factories.site("Klinik Beispiel", is_public=False)
            comes = factories.interpreter(name="Mira")
            start = factories.TOMORROW_TEN
            self.here = [
                factories.coming(
                    factories.asked(
                        by=factories.account(of=factories.organisation(name)), at=clinic,
                        start=start + timedelta(days=day),
                        **CANARIES,  # type: ignore[arg-type]
                    ),
                    comes,
                ).id
                for day, name in enumerate(("Schule", "Jugendamt"))
            ]  # fmt: skip
            elsewhere = factories.asked(at=factories.site(), start=start + timedelta(days=3))
            factories.coming(elsewhere, comes)
            self.site_id = clinic.id
            address = service.renew(SYSTEM, clinic, now=NOW)
            self.office = factories.account(Role.COORDINATOR)
        self.path = address.removeprefix("http://127.0.0.1:8000")
        self.browser = app.test_client()


def test_the_reception_finds_what_is_to_be_here_and_nothing_of_anybody(app: Flask) -> None:
    scene = Scene(app)
    text = scene.browser.get(scene.path).text.replace("\r\n ", "")
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        f"Dolmetschen, Einsatz {number}" for number in scene.here
    ]
    for word in ("CANARY", "Mira", "Schule", "Jugendamt", "Klinik", "Rumänisch", "LOCATION"):
        assert word not in text


def test_it_is_sent_again_only_when_something_changes_and_what_is_off_is_marked(app: Flask) -> None:
    scene = Scene(app)
    known = {"If-None-Match": scene.browser.get(scene.path).headers["ETag"]}
    assert scene.browser.get(scene.path, headers=known).status_code == 304
    with app.app_context(), transaction():
        cancellations.release(SYSTEM, scene.here[0], reasons=Reasons("x", "x"), now=NOW)
    changed = scene.browser.get(scene.path, headers=known)
    assert (changed.status_code, changed.text.count("STATUS:CANCELLED")) == (200, 1)


def test_the_office_makes_it_renews_it_and_ends_it_on_the_page_of_the_site(app: Flask) -> None:
    scene = Scene(app)
    page = f"/sites/{scene.site_id}"
    browser = sign_in(app, scene.office)
    assert scene.path in browser.get(page).text
    send(browser, f"{page}/calendar/renew", seen_on=page)
    assert scene.browser.get(scene.path).status_code == 404
    with app.app_context():
        address = service.address_of(get(Site, scene.site_id)) or ""
    scene.path = address.removeprefix("http://127.0.0.1:8000")
    assert scene.browser.get(scene.path).status_code == 200
    send(browser, f"{page}/calendar/end", seen_on=page)
    assert scene.browser.get(scene.path).status_code == 404
    assert "Make an address" in browser.get(page).text or "Adresse" in browser.get(page).text


def test_a_reception_reads_where_its_calendar_ends(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(app)
    monkeypatch.setattr(queries, "MOST_EVENTS", 1)
    text = scene.browser.get(scene.path).text.replace("\r\n ", "")
    _first, last = Calendar.from_ical(text).walk("VEVENT")
    assert str(last["SUMMARY"]) == "Dieser Kalender endet hier"
    assert "fragen Sie die Vermittlung nach den übrigen" in str(last["DESCRIPTION"])


@pytest.mark.skipif(KIT is None, reason="INTEROP_KIT names no folder")
def test_parsers_nobody_here_wrote_find_nothing_wrong(app: Flask, tmp_path: Path) -> None:
    scene = Scene(app)
    file = tmp_path / "site.ics"
    file.write_bytes(scene.browser.get(scene.path).data)
    judged = subprocess.run(
        [os.environ.get("INTEROP_PY", sys.executable), f"{KIT}/judge_invite.py",
         "--quiet", "--ics", file],
        capture_output=True, text=True,
    )  # fmt: skip
    assert " FAIL " not in judged.stdout, judged.stdout
    assert "checks" in judged.stdout, judged.stderr


def test_who_goes_elsewhere_now_is_not_expected_here_however_much_happened_since(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(app)
    monkeypatch.setattr(latest, "LATEST_LOOKED_AT", 1)
    known = {"If-None-Match": scene.browser.get(scene.path).headers["ETag"]}
    with app.app_context(), transaction():
        get(Assignment, scene.here[0]).site_id = factories.site("Anderswo").id
    answer = scene.browser.get(scene.path, headers=known)
    assert (answer.status_code, answer.text.count("BEGIN:VEVENT")) == (200, 1)
