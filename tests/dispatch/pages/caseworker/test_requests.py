"""Asking on the page: what is wrong is said at its field, what was typed stays, nothing is kept."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import cast, factories
from tests.browsing import TOKEN, send, sign_in

pytestmark = pytest.mark.usefixtures("frozen_clock")
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Desk:
    """A caseworker at her screen, with one site in the register."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            people = cast.assemble()
            with transaction():
                self.site = factories.site()
        self.client: FlaskClient = sign_in(app, people.caseworker)

    def ask(self, **changed: str) -> TestResponse:
        filled = {
            "language": "ro",
            "site": str(self.site.id),
            "day": "2027-03-02",
            "start": "10:00",
            "duration": "60",
            "setting": "school",
            "interpreter_count": "1",
            "note": "Bring the blue forms",
            "case_reference": "AZ-7",
            "is_urgent": "y",
            **changed,
        }
        return send(self.client, "/requests/new", seen_on="/requests/new", **filled)

    def bring(self, content: bytes, name: str = "requests.csv") -> TestResponse:
        file = (io.BytesIO(content), name)
        return send(self.client, "/requests/import", seen_on="/requests/import", file=file)

    def stored(self) -> list[InterpretationRequest]:
        with self.app.app_context():
            return list(db.session.scalars(sa.select(InterpretationRequest)))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_what_is_right_is_stored_and_answered_with_its_number(desk: Desk) -> None:
    answer = desk.ask()
    assert answer.status_code == 302
    assert desk.stored()[0].reference in desk.client.get(answer.location).text
    assert [asked.note for asked in desk.stored()] == ["Bring the blue forms"]


@sqlite_only
def test_wishes_and_legal_consequences_are_kept_shown_and_filled_in_again(desk: Desk) -> None:
    answer = desk.ask(
        gender_wished="female",
        level_required="4",
        is_signed="y",
        ways="video",
        second_way="on_site",
    )
    page = unescape(desk.client.get(answer.location).text)
    for words in (
        "by video; on site if nobody is found",
        "A woman",
        "4 – very sure",
        "Somebody signs or declares something binding",
        "no volunteers",
    ):
        assert words in page
    form = desk.client.get(f"{answer.location}/change").text
    assert re.search(r'<option selected value="female">', form)
    assert re.search(r'checked[^>]*name="is_signed"|name="is_signed"[^>]*checked', form)
    assert '<details class="group kern-level-2" open>' in form


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"language": "tlh"}, "There is no language “tlh” in the list; choose one from it"),
        ({"language": "Rumaenisch"}, "such as: Romanian (ro)"),
        ({"language": "ku"}, "“Kurdish” is a group of languages"),
        ({"language": ""}, "Language: Choose the language."),
        ({"site": "999999"}, "This site is not in the register; search for it by name or street."),
        ({"site": "²"}, "This site is not in the register"),
        ({"site": "9" * 5000}, "This site is not in the register"),
        ({"site": ""}, "Choose the site."),
        ({"duration": "0"}, "The end is not after the start; choose a duration"),
        ({"duration": "-60"}, "The end is not after the start; choose a duration"),
        ({"duration": "90000"}, "A talk lasts between 15 and 600 minutes; split a longer one."),
        ({"duration": ""}, "Duration in minutes: Please fill this in."),
        ({"day": "2027-02-26"}, "The start has passed already; choose a time"),
        ({"day": "2029-03-02"}, "The start is more than a year ahead"),
        ({"day": "0001-01-01", "start": "00:00"}, "The year 1 is not plausible; give a day from"),
        ({"day": "tomorrow"}, "Day: Give the day as a date."),
        ({"day": "2027-02-30"}, "Day: Give the day as a date."),
        ({"start": "25:00"}, "Start time: Give the start as a time, such as 09:30."),
        ({"start": ""}, "Start time: Give the start as a time, such as 09:30."),
        ({"day": "2027-03-28", "start": "02:30"}, "the clocks go forward and 02:30 does not exist"),
        ({"interpreter_count": "0"}, "Ask for 1 to 10 interpreters."),
        ({"interpreter_count": "50"}, "Ask for 1 to 10 interpreters."),
        ({"interpreter_count": "two"}, "Number of interpreters: Give a number from 1 to 10."),
        ({"interpreter_count": "9" * 5000}, "Give a number from 1 to 10."),
        ({"setting": "circus"}, "“circus” is not known here; the choices are school"),
        ({"setting": ""}, "Choose the setting of the talk."),
        ({"gender_required": "blue"}, "“blue” is not known here; the choices are female"),
        ({"qualification_required": "wizard"}, "“wizard” is not known here; the choices are"),
        ({"level_wished": "9"}, "A level of language lies between 1 and 5."),
        (
            {"only_same_person": "y", "case_reference": ""},
            "Give the reference of the case the same person came to",
        ),
        ({"case_reference": "x" * 41}, "40 characters are the most; shorten the text."),
        ({"note": "x" * 501}, "The note has 501 characters; 500 are the most."),
    ],
)
@sqlite_only
def test_bad_input_gets_a_sentence_at_its_field_and_nothing_is_stored(
    desk: Desk, changed: dict[str, str], sentence: str
) -> None:
    answer = desk.ask(**{"note": "Bring the blue forms", **changed})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in page
    assert 'role="alert"' in page
    kept = {"case_reference": "AZ-7", "note": "Bring the blue forms", **changed}
    assert kept["case_reference"] in page
    assert kept["note"] in page
    assert desk.stored() == []


