"""The record for the auditor: found by what, who, where and when; no words of people."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.ledger import sealing
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning, Reasons
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_the_record_is_found_by_what_who_where_and_when(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR, name="Dana Beispiel")
        asked, other = factories.asked(), factories.asked("tr")
        coming = factories.coming(asked, factories.interpreter(name="Mira"))
        ill = Reasons(office="Mira is ill.", told="somebody else comes")
        cancellations.release(coordinator.actor, coming.id, reasons=ill, now=NOW)
        auditor = factories.account(Role.AUDITOR)
    browser = sign_in(app, auditor)
    assert browser.get("/").location == "/record"
    everything = browser.get("/record").text
    for said in ("Request received", "An interpreter was released", "Dana Beispiel", "Coordinator"):
        assert said in everything
    for unsaid in ("somebody else comes", "Mira"):
        assert unsaid not in everything.split("<main")[1]
    released = browser.get("/record?about=assignment&who=dana").text
    assert "An interpreter was released" in released
    assert "Request received" not in released
    of_other = browser.get(f"/record?number={other.reference.lower()}").text
    assert asked.reference not in of_other.split("<table")[1]
    assert "Nothing found" in browser.get("/record?last=2020-01-01").text
    assert "Nothing found" in browser.get("/record?who=nobody").text
    assert "Nothing found" in browser.get("/record?number=DO-0").text
    assert "Request received" in browser.get("/record?first=2027-03-01&last=2027-03-01").text


def test_the_proof_says_what_was_read_and_the_digest_to_note(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.asked()
            auditor = factories.account(Role.AUDITOR)
        with transaction():
            made = sealing.seal(now=NOW + timedelta(hours=1))
        assert made
    page = sign_in(app, auditor).get("/record/proof").text
    assert "was read and is as it was when it was sealed" in page
    assert made.digest in page


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", "Zeitpunkt der Übergabe, Raum"),
        ("en", "When it is handed over, Room"),
        ("el", "Πότε αλλάζουν, Αίθουσα"),
    ],
)
def test_what_changed_is_said_in_words(app: Flask, locale: str, words: str) -> None:
    with app.app_context(), transaction():
        about = Concerning(interpretation_request=factories.asked().id)
        changed = ["room", "handover_minutes", "search_text"]
        ledger.record(SYSTEM, "request.changed", about, now=NOW, fields=changed)
        auditor = factories.account(Role.AUDITOR, locale=locale)
    page = sign_in(app, auditor).get("/record").text
    assert words in page
    assert "handover_minutes" not in page
