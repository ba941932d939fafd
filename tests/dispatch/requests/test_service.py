"""Asking for an interpreter."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Forbidden, Refusal, Several
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.requests import importing, queries, service, taking, waiting
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import cast, factories
from tests.conftest import FrozenClock
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
HEADING = "language,site,day,start,duration,setting"


def refused_codes(**asked: object) -> set[str]:
    with pytest.raises(Several) as refused, transaction():
        factories.asked(**asked)  # type: ignore[arg-type]
    return {refusal.code for refusal in refused.value.refusals}


def test_what_was_asked_gets_a_number_and_is_written_down() -> None:
    with transaction():
        interpretation_request = factories.asked()
    assert re.fullmatch(r"DO-2027-[0-9A-Z]{6}", interpretation_request.reference)
    assert interpretation_request.state == RequestState.OPEN
    entries = ledger.history(Concerning(interpretation_request=interpretation_request.id))
    assert [entry.kind for entry in entries] == ["request.submitted"]


def test_a_number_tells_nobody_how_many_requests_there_are() -> None:
    with transaction():
        numbers = [factories.asked().reference for _ in range(20)]
    assert len(set(numbers)) == 20
    assert numbers != sorted(numbers)


def test_the_year_of_a_number_is_the_citys() -> None:
    new_year = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    with transaction():
        asked = factories.asked(start=datetime(2028, 1, 10, 10, 0), now=new_year)
    assert asked.reference.startswith("DO-2028-")


def test_the_time_is_kept_as_instant_zone_and_wall_time() -> None:
    with transaction():
        interpretation_request = factories.asked()
    assert interpretation_request.starts_at.isoformat() == "2027-03-02T09:00:00+00:00"
    assert interpretation_request.wall_start == "2027-03-02T10:00"
    assert interpretation_request.time_zone == "Europe/Berlin"


def test_everything_wrong_is_named_at_once() -> None:
    assert refused_codes(
        language="tlh", start=datetime(2027, 2, 1, 10, 0), minutes=0, interpreters=50
    ) == {
        "unknown-language",
        "start-in-the-past",
        "end-before-start",
        "interpreter-count-out-of-range",
    }


def test_a_macrolanguage_asks_for_the_variety() -> None:
    assert refused_codes(language="ku") == {"macrolanguage"}


def test_a_time_in_the_gap_is_refused() -> None:
    assert refused_codes(start=datetime(2027, 3, 28, 2, 30)) == {"local-time-does-not-exist"}


def test_a_doubled_time_is_refused_until_it_is_said_which() -> None:
    assert refused_codes(start=datetime(2027, 10, 31, 2, 30)) == {"local-time-exists-twice"}


def test_an_unknown_site_is_refused() -> None:
    caseworker = factories.account(of=factories.organisation())
    asked = RequestDetails("ro", 999, factories.TOMORROW_TEN, 60, "school", is_urgent=True)
    with pytest.raises(Several) as refused:
        service.submit(caseworker.actor, caseworker, asked, now=NOW)
    assert [refusal.field for refusal in refused.value.refusals] == ["site"]


def test_only_members_of_an_organisation_ask() -> None:
    nobody = factories.account("auditor")
    with pytest.raises(Forbidden):
        factories.asked(by=nobody)


def ask_twice(*, minutes_later: int, by_stranger: bool = False) -> None:
    place, people = factories.site(), cast.assemble()
    first = factories.TOMORROW_TEN
    second = first + timedelta(minutes=minutes_later)
    asks = people.stranger if by_stranger else people.team_mate
    with transaction():
        factories.asked(by=people.caseworker, at=place, start=first)
        asked = RequestDetails("ro", place.id, second, 60, "school", is_urgent=True)
        service.submit(asks.actor, asks, asked, now=NOW)


def test_the_same_once_more_is_asked_about_with_who_asked_and_when() -> None:
    with pytest.raises(Conflict) as refused:
        ask_twice(minutes_later=30)
    assert refused.value.code == "asked-already"
    assert re.fullmatch(
        r"Anna Beispiel asked for this on Mon, 1 Mar, 09:00 \(DO-\S+\); really a second one\?",
        str(refused.value),
    )


def test_another_hour_is_another_request() -> None:
    ask_twice(minutes_later=60)


def test_what_another_organisation_asked_for_is_not_told() -> None:
    ask_twice(minutes_later=0, by_stranger=True)


def test_what_was_cancelled_can_be_asked_for_again(frozen_clock: FrozenClock) -> None:
    place, caseworker = factories.site(), cast.assemble().caseworker
    with transaction():
        first = factories.asked(by=caseworker, at=place)
        service.change_state(caseworker.actor, first, RequestState.CANCELLED, now=NOW)
        asked = RequestDetails("ro", place.id, factories.TOMORROW_TEN, 60, "school", is_urgent=True)
        service.submit(caseworker.actor, caseworker, asked, now=NOW)


def test_of_ten_that_ask_for_the_same_at_once_one_is_taken(app: Flask) -> None:
    place, caseworker = factories.site(), cast.assemble().caseworker
    together = Barrier(10, timeout=60)

    def ask(_number: int) -> str:
        with app.app_context():
            asked = RequestDetails(
                "ro", place.id, factories.TOMORROW_TEN, 60, "school", is_urgent=True
            )
            account = db.session.merge(caseworker)
            together.wait()
            try:
                with transaction():
                    service.submit(account.actor, account, asked, now=NOW)
            except Conflict as refused:
                return refused.code
            return "taken"

    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(ask, range(10)))
    assert outcomes == ["asked-already"] * 9 + ["taken"]


def test_what_belongs_to_another_organisation_is_not_in_any_list() -> None:
    people = cast.assemble()
    with transaction():
        factories.asked(by=people.caseworker)
    assert len(queries.coming(people.team_mate, NOW, most=8)) == 1
    assert queries.coming(people.stranger, NOW, most=8) == []
    assert len(queries.coming(people.coordinator, NOW, most=8)) == 1


def test_an_open_request_whose_time_has_passed_is_unfilled(frozen_clock: FrozenClock) -> None:
    with transaction():
        interpretation_request = factories.asked()
    later = frozen_clock.advance(days=2)
    assert waiting.past_due(later) == [interpretation_request.id]
    with transaction():
        waiting.close_past(interpretation_request.id, now=later)
    assert interpretation_request.state == RequestState.UNFILLED
    assert [one.recipient for one in written("not_filled")] == [
        interpretation_request.account.email
    ]


def test_a_team_of_which_somebody_came_is_not_unfilled(frozen_clock: FrozenClock) -> None:
    with transaction():
        interpretation_request = factories.asked(interpreters=2)
        factories.coming(interpretation_request, factories.interpreter())
    later = frozen_clock.advance(days=2)
    with transaction():
        waiting.close_past(interpretation_request.id, now=later)
    assert interpretation_request.state == RequestState.FILLED
    assert len(written("not_filled")) == 1


def test_those_who_asked_hear_of_what_is_still_open_at_the_time_they_were_promised(
    frozen_clock: FrozenClock,
) -> None:
    with transaction():
        start = factories.hours_later(factories.TOMORROW_TEN, 8 * 24)
        interpretation_request = factories.asked(start=start)
    assert written("request_received")
    due = interpretation_request.next_word_at
    assert due is not None
    assert waiting.words_due(due - timedelta(seconds=1)) == []
    frozen_clock.move_to(due)
    assert waiting.words_due(due) == [interpretation_request.id]
    for _ in range(2):
        with transaction():
            waiting.say_still_open(interpretation_request.id, now=due)
    assert len(written("still_open")) == 1


def load(text: str | bytes, by: Account | None = None, again: bool = False) -> taking.Taken:
    account = by or cast.assemble().caseworker
    content = text if isinstance(text, bytes) else text.encode()
    checked = importing.read(account, content, now=NOW)
    with transaction():
        return taking.store(checked, now=NOW, again=again)


def new_of(taken: taking.Taken) -> list[InterpretationRequest]:
    return [db.session.get_one(InterpretationRequest, id_) for id_ in taken.ids]


def row(language: str = "ro", start: str = "10:00") -> str:
    number = factories.site().register_number
    db.session.commit()
    return f"{language},{number},2027-03-09,{start},60,school"


def stored() -> int:
    counted = sa.select(sa.func.count()).select_from(InterpretationRequest)
    return db.session.scalar(counted) or 0


def test_a_file_becomes_requests() -> None:
    taken = load("\n".join([HEADING, row(), row()]))
    assert [known.state for known in new_of(taken)] == ["open", "open"]
    for known in new_of(taken):
        history = ledger.history(Concerning(interpretation_request=known.id))
        assert [change.kind for change in history] == ["request.submitted"]


def test_one_bad_row_keeps_all_out_and_is_named() -> None:
    with pytest.raises(Several) as refused:
        load("\n".join([HEADING, row(), row(language="tlh"), row(start="25:00")]))
    texts = [str(refusal.text) for refusal in refused.value.refusals]
    assert [text.split(",")[0] for text in texts] == ["Row 3", "Row 4"]
    assert stored() == 0


def test_every_wrong_cell_of_a_row_is_named_and_what_follows_from_it_is_not() -> None:
    with pytest.raises(Several) as refused:
        load(
            "\n".join([f"{HEADING},interpreters", "tlh,nowhere,31.2.2027,25:00,sixty,circus,none"])
        )
    columns = [str(refusal.text).split(": ")[0] for refusal in refused.value.refusals]
    assert sorted(columns) == [
        f"Row 2, {name}"
        for name in ("day", "duration", "interpreters", "language", "setting", "site", "start")
    ]


def test_a_past_start_and_a_wrong_number_are_named_together() -> None:
    known = row().replace("2027-03-09", "2026-03-09").replace(",60,", ",sixty,")
    with pytest.raises(Several) as refused:
        load(f"{HEADING}\n{known}")
    assert {one.code for one in refused.value.refusals} == {
        "start-in-the-past",
        "cell-not-a-whole-number",
    }


def test_the_same_file_again_names_its_rows_and_takes_only_what_is_new() -> None:
    caseworker = cast.assemble().caseworker
    known = [HEADING, row(), row()]
    first = load("\n".join(known), caseworker)
    again = load("\n".join([*known, row()]), caseworker)
    assert len(new_of(again)) == 1
    assert again.there == [
        f"Row {number} is there already: {asked.reference}, asked for on Mon, 1 Mar, 09:00."
        for number, asked in enumerate(new_of(first), 2)
    ]
    assert stored() == 3


def test_whoever_means_a_second_one_says_so_in_the_file_or_for_all_of_it() -> None:
    caseworker, known = cast.assemble().caseworker, row()
    load(f"{HEADING}\n{known}", caseworker)
    assert len(load(f"{HEADING},nochmals\n{known},ja", caseworker).ids) == 1
    assert len(load(f"{HEADING}\n{known}\n{known}", caseworker, again=True).ids) == 2
    assert stored() == 4


def test_a_row_that_says_the_same_as_another_of_its_file_is_named() -> None:
    known = row()
    taken = load("\n".join([HEADING, known, known]))
    assert len(new_of(taken)) == 1
    assert taken.there == ["Row 3 says the same as row 2."]


def test_two_talks_at_one_place_and_time_in_one_file_are_two() -> None:
    known = row()
    taken = load("\n".join([f"{HEADING},room", f"{known},1", f"{known},2"]))
    assert len(new_of(taken)) == 2


def test_what_a_german_spreadsheet_writes_becomes_requests() -> None:
    number = factories.site().register_number
    db.session.commit()
    taken = load(
        "sep=;\r\nSprache;Kennung;Termin;Beginn;Dauer;Bereich;Hinweise;;\r\n"
        f"Rumänisch;{number};09.03.27;9.30 Uhr;60,0;Schule;-bitte klingeln für Müller;;\r\n"
        ";;;;;;;;\r\n".encode("cp1252")
    )
    [asked] = new_of(taken)
    assert (asked.wall_start, asked.note) == ("2027-03-09T09:30", "-bitte klingeln für Müller")
    assert (asked.language, asked.duration_minutes, asked.setting) == ("ro", 60, "school")


def test_reading_a_file_keeps_nobody_from_writing(app: Flask) -> None:
    caseworker, known = cast.assemble().caseworker, row()
    importing.read(caseworker, f"{HEADING}\n{known}".encode(), now=NOW)
    with app.app_context(), transaction():
        factories.asked()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"{HEADING}\n".encode() + b"gr\x81", "wrong-encoding"),
        (b"language,day,start,duration,setting\nro,2027-03-02,10:00,60,school", "wrong-columns"),
        (HEADING.encode(), "no-rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_is_wrong(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(content)
    assert refused.value.code == code
