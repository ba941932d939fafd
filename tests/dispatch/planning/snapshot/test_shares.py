"""Who has had how much of the work, and how much would be fair."""

import pytest

from dispatch.planning.snapshot.shares import Person, Share, shares

HALF, WHOLE = 1200, 2400
ROMANIAN, BOTH = frozenset({"ro"}), frozenset({"ro", "uk"})


def test_what_is_asked_and_given_in_a_language_is_shared_among_those_who_speak_it() -> None:
    people = {1: Person(WHOLE, ROMANIAN), 2: Person(WHOLE, ROMANIAN), 3: Person(WHOLE, BOTH)}
    given = [(1, "ro", 300), (3, "uk", 90)]
    assert shares(people, given, {"ro": 60, "uk": 30}) == {
        1: Share(300, 120),
        2: Share(0, 120),
        3: Share(90, 240),
    }


def test_who_offers_half_the_hours_has_half_the_share() -> None:
    people = {1: Person(WHOLE, ROMANIAN), 2: Person(HALF, ROMANIAN)}
    assert [one.fair for one in shares(people, [], {"ro": 180}).values()] == [120, 60]


def test_work_of_others_and_languages_nobody_speaks_give_nobody_a_share() -> None:
    people = {1: Person(WHOLE, ROMANIAN), 2: Person(0, frozenset({"uk"}))}
    given = [(9, "ro", 500)]
    assert shares(people, given, {"uk": 60, "el": 60}) == {1: Share(0, 0), 2: Share(0, 0)}


@pytest.mark.parametrize(
    ("share", "most", "limit"),
    [
        (Share(given=300, fair=200), 480, 200),
        (Share(given=100, fair=200), 480, None),
        (Share(given=100, fair=200), 960, 880),
    ],
)
def test_beyond_the_share_every_minute_counts_and_below_it_twice_the_share_and_a_day_are_left(
    share: Share, most: int, limit: int | None
) -> None:
    assert share.limit(most) == limit