@sqlite_only
def test_everything_the_rules_refuse_is_named_at_once(desk: Desk) -> None:
    page = unescape(desk.ask(language="ku", day="2027-02-26", interpreter_count="50").text)
    for sentence in ("is a group of languages", "has passed already", "Ask for 1 to 10"):
        assert sentence in page


@pytest.mark.parametrize(
    ("occurrence", "instant"),
    [("first", "2027-10-31T00:30:00+00:00"), ("second", "2027-10-31T01:30:00+00:00")],
)
@sqlite_only
def test_a_time_that_exists_twice_is_asked_back_and_either_can_be_meant(
    desk: Desk, occurrence: str, instant: str
) -> None:
    asked_back = desk.ask(day="2027-10-31", start="02:30")
    assert asked_back.status_code == 422
    assert "02:30 exists twice" in asked_back.text
    assert 'name="occurrence"' in asked_back.text
    assert desk.stored() == []
    assert desk.ask(day="2027-10-31", start="02:30", occurrence=occurrence).status_code == 302
    assert [asked.starts_at.isoformat() for asked in desk.stored()] == [instant]


def test_a_character_no_database_keeps_is_refused(desk: Desk) -> None:
    answer = desk.ask(note="forms\x00")
    assert answer.status_code == 422
    assert "such as NUL" in answer.text
    assert desk.stored() == []


@sqlite_only
def test_the_page_warns_of_names_where_names_could_be_typed(desk: Desk) -> None:
    page = desk.client.get("/requests/new").text
    assert "Your own number for the case. Never a name." in page
    assert "Nothing that tells who the client is." in page


@sqlite_only
def test_a_language_by_its_iso_code_is_kept_as_the_table_has_it(desk: Desk) -> None:
    assert desk.ask(language="RON").status_code == 302
    assert [asked.language for asked in desk.stored()] == ["ro"]


