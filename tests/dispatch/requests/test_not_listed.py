"""A language that is not in the list: never lost, settled by the office, and told truthfully."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.languages.rules import NOT_LISTED
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import agency
from dispatch.planning.advice.candidates import able
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.rules import items_of
from dispatch.requests import importing, reviewing, waiting
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.requests.wording import language_said
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

WORDS = "Maban, from the Blue Nile"
in_session = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@in_session
def test_it_waits_for_the_office_and_those_who_ask_are_told_so() -> None:
    with transaction():
        mira = factories.interpreter()
        asked = factories.asked("", language_in_words=WORDS)
    deliver_all()
    assert (asked.language, asked.language_in_words) == (NOT_LISTED, WORDS)
    [told] = written("request_received")
    assert "Language: language to be settled" in told.body
    assert "The office finds out which one it is" in told.body
    assert "We are looking now" not in told.body
    assert "Maban" not in f"{told.subject} {told.body}"
    made = planning.compute(TUESDAY, now=NOW)
    assert items_of(made.plan) == []
    assert able(asked, now=NOW) == {}
    with transaction():
        settled = replace(details_of(asked), language="ro")
        amendments.amend(SYSTEM, asked.id, settled, now=NOW)
    asked = db.session.get_one(InterpretationRequest, asked.id)
    assert (asked.language, asked.language_in_words) == ("ro", WORDS)
    assert list(able(asked, now=NOW)) == [mira.id]


@in_session
@pytest.mark.parametrize(
    ("words", "told", "shown"),
    [
        ("Armenisch", "Armenisch, to be settled", "Armenisch, to be settled"),
        ("Aramäisch (Surayt)", "language to be settled", "Aramäisch (Surayt), to be settled"),
        ("<b>Armenisch</b>", "language to be settled", "<b>Armenisch</b>, to be settled"),
        ("Armenisch\n\nhttps://x.example", "language to be settled", "Armenisch https://x.example"),
        ("Armenisch, Frau Muster", "language to be settled", "Armenisch, Frau Muster, to be"),
    ],
)
def test_what_they_call_it_stands_on_pages_and_in_messages_only_where_it_is_a_mere_name(
    words: str, told: str, shown: str
) -> None:
    with transaction():
        one = factories.asked("", language_in_words=words)
    deliver_all()
    [message] = written("request_received")
    assert f"Language: {told}\n" in message.body
    assert language_said(one, "en").startswith(shown)


@on_sqlite
def test_it_stands_in_the_list_and_on_the_page_in_their_words(app: Flask, frozen_clock) -> None:
    with app.app_context(), transaction():
        asks = factories.account(of=factories.organisation())
        one = factories.asked("", by=asks, language_in_words=WORDS)
        path = f"/requests/{one.id}"
    browser = sign_in(app, asks)
    for page in ("/requests", path, f"{path}/change", f"{path}/cancel", "/"):
        assert f"{WORDS}, to be settled" in browser.get(page).text, page


@in_session
def test_what_else_is_changed_leaves_the_language_to_be_settled() -> None:
    with transaction():
        asked = factories.asked("", language_in_words=WORDS)
    with transaction():
        amendments.amend(SYSTEM, asked.id, replace(details_of(asked), room="14"), now=NOW)
    asked = db.session.get_one(InterpretationRequest, asked.id)
    assert (asked.language, asked.room) == (NOT_LISTED, "14")


@in_session
def test_a_file_may_name_it_in_words() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        number = factories.site().register_number
    rows = (
        "language,language_in_words,site,day,start,duration,setting\n"
        f",{WORDS.replace(',', '')},{number},2027-03-09,10:00,60,school\n"
    )
    account = db.session.get_one(Account, kim.id)
    [row] = importing.read(account, rows.encode(), now=NOW)
    assert row.interpretation_request.language == NOT_LISTED


@in_session
def test_before_it_is_settled_nobody_hears_that_we_go_on_looking() -> None:
    with transaction():
        asked = factories.asked("", language_in_words=WORDS)
    deliver_all()
    with transaction():
        waiting.say_still_open(asked.id, now=asked.next_word_at or NOW)
    deliver_all()
    [told] = written("still_open")
    assert "is not settled yet, so nobody has been asked" in told.body
    assert "We go on looking" not in told.body
    with transaction():
        waiting.close_past(asked.id, now=asked.starts_at)
    deliver_all()
    [told] = written("not_filled")
    assert "could not be settled before the start" in told.body


@in_session
def test_a_language_nobody_could_find_out_is_refused_and_who_asked_reads_why() -> None:
    with transaction():
        asked = factories.asked("", language_in_words=WORDS)
    deliver_all()
    with transaction():
        why = Reasons(office="called twice", told="Nobody could tell us which language it is.")
        reviewing.refuse(SYSTEM, asked.id, reasons=why, now=NOW)
    deliver_all()
    [told] = written("request_refused")
    assert "Nobody could tell us which language it is." in told.body
    assert "called twice" not in told.body
    assert db.session.get_one(InterpretationRequest, asked.id).state == RequestState.REFUSED


@in_session
def test_what_somebody_is_looked_for_is_not_refused_but_cancelled() -> None:
    with transaction():
        asked = factories.asked("ro")
    with pytest.raises(Conflict) as refused, transaction():
        reviewing.refuse(SYSTEM, asked.id, reasons=Reasons(office="no"), now=NOW)
    assert refused.value.code == "not-in-review"


@in_session
def test_a_partner_agency_may_send_somebody_whichever_language_it_is() -> None:
    with transaction():
        asked = factories.asked("", language_in_words=WORDS)
        agency.cover(SYSTEM, asked.id, "Partneragentur Beispiel", cents=None, now=NOW)
    assert asked.state == RequestState.FILLED
    with pytest.raises(Conflict), transaction():
        reviewing.refuse(SYSTEM, asked.id, reasons=Reasons(office="no"), now=NOW)


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_office_sees_it_at_once_however_many_others_come_before(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for number in range(20):
            factories.asked("ro", start=TOMORROW_TEN + timedelta(minutes=5 * number))
        one = factories.asked("", language_in_words=WORDS, start=TOMORROW_TEN + timedelta(days=42))
        path = f"/requests/{one.id}"
    office = sign_in(app, coordinator)
    page = unescape(office.get("/").text)
    _before, block = page.split("Language to be settled: nobody can be asked before")
    assert f'href="{path}"' in block.split("</ul>")[0]
    assert WORDS in block.split("</ul>")[0]
    assert f'href="{path}"' in office.get("/requests?show=to_settle").text


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_its_page_offers_the_office_what_can_be_done_and_no_asking_in_vain(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        coordinator = factories.account(Role.COORDINATOR)
        path = f"/requests/{factories.asked('', by=kim, language_in_words=WORDS).id}"
    office, browser = sign_in(app, coordinator), sign_in(app, kim)
    for where in (path, f"{path}/candidates"):
        page = unescape(office.get(where).text)
        assert "Find somebody" not in page
        assert "Ask as agreed" not in page
        for way in ("change", "refuse", "agency"):
            assert f'"{path}/{way}"' in page
    for where in (f"/board{path}", f"/board{path}/could"):
        page = unescape(office.get(where).text)
        assert "Find somebody" not in page
    page = unescape(browser.get(path).text)
    assert "The office finds out which one it is" in page
    assert "We are looking for one interpreter" not in page
    assert "Partneragentur" not in page
    fields = {"reason_office": "called twice", "reason_told": "Nobody knows which it is."}
    assert send(office, f"{path}/refuse", seen_on=f"{path}/refuse", **fields).status_code == 302
    assert "The office has refused this request." in browser.get(path).text


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_a_caseworker_names_it_and_the_office_settles_it(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        coordinator = factories.account(Role.COORDINATOR)
        site = factories.site()
    browser, office = sign_in(app, kim), sign_in(app, coordinator)
    fields = {
        "site": str(site.id),
        "day": "2027-03-02",
        "start": "10:00",
        "duration": "60",
        "setting": "school",
        "interpreter_count": "1",
        "is_urgent": "y",
    }
    new = "/requests/new"
    refused = send(browser, new, seen_on=new, **fields)
    assert "Choose the language." in refused.text
    path = send(browser, new, seen_on=new, language_in_words=WORDS, **fields).location
    page = unescape(browser.get(path).text)
    assert f"{WORDS}, to be settled" in page
    assert WORDS in page
    assert f"those who ask call it “{WORDS}”" in unescape(office.get("/").text)
    assert "Settle first which language it is" in office.get(f"{path}/candidates").text
    change = f"{path}/change"
    settled = {**fields, "language": "ro", "language_in_words": WORDS}
    shown = send(office, change, seen_on=change, **settled)
    seen = shown.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    version = shown.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    done = send(office, change, seen_on=change, seen=seen, version=version, **settled)
    assert done.status_code == 302
    assert "Romanian" in browser.get(path).text
