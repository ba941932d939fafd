"""What a change of a request means for each person, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.amendments import rules
from dispatch.amendments.rules import Demand, Fate
from dispatch.assignments.rules import Terms
from dispatch.errors import Conflict, Gone, Refusal

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEFORE = Demand(
    language="ro",
    site_id=1,
    starts_at=TEN,
    latest_start_at=TEN,
    duration_minutes=60,
    interpreter_count=1,
    gender_required=None,
    qualification_required=None,
    ways="on_site,video",
    video_link="",
    dial_in="",
    gender_wished=None,
    qualification_wished=None,
    level_required=None,
    level_wished=None,
    decides_on_rights=False,
    alone_because="",
    accepts_varieties=False,
    is_signed=False,
    only_same_person=False,
    language_in_words="",
    relay_allowed=False,
    handover_allowed=False,
    handover_minutes=None,
    setting="school",
    room="12",
    contact="Kim",
    note="",
    case_reference="",
    cost_centre="",
)
AGREED = Terms(seat=1, site_id=1, starts_at=TEN, ends_at=TEN + HOUR, language="ro")


def begins(at: datetime) -> Demand:
    return replace(BEFORE, starts_at=at, latest_start_at=at)


def fate(after: Demand, *, confirmed: bool = True, able: bool = True) -> Fate:
    names = rules.changed(BEFORE, after)
    wanted = rules.terms_after(AGREED, names, after)
    return rules.fate(AGREED, wanted, names, confirmed=confirmed, able=able)


@pytest.mark.parametrize(
    ("after", "means"),
    [
        (replace(BEFORE, room="14"), Fate.TOLD),
        (replace(BEFORE, contact="Sam"), Fate.TOLD),
        (replace(BEFORE, note="bring the form"), Fate.TOLD),
        (replace(BEFORE, cost_centre="4711"), Fate.UNTOUCHED),
        (replace(BEFORE, interpreter_count=2), Fate.UNTOUCHED),
        (replace(BEFORE, duration_minutes=45), Fate.TOLD),
        (replace(BEFORE, duration_minutes=90), Fate.ASKED_AGAIN),
        (begins(TEN + HOUR), Fate.ASKED_AGAIN),
        (replace(begins(TEN + HOUR / 2), duration_minutes=30), Fate.TOLD),
        (replace(BEFORE, site_id=2), Fate.ASKED_AGAIN),
        (replace(BEFORE, language="tr"), Fate.ASKED_AGAIN),
        (replace(BEFORE, ways="video,telephone"), Fate.ASKED_AGAIN),
        (replace(BEFORE, ways="video,on_site"), Fate.UNTOUCHED),
        (replace(BEFORE, video_link="https://video.example/1"), Fate.UNTOUCHED),
    ],
)
def test_who_has_said_yes_hears_of_it_or_is_asked_again(after: Demand, means: Fate) -> None:
    assert fate(after) == means


def test_who_has_not_answered_yet_is_asked_anew_about_terms_and_not_bothered_with_a_room() -> None:
    assert fate(replace(BEFORE, duration_minutes=45), confirmed=False) == Fate.ASKED_AGAIN
    assert fate(replace(BEFORE, room="14"), confirmed=False) == Fate.UNTOUCHED


def test_who_cannot_come_on_the_changed_terms_leaves() -> None:
    assert fate(begins(TEN + HOUR), able=False) == Fate.LEAVES


@given(
    st.integers(-240, 240), st.integers(15, 600), st.integers(1, 2), st.sampled_from(["ro", "tr"])
)
def test_nobody_is_taken_at_a_moment_a_place_or_a_language_they_did_not_agree_to(
    shift: int, duration: int, site: int, language: str
) -> None:
    after = replace(
        begins(TEN + timedelta(minutes=shift)),
        duration_minutes=duration,
        site_id=site,
        language=language,
    )
    wanted = rules.terms_after(AGREED, rules.changed(BEFORE, after), after)
    if fate(after) != Fate.ASKED_AGAIN:
        assert AGREED.starts_at <= wanted.starts_at < wanted.ends_at <= AGREED.ends_at
        assert (wanted.site_id, wanted.language) == (AGREED.site_id, AGREED.language)


def test_nothing_different_is_no_change() -> None:
    with pytest.raises(Refusal, match="Nothing is different"):
        rules.require_something(rules.changed(BEFORE, BEFORE))


def test_an_answer_to_earlier_terms_is_overtaken_whatever_it_says() -> None:
    with pytest.raises(Conflict) as refused:
        rules.require_answerable(2, 3, None, TEN, TEN - HOUR)
    assert refused.value.code == "overtaken"


def test_an_answer_at_the_deadline_comes_too_late() -> None:
    rules.require_answerable(2, 2, None, TEN, TEN - timedelta(seconds=1))
    with pytest.raises(Gone):
        rules.require_answerable(2, 2, None, TEN, TEN)
