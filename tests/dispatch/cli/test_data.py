"""Accounts, sites, interpreters and requests from the command line."""

import io
import sys
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from dispatch.settings import Settings
from tests.dispatch.cli.conftest import Dragoman, Outcome
from tests.dispatch.travel.engines import Valhalla, running
from tests.dispatch.travel.feeds import written

SITES = (
    "register_number,name,kind,address,district,latitude,longitude\n"
    "S-1,Nordmarktschule,school,Nordmarkt 18,Innenstadt-Nord,51.5257,7.4647\n"
)
INTERPRETERS = (
    "email;first_name;last_name;phone;home_postcode;home_latitude;home_longitude;travel_mode;"
    "employment;fee_per_hour;languages;qualifications;weekly_hours\n"
    "mira@example.org;Mira;Beispiel;+49 1522 8817386;44135;51.51;7.46;car;freelance;30.00;ro:4;;"
    "mon:08:00-18:00 tue:08:00-18:00\n"
)
HEADING = "language,site,day,start,duration,setting"
ROW = "ro,S-1,2027-03-02,10:00,60,school"
NOW = "2027-02-15T08:00Z"


class Office:
    """An installation with a site, an interpreter and a caseworker, filled by commands only."""

    def __init__(self, dragoman: Dragoman, installation: Settings, folder: Path) -> None:
        self.dragoman, self.installation, self.folder = dragoman, installation, folder
        self.do("organisation", "add", "--kind=school", "Schule")
        self.do("user", "add", "--role=caseworker", "--organisation=Schule", "--name=Anna",
                "anna@example.org")  # fmt: skip

    def do(self, *arguments: str | Path) -> Outcome:
        done = self.dragoman(*arguments, DRAGOMAN_NOW=NOW)
        assert (done.code, done.err) == (0, "")
        return done

    def bring(self, kind: str, content: str | bytes, *more: str) -> Outcome:
        file = self.folder / "file.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.dragoman(kind, "import", *more, file, DRAGOMAN_NOW=NOW)

    def ask(self, *rows: str) -> Outcome:
        return self.bring("requests", "\n".join((HEADING, *rows)), "--as", "anna@example.org")

    def count(self, table: str) -> int:
        engine = sa.create_engine(self.installation.database_url)
        with engine.connect() as connection:
            counted = connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))
        engine.dispose()
        return int(counted or 0)


@pytest.fixture
def office(dragoman: Dragoman, installation: Settings, tmp_path: Path) -> Office:
    return Office(dragoman, installation, tmp_path)


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_from_files_to_a_plan(office: Office) -> None:
    assert office.bring("sites", SITES).out == "1 site added, 0 changed.\n"
    assert office.bring("interpreters", INTERPRETERS).out == "1 interpreter taken over.\n"
    assert office.ask(ROW).out == "1 request taken over.\n"
    planned = office.do("plan", "--day", "2027-03-02")
    assert planned.out.startswith("Proposal 1: OPTIMAL, 1 of 1 filled, at most 1 possible, gap 0 %")
    as_json = office.do("plan", "--day", "2027-03-02", "--json")
    assert '"status": "OPTIMAL"' in as_json.out
    assert office.count("proposals") == 2
    assert office.count("offers") == 0


@one_database
def test_at_a_terminal_planning_tells_how_far_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.bring("sites", SITES)
    office.bring("interpreters", INTERPRETERS)
    office.ask(ROW)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    planned = office.dragoman("plan", "--day", "2027-03-02")
    assert "s  Filling requests by priority, gap 0 %" in planned.err
    assert planned.out.startswith("Proposal 1: OPTIMAL")


@one_database
def test_requests_come_as_xlsx_too_each_row_with_the_one_who_asks(office: Office) -> None:
    office.bring("sites", SITES)
    book = openpyxl.Workbook()
    book.active.append([*HEADING.split(","), "asked_by"])
    book.active.append(["ro", "S-1", "2027-03-02", "10:00", 60, "school", "anna@example.org"])
    packed = io.BytesIO()
    book.save(packed)
    taken = office.bring("requests", packed.getvalue())
    assert (taken.code, taken.out) == (0, "1 request taken over.\n")