def test_twenty_who_ask_at_the_same_moment_get_twenty_numbers(desk: Desk) -> None:
    token = TOKEN.search(desk.client.get("/requests/new").text).group(1)  # type: ignore[union-attr]
    cookie = desk.client.get_cookie("dragoman")
    assert cookie
    together = Barrier(20)

    def ask(number: int) -> int:
        client = desk.app.test_client()
        client.set_cookie("dragoman", cookie.value)
        together.wait()
        form = {
            "csrf_token": token, "language": "ro", "site": desk.site.id, "day": "2027-03-02",
            "start": f"{number:02}:00", "duration": "60", "setting": "school",
            "interpreter_count": "1", "is_urgent": "y",
        }  # fmt: skip
        return client.post("/requests/new", data=form).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(ask, range(20))) == {302}
    assert len({asked.reference for asked in desk.stored()}) == 20


@sqlite_only
def test_the_same_once_more_is_a_question_that_keeps_what_was_typed(desk: Desk) -> None:
    desk.ask()
    asked_back = desk.ask(note="Bring the red forms")
    page = unescape(asked_back.text)
    assert asked_back.status_code == 422
    assert "Anna Beispiel asked for this on Mon, 1 Mar, 09:00 (DO-" in page
    assert "Yes, a second one is meant" in page
    assert "Bring the red forms" in page
    assert len(desk.stored()) == 1
    assert desk.ask(note="Bring the red forms", again="y").status_code == 302
    assert len(desk.stored()) == 2


@sqlite_only
def test_nobody_is_asked_about_a_second_one_before_there_is_a_first(desk: Desk) -> None:
    assert "a second one" not in desk.client.get("/requests/new").text


@sqlite_only
def test_a_long_note_is_refused_with_the_limit_and_comes_back_whole(desk: Desk) -> None:
    pasted = "Please bring the forms. " * 125
    answer = desk.ask(note=pasted)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "The note has 3000 characters; 500 are the most." in page
    assert pasted.strip() in page
    assert desk.stored() == []


@sqlite_only
def test_no_field_cuts_what_is_pasted_and_the_room_is_said_beforehand(desk: Desk) -> None:
    page = desk.client.get("/requests/new").text
    assert "maxlength" not in page
    assert "At most 500 characters" in page


@sqlite_only
def test_a_line_break_is_one_character_whatever_the_browser_sends(desk: Desk) -> None:
    assert desk.ask(note="a\r\n" * 250).status_code == 302


HEADING = "language,site,day,start,duration,setting"


@sqlite_only
def test_a_file_is_taken_over_on_the_page(desk: Desk) -> None:
    row = f"ro,{desk.site.register_number},2027-03-09,10:00,60,school"
    later = row.replace("10:00", "12:00")
    assert desk.bring(f"{HEADING}\n{row}\n{later}\n".encode()).status_code == 302
    assert len(desk.stored()) == 2


@sqlite_only
def test_the_same_file_again_is_answered_with_what_is_there(desk: Desk) -> None:
    file = f"{HEADING}\nro,{desk.site.register_number},2027-03-09,10:00,60,school".encode()
    desk.bring(file)
    assert desk.bring(file).status_code == 302
    page = unescape(desk.client.get("/requests").text)
    assert "0 requests were taken over." in page
    assert "Row 2 is there already: DO-2027-" in page
    assert len(desk.stored()) == 1


@sqlite_only
def test_how_large_a_file_may_be_is_said_beforehand(desk: Desk) -> None:
    assert "one megabyte and 10,000 rows" in desk.client.get("/requests/import").text


@sqlite_only
def test_every_bad_row_is_named_on_the_page_and_the_good_one_is_not_kept(desk: Desk) -> None:
    number = desk.site.register_number
    rows = [
        HEADING,
        f"ro,{number},2027-03-09,10:00,60,school",
        f"tlh,{number},2027-03-09,10:00,60,school",
        f"ro,{number},2027-03-09,10:00,0,school",
    ]
    answer = desk.bring("\n".join(rows).encode())
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Row 3, language: There is no language “tlh”" in page
    assert "Row 4, duration: “0” is not a whole number from 15 to 600." in page
    assert desk.stored() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The heading must name each of these columns once"),
        ("größer".encode() + b"\xfc", "The file is not in UTF-8"),
        (b"language,site\n", "Missing: day (Tag), start (Beginn), duration (Dauer),"),
        (b"PK\x03\x04nonsense", "The file is packed but not XLSX"),
    ],
)
@sqlite_only
def test_a_file_that_cannot_be_read_is_refused_on_the_page(
    desk: Desk, content: bytes, sentence: str
) -> None:
    answer = desk.bring(content)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert desk.stored() == []


