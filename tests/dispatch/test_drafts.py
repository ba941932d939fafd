"""What somebody keeps for themselves before they ask: drafts, and templates to begin from."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.drafts import service
from dispatch.drafts.models import Draft
from dispatch.drafts.rules import MOST_KEPT, Kind
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
in_session = pytest.mark.usefixtures("session")
NEW = "/requests/new"
FIELDS = {
    "language": "ro", "day": "2027-03-15", "start": "10:00", "duration": "90",
    "setting": "school", "interpreter_count": "1", "room": "Zimmer 7", "case_reference": "AZ-7",
    "is_urgent": "y", "series-repeats": "weekly", "series-count": "4",
}  # fmt: skip


@pytest.fixture
def kim(app: Flask) -> Account:
    with app.app_context(), transaction():
        return factories.account(of=factories.organisation(), name="Kim Muster")


def names(app: Flask) -> list[str]:
    with app.app_context():
        return [one.name for one in db.session.query(Draft)]


def kept_page(app: Flask) -> str:
    with app.app_context():
        return f"{NEW}?draft={db.session.query(Draft).one().id}"


def test_a_draft_need_not_be_right_comes_back_as_typed_and_is_gone_once_sent(
    app: Flask, kim: Account
) -> None:
    with app.app_context(), transaction():
        site = str(factories.site().id)
    browser = sign_in(app, kim)
    keep = {"keep_as": "draft", "keep_name": " Parents’ evening "}
    send(browser, "/drafts", seen_on=NEW, **{**FIELDS, **keep, "setting": "", "day": "soon"})
    assert names(app) == ["Parents’ evening"]
    form = browser.get(kept_page(app)).text
    assert 'value="Zimmer 7"' in form
    assert 'value="AZ-7"' in form
    with app.app_context():
        draft_id = str(db.session.query(Draft).one().id)
    again = {**FIELDS, "keep_name": "Meeting", "keep_as": "draft", "draft": draft_id}
    send(browser, "/drafts", seen_on=NEW, **again)
    assert names(app) == ["Meeting"]
    single = {name: text for name, text in FIELDS.items() if "series" not in name}
    sent = send(browser, NEW, seen_on=NEW, **{**single, "site": site, "draft": draft_id})
    assert "/requests/" in sent.location
    assert names(app) == []


def test_a_template_holds_neither_day_nor_case_and_stays(app: Flask, kim: Account) -> None:
    with app.app_context(), transaction():
        site = str(factories.site().id)
    browser = sign_in(app, kim)
    send(browser, "/drafts", seen_on=NEW, keep_as="template", keep_name="Clinic", **FIELDS)
    form = browser.get(kept_page(app)).text
    assert 'value="Zimmer 7"' in form
    assert "AZ-7" not in form
    assert "2027-03-15" not in form
    assert "Ask from it" in browser.get("/drafts").text
    with app.app_context():
        draft_id = str(db.session.query(Draft).one().id)
    single = {name: text for name, text in FIELDS.items() if "series" not in name}
    send(browser, NEW, seen_on=NEW, **{**single, "site": site, "draft": draft_id})
    assert names(app) == ["Clinic"]
    with app.app_context():
        assert db.session.query(InterpretationRequest).count() == 1


def test_without_a_name_nothing_is_kept_and_nothing_typed_is_lost(app: Flask, kim: Account) -> None:
    browser = sign_in(app, kim)
    back = send(browser, "/drafts", seen_on=NEW, keep_as="draft", keep_name=" ", **FIELDS)
    page = unescape(browser.get(back.location).text)
    assert "Give it a name by which you find it again." in page
    assert 'value="Zimmer 7"' in page
    assert names(app) == []


def test_nobody_sees_what_a_colleague_keeps(app: Flask, kim: Account) -> None:
    with app.app_context(), transaction():
        kept = service.keep(kim.id, Kind.DRAFT, "Mine", [("room", "SECRET")], now=NOW).id
        colleague = factories.account(of=db.session.merge(kim).organisation)
        stranger = factories.account(of=factories.organisation("Clinic"))
    for other in (colleague, stranger):
        browser = sign_in(app, other)
        assert "Mine" not in browser.get("/drafts").text
        assert browser.get(f"{NEW}?draft={kept}").status_code == 404
        assert send(browser, f"/drafts/{kept}/delete", seen_on="/drafts").status_code == 404
    assert names(app) == ["Mine"]
    send(sign_in(app, kim), f"/drafts/{kept}/delete", seen_on="/drafts")
    assert names(app) == []


@in_session
def test_what_nobody_comes_back_to_is_forgotten() -> None:
    with transaction():
        owner = factories.account(of=factories.organisation()).id
        service.keep(owner, Kind.DRAFT, "a draft", [], now=NOW)
        template = service.keep(owner, Kind.TEMPLATE, "a template", [], now=NOW).id
        service.sent(owner, template, now=NOW + timedelta(days=300))
    for days, left in ((29, 2), (30, 1), (600, 1), (665, 0)):
        with transaction():
            service.forget_old(NOW + timedelta(days=days))
        assert len(service.all_of(owner)) == left, days


@in_session
def test_one_keeps_no_more_than_one_finds_ones_way_in() -> None:
    with transaction():
        owner = factories.account(of=factories.organisation()).id
        for number in range(MOST_KEPT):
            service.keep(owner, Kind.DRAFT, str(number), [], now=NOW)
    with pytest.raises(Conflict, match="delete some"):
        service.keep(owner, Kind.DRAFT, "one more", [], now=NOW)
    with pytest.raises(Refusal, match="80 characters"):
        service.keep(owner, Kind.DRAFT, "x" * 81, [], now=NOW)
    with pytest.raises(NotFound):
        service.find(owner, 987_654)