@one_database
def test_without_as_the_file_has_to_say_who_asks(office: Office) -> None:
    office.bring("sites", SITES)
    refused = office.bring("requests", f"{HEADING}\n{ROW}\n")
    assert refused.code == 1
    assert "Missing: asked_by (Angefragt von)." in refused.err
    unknown = office.bring("requests", f"{HEADING},asked_by\n{ROW},nobody@example.org\n")
    assert unknown.code == 1
    assert unknown.err == (
        "Row 2, asked_by: There is no account for nobody@example.org; add one first.\n"
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ROW.replace("ro,", "tlh,"), "language: There is no language “tlh” in the list; choose"),
        (ROW.replace("ro,", "ku,"), "language: “Kurdish” is a group of languages whose speakers"),
        (ROW.replace("S-1", "S-9"), "site: “S-9” is no number in the register of sites; look it"),
        (ROW.replace(",60,", ",0,"), "duration: “0” is not a whole number from 15 to 600."),
        (ROW.replace(",60,", ",-60,"), "duration: “-60” is not a whole number from 15 to 600."),
        (ROW.replace(",60,", ",90000,"), "duration: “90000” is not a whole number from 15 to 600."),
        (ROW.replace(",60,", ",,"), "duration: the cell is empty; fill it in."),
        (ROW.replace("03-02", "02-02"), "start: The start has passed already; choose a time that"),
        (ROW.replace("2027-03-02", "0001-01-01"), "day: The year 1 is not plausible; give a day"),
        (ROW.replace("2027-03-02", "3/2/2027"), "day: “3/2/2027” is not a day; write it like"),
        (ROW.replace("10:00", "25:00"), "start: “25:00” is not a time; write it like 09:30."),
        ("ro,S-1,2027-03-28,02:30,60,school", "start: On 28.03.2027 the clocks go forward and"),
        ("ro,S-1,2027-10-31,02:30,60,school", "occurrence: On 31.10.2027 the clocks go back and"),
        (ROW.replace("school", "circus"), "setting: “circus” is not known here; the choices are"),
        (ROW.replace("school", "=1+1"), "setting: “=1+1” looks like a formula of a spreadsheet;"),
        (ROW + ",,x", "-: the row has 8 cells and the heading 6; put texts with a comma"),
    ],
)
@one_database
def test_a_bad_row_among_good_ones_is_named_and_nothing_is_stored(
    office: Office, row: str, sentence: str
) -> None:
    office.bring("sites", SITES)
    refused = office.ask(ROW, row, ROW)
    assert (refused.code, refused.out) == (1, "")
    [line] = refused.err.splitlines()
    assert line.startswith(f"Row 3, {sentence}")
    assert office.count("interpretation_requests") == 0


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("interpreters", "0", "interpreters: “0” is not a whole number from 1 to 10."),
        ("interpreters", "50", "interpreters: “50” is not a whole number from 1 to 10."),
        ("gender", "blue", "gender: “blue” is not known here; the choices are female, male"),
        ("qualification", "wizard", "qualification: “wizard” is not known here; the choices are"),
        (
            "occurrence",
            "third",
            "occurrence: “third” is not known here; write one of: first, secon",
        ),
        ("case_reference", "x" * 41, "case_reference: 40 characters are the most; shorten the tex"),
        ("note", "x" * 501, "note: The note has 501 characters; 500 are the most."),
        ("note", "x" * 3000, "note: The note has 3000 characters; 500 are the most."),
        ("room", "x" * 3000, "room: 60 characters are the most; shorten the text.\n"),
        ("video_link", "x" * 3000, "video_link: This is no link to a video talk; it begins with"),
        ("note", "@SUM(A1)", "note: “@SUM(A1)” looks like a formula of a spreadsheet; write the"),
        ("room", "a\tb", "room: The text holds a character that cannot be seen (U+0009)"),
    ],
)
@one_database
def test_a_bad_optional_cell_is_named_by_its_column(
    office: Office, column: str, cell: str, sentence: str
) -> None:
    office.bring("sites", SITES)
    content = f"{HEADING},{column}\n{ROW},{cell}\n"
    refused = office.bring("requests", content, "--as", "anna@example.org")
    assert refused.code == 1
    assert refused.err.startswith(f"Row 2, {sentence}")
    assert office.count("interpretation_requests") == 0


@one_database
def test_everything_wrong_in_a_row_is_named_line_by_line(office: Office) -> None:
    office.bring("sites", SITES)
    refused = office.ask("tlh,S-1,2027-02-02,10:00,60,circus")
    fields = [line.split(":")[0] for line in refused.err.splitlines()]
    assert fields == ["Row 2, setting", "Row 2, language", "Row 2, start"]


