"""What an interpreter reads of themselves: proofs, the own share, why not asked, the record."""

import io
import re
import stat
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts.rules import Role
from dispatch.amendments import naming
from dispatch.availability.models import Absence
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters import proofs
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.settings import Settings
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PDF = b"%PDF-1.7 proof"


def somebody() -> Interpreter:
    return factories.interpreter(qualification="sworn")


def hand_in(browser: FlaskClient, path: str, content: bytes, name: str = "a.pdf") -> TestResponse:
    token = TOKEN.search(browser.get("/sign-in").text) or TOKEN.search(
        browser.get("/", follow_redirects=True).text
    )
    assert token
    fields = {"csrf_token": token.group(1), "proof": (io.BytesIO(content), name)}
    return browser.post(path, data=fields, content_type="multipart/form-data")


def test_a_proof_is_read_by_its_owner_and_the_office_and_by_nobody_else(
    app: Flask, settings: Settings
) -> None:
    with app.app_context(), transaction():
        mira, nour = somebody(), factories.interpreter(name="Nour")
        office = factories.account(Role.COORDINATOR)
        asks = factories.account(of=factories.organisation())
        auditor = factories.account(Role.AUDITOR)
        accounts = (mira.account, office, nour.account, asks, auditor)
        path = f"/interpreters/{mira.id}/qualifications/{mira.qualifications[0].id}/proof"
    own, desk, *others = (sign_in(app, one) for one in accounts)
    assert own.get(path).status_code == 404
    assert hand_in(own, path, PDF).status_code == 302
    [file] = settings.proofs.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.proofs.stat().st_mode) == 0o700
    for reader in (own, desk):
        answer = reader.get(path)
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"] == "attachment; filename=proof.pdf"
        assert answer.headers["Cache-Control"] == "no-store"
    assert [one.get(path).status_code for one in others] == [404, 403, 403]
    assert [hand_in(one, path, PDF).status_code for one in others] == [404, 403, 403]
    assert hand_in(desk, path, b"\x89PNG\r\n\x1a\n").status_code == 302
    [after] = settings.proofs.iterdir()
    assert after.suffix == ".png"
    assert "Proof of Mon, 1 March 2027" in own.get("/about-me", follow_redirects=True).text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "neither a PDF nor"),
        (b"MZ", "neither a PDF nor"),
        (b"", "neither a PDF nor"),
    ],
)
def test_what_is_no_proof_is_refused_in_words_and_nothing_is_kept(
    app: Flask, settings: Settings, content: bytes, said: str
) -> None:
    with app.app_context(), transaction():
        mira = somebody()
        account, held = mira.account, mira.qualifications[0].id
    path = f"/interpreters/{mira.id}/qualifications/{held}/proof"
    answer = hand_in(sign_in(app, account), path, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert not settings.proofs.exists()
    with app.app_context():
        assert db.session.scalar(sa.select(HeldQualification.proof_file)) is None


def test_a_proof_that_is_too_large_is_refused_with_what_would_be_right(app: Flask) -> None:
    with (
        app.test_request_context(headers={"Accept-Language": "en"}),
        pytest.raises(Refusal, match="larger than 8 MB"),
    ):
        proofs.kind_of(PDF + bytes(proofs.MOST_BYTES))


def test_a_qualification_that_ends_soon_or_has_ended_says_so(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira = somebody()
        account = mira.account
        mira.qualifications[0].valid_until = date(2027, 3, 30)
    assert "please hand in a new proof" in _about(app, account)
    frozen_clock.advance(days=31)
    assert "expired on Tue, 30 March 2027" in _about(app, account)


def _about(app: Flask, account: object) -> str:
    browser = sign_in(app, account)  # type: ignore[arg-type]
    return browser.get("/about-me", follow_redirects=True).text


def _nothing(_mira: Interpreter) -> None:
    """Leave it as it is."""


def _away(mira: Interpreter) -> None:
    start = NOW + timedelta(days=1)
    mira.availability.absences.append(Absence(starts_at=start, ends_at=start + timedelta(days=1)))


def _elsewhere(mira: Interpreter) -> None:
    offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)


def _no_hours(mira: Interpreter) -> None:
    mira.availability.weekly_hours.clear()


def _another_district(mira: Interpreter) -> None:
    mira.availability.regions = ["Hörde"]


@pytest.mark.parametrize(
    ("so", "said"),
    [
        (_nothing, "nobody is found yet; you may still be asked"),
        (_away, "you are away"),
        (_elsewhere, "at this time you are asked for or come somewhere else"),
        (_no_hours, "it lies outside your times"),
        (_another_district, "you do not go to this district"),
    ],
)
def test_why_somebody_was_not_asked_is_said_to_them(
    app: Flask, so: Callable[[Interpreter], None], said: str
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        account = mira.account
        so(mira)
        factories.asked(room="CANARY", case_reference="CANARY")
    page = _about(app, account)
    told = page.partition('id="not-asked"')[2].partition('id="record"')[0]
    assert said in told
    assert "Romanian" in told
    assert "CANARY" not in page


def test_the_own_share_counts_what_was_given_and_what_would_be_fair(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        factories.interpreter(name="Nour")
        account = mira.account
        job = factories.coming(factories.asked(start=TOMORROW_TEN, minutes=120), mira)
    frozen_clock.move_to(job.ends_at + timedelta(hours=1))
    page = _about(app, account)
    share = page.partition('id="share"')[2].partition('id="not-asked"')[0]
    assert re.findall(r'stat__value">([^<]*)<', share) == ["2 h", "1 h"]


def test_what_others_did_is_read_with_their_names_and_ones_own_is_not(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        office = factories.account(Role.COORDINATOR, name="Ola Amt")
        offers.make(office.actor, factories.asked().id, mira.id, now=NOW)
        account = mira.account
    record = _about(app, account).partition('id="record"')[2]
    assert "You were asked" in record
    assert "Romanian, Tue, 2 Mar, 10:00" in record
    assert "Ola Amt" in record


def test_what_others_did_leads_to_the_assignment_it_is_about(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        office = factories.account(Role.COORDINATOR, name="Ola Amt")
        coming = factories.coming(factories.asked(), mira)
        cancellations.release(office.actor, coming.id, reasons=Reasons(office="moved"), now=NOW)
        account = mira.account
    record = _about(app, account).partition('id="record"')[2]
    assert "You were released" in record
    assert f'href="/assignments/{coming.id}"' in record


def test_who_is_not_wanted_for_a_request_does_not_read_it_there(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        office = factories.account(Role.COORDINATOR, name="Ola Amt")
        naming.exclude(office.actor, factories.asked().id, [mira.id], by_office=True, now=NOW)
        account, page = mira.account, f"/interpreters/{mira.id}/about"
    assert "Ola Amt" not in sign_in(app, account).get(page).text