@sqlite_only
def test_no_file_at_all_is_asked_for(desk: Desk) -> None:
    answer = send(desk.client, "/requests/import", seen_on="/requests/import")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_the_list_says_who_comes_who_is_asked_and_where_nobody_is_yet(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        mira, ana = factories.interpreter("ro"), factories.interpreter("ro", name="Ana")
        day = factories.TOMORROW_TEN
        team = factories.asked(by=caseworker, interpreters=2, case_reference="AZ-7")
        factories.coming(team, mira)
        waiting = factories.asked(by=caseworker, start=factories.hours_later(day, 3))
        offers.make(SYSTEM, waiting.id, ana.id, now=factories.NOW)
        factories.asked("tr", by=caseworker, start=factories.hours_later(day, 5))
        filled = factories.asked(by=caseworker, start=factories.hours_later(day, 7))
        factories.coming(filled, mira)
        declined = factories.asked(by=caseworker, start=factories.hours_later(day, 24))
        offer = offers.make(SYSTEM, declined.id, ana.id, now=factories.NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=factories.NOW)
        withdrawn = factories.asked(by=caseworker, start=factories.hours_later(day, 27))
        came = factories.coming(withdrawn, mira)
        cancellations.release(SYSTEM, came.id, reasons=Reasons(office="x"), now=factories.NOW)
    rows = sign_in(app, caseworker).get("/requests").text.split("<tr")[2:]
    no_yes = "asked; nobody comes so far"
    said = ("Mira", "somebody is asked", "nobody is asked yet", "Mira", no_yes, no_yes)
    for row, word in zip(rows, said, strict=True):
        assert word in row
    assert "1 of 2" in rows[0]
    assert "AZ-7" in rows[0]
    assert "Mira Beispiel" not in "".join(rows)


@sqlite_only
def test_without_javascript_the_only_one_that_was_typed_is_chosen_and_said_before_it_is_sent(
    desk: Desk,
) -> None:
    page = desk.ask(language="", named="Rumänisch", site="", q="friedensplatz")
    assert page.status_code == 422
    assert "Romanian is chosen for what you typed; send the form again" in page.text
    assert f"{desk.site.name} is chosen for what you typed" in unescape(page.text)
    assert re.search(r'name="language" value="ro" checked', page.text)
    assert re.search(rf'name="site" value="{desk.site.id}" checked', page.text)
    assert desk.stored() == []


@sqlite_only
def test_of_several_none_is_chosen_by_itself(desk: Desk) -> None:
    page = desk.ask(language="", named="Kurdisch").text
    assert "Language: Choose the language." in page
    assert 'name="language" value="kmr" ' in page.replace('value="kmr">', 'value="kmr" ')
    assert not re.search(r'name="language" value="\w+" checked', page)


@sqlite_only
def test_what_was_chosen_before_is_not_asked_for_when_something_else_is_typed(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        other = factories.site("Albert-Einstein-Realschule")
    page = desk.ask(named="Polnisch", q="albert einstein")
    assert page.status_code == 422
    assert "“Polnisch” is not what was chosen: choose again." in unescape(page.text)
    assert "“albert einstein” is not what was chosen: choose again." in unescape(page.text)
    assert 'name="language" value="pl"' in page.text
    assert f'name="site" value="{other.id}"' in page.text
    assert desk.stored() == []
    answer = desk.ask(language="pl", named="Polnisch", site=str(other.id), q="einstein")
    assert answer.status_code == 302