@pytest.mark.parametrize("kind", ["requests", "sites", "interpreters"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The heading must name each of these columns once: "),
        ("größer".encode() + b"\xfc", "The file is not in UTF-8 (first at byte 8); save it as"),
        (b"colour\nblue\n", "Unknown: colour."),
        (b"x" * 1_000_001, "A file may have one megabyte (an XLSX file twenty when unpacked)"),
    ],
)
@one_database
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    office: Office, kind: str, content: bytes, sentence: str
) -> None:
    as_anna = ["--as", "anna@example.org"] if kind == "requests" else []
    refused = office.bring(kind, content, *as_anna)
    assert (refused.code, refused.out) == (1, "")
    assert sentence in refused.err
    assert len(refused.err.splitlines()) == 1


@one_database
def test_a_link_is_printed_for_an_account_only(office: Office) -> None:
    link = office.do("sign-in-link", "ANNA@example.org").out
    assert link.startswith("http://127.0.0.1:8000/sign-in/link/")
    assert office.dragoman("sign-in-link", "nobody@example.org").code == 1


@one_database
def test_an_organisation_is_added_once(office: Office) -> None:
    again = office.dragoman("organisation", "add", "Schule")
    assert (again.code, again.err) == (1, "There is an organisation “Schule” already.\n")
    assert office.count("organisations") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--role=coordinator", "anna"), "“anna” is not one e-mail address; write one like"),
        (("--role=coordinator", "anna@example.org"), "There is an account for anna@example.org"),
        (
            ("--role=caseworker", "b@example.org"),
            "A role of an organisation (Caseworker): name which",
        ),
        (("--role=caseworker", "--organisation=Nowhere", "b@example.org"), "There is no organis"),
    ],
)
@one_database
def test_an_account_that_makes_no_sense_is_refused(
    office: Office, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = office.dragoman("user", "add", "--name=Kim", *arguments)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(sentence)
    assert office.count("accounts") == 1


@one_database
def test_days_are_planned_at_once_up_to_the_last_one(office: Office) -> None:
    office.bring("sites", SITES)
    office.bring("interpreters", INTERPRETERS)
    office.ask(ROW, ROW.replace("03-02", "03-08"))
    planned = office.do("plan", "--day", "2027-03-02", "--until", "2027-03-08")
    assert planned.out.startswith("Proposal 1: OPTIMAL, 2 of 2 filled")
    refused = office.dragoman("plan", "--day", "2027-03-02", "--until", "2027-03-01")
    assert (refused.code, refused.err) == (
        1, "The last day lies before the first one; choose a later day.\n",
    )  # fmt: skip


@one_database
def test_a_day_that_is_over_is_not_planned(office: Office) -> None:
    refused = office.dragoman("plan", "--day", "2026-12-31")
    said = "These days are over; choose today or a later day.\n"
    assert (refused.code, refused.err) == (1, said)


@one_database
def test_a_day_nobody_plans_is_refused(office: Office) -> None:
    refused = office.dragoman("plan", "--day", "0001-01-01")
    assert refused.code == 1
    assert refused.err == "The year 1 is not plausible; give a day from 2000 to 2999.\n"


def test_a_timetable_is_taken_over_or_refused_with_file_and_row(
    office: Office, tmp_path: Path
) -> None:
    office.bring("sites", SITES)
    timetable = written(tmp_path / "feed.zip")
    done = office.do("travel", "import", timetable)
    assert done.out == (
        "By public transport: timetable of Fri, 1 January 2027 (Verkehrsverbund Beispiel, "
        "2027-1), valid until 2027-12-31.\nWays are as on 2027-02-15.\n"
    )
    assert office.count("travel_rows") == 1
    written(timetable, stops=["stop_id,stop_lat,stop_lon", "hall,x,y"])
    refused = office.dragoman("travel", "import", timetable, DRAGOMAN_NOW=NOW)
    assert (refused.code, refused.err) == (
        1,
        "stops.txt, row 2: stop_lat and stop_lon are no degrees\n",
    )


@one_database
def test_ways_are_asked_of_the_routing_engine_or_it_is_named_as_away(office: Office) -> None:
    office.bring("sites", SITES)
    office.bring("interpreters", INTERPRETERS)
    refused = office.dragoman("travel", "fill", DRAGOMAN_NOW=NOW)
    assert refused.err == "There is no routing engine; name one in DRAGOMAN_ROUTING_URL.\n"
    with running(Valhalla) as engine:
        done = office.dragoman("travel", "fill", DRAGOMAN_NOW=NOW, DRAGOMAN_ROUTING_URL=engine.url)
    assert (done.out, done.err) == (f"by car: Valhalla at {engine.url}\n", "")
    assert office.count("travel_rows") == 2
    away = office.dragoman("travel", "fill", DRAGOMAN_NOW=NOW, DRAGOMAN_ROUTING_URL=engine.url)
    assert (away.code, away.out) == (1, "")
    assert away.err.startswith(f"{engine.url} does not answer")
