"""A related variety instead of the language asked for: by consent, where nobody else is found."""

from dataclasses import replace
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.rules import Via
from dispatch.cities import named
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import known_by_tag
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.seats import Wanted
from dispatch.planning.advice.candidates import able, candidates_page
from dispatch.planning.rounds import service as rounds
from dispatch.requests import importing
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DARI, FARSI = "prs", "pes"


def somebody(name: str, *languages: str) -> Interpreter:
    with transaction():
        return factories.interpreter(*languages, name=name)


def farsi(*, agrees: bool = True) -> InterpretationRequest:
    with transaction():
        return factories.asked(FARSI, accepts_varieties=agrees)


def able_in(one: InterpretationRequest) -> list[tuple[str, str | None]]:
    people = able(one, now=NOW)
    return [
        (db.session.get_one(Interpreter, id_).first_name, wanted.language)
        for id_, wanted in people.items()
    ]


def test_every_edge_of_a_city_joins_two_languages_of_the_table() -> None:
    for one in named("dortmund").substitutions:
        assert known_by_tag(one.asked), one
        assert known_by_tag(one.instead), one


@in_session
def test_without_consent_nobody_is_sent_who_speaks_another() -> None:
    dara = somebody("Dara", DARI)
    one = farsi(agrees=False)
    assert able_in(one) == []
    for ask in (offers.make, offers.assign):
        with pytest.raises(Conflict, match="was not asked for"), transaction():
            ask(SYSTEM, one.id, dara.id, Wanted(language=DARI), now=NOW)


@in_session
def test_with_consent_the_language_itself_comes_first_and_the_office_reads_what_it_is() -> None:
    somebody("Dara", DARI)
    somebody("Farah", FARSI)
    one = farsi()
    assert able_in(one) == [("Farah", FARSI), ("Dara", DARI)]
    page = candidates_page(one, NOW)
    assert page
    notes = {line.interpreter.first_name: line.note for line in page.lines}
    assert "Dari instead of Persian (Farsi), as those who ask agree" in notes["Dara"]
    assert "pronunciation and some words differ" in notes["Dara"]
    assert "instead of" not in notes["Farah"]


@in_session
def test_both_sides_read_which_it_is_when_the_other_one_is_asked_and_comes() -> None:
    somebody("Dara", DARI)
    one = farsi()
    with transaction():
        rounds.begin(SYSTEM, one.id, now=NOW)
    [offer] = queries.of_request(one.id)
    assert offer.language == DARI
    assert "Language: Dari (asked for was Persian (Farsi)" in written("offer")[0].body
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert "Dari (asked for was" in written("assignment_confirmed")[0].body
    assert "Dara interprets Dari, to which you agreed" in written("interpreter_found")[0].body


@in_session
def test_who_comes_for_the_other_one_leaves_when_the_consent_is_taken_back() -> None:
    dara, one = somebody("Dara", DARI), farsi()
    with transaction():
        offers.assign(SYSTEM, one.id, dara.id, Wanted(language=DARI), now=NOW)
    with transaction():
        without = replace(details_of(one), accepts_varieties=False)
        done = amendments.amend(SYSTEM, one.id, without, now=NOW)
    assert [each.fate for each in done.people] == ["leaves"]
    assert one.state == "open"


@on_sqlite
def test_the_form_names_the_pairs_and_so_may_a_file(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR)
        site = factories.site()
        number, site_id = site.register_number, str(site.id)
    browser, new = sign_in(app, kim), "/requests/new"
    assert "Dari → Persian (Farsi)" in unescape(browser.get(new).text)
    fields = {
        "language": FARSI, "site": site_id, "day": "2027-03-15", "start": "10:00",
        "duration": "60", "setting": "school", "interpreter_count": "1", "accepts_varieties": "y",
    }  # fmt: skip
    page = send(browser, new, seen_on=new, **fields).location
    assert "Will do as well" in sign_in(app, office).get(page).text
    with app.app_context():
        heading = "language,site,day,start,duration,setting,accepts_varieties"
        row = f"{FARSI},{number},2027-03-16,10:00,60,school,yes"
        [good] = importing.read(db.session.merge(kim), f"{heading}\n{row}\n".encode(), now=NOW)
        assert good.interpretation_request.languages == (FARSI, DARI)


@on_sqlite
def test_who_is_asked_reads_on_the_page_what_was_asked_for(app: Flask) -> None:
    with app.app_context():
        dara, one = somebody("Dara", DARI), farsi()
        with transaction():
            offers.make(SYSTEM, one.id, dara.id, Wanted(language=DARI), now=NOW)
        account = dara.account
    page = unescape(sign_in(app, account).get("/offers").text)
    assert "Dari (asked for was Persian (Farsi); those who ask agree)" in page
