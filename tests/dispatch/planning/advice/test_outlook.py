"""Whoever asks sees who could come at one start, how far they come and what it would cost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dispatch.availability.rules import Way
from dispatch.planning.advice.how_many import Stop, how_many
from dispatch.planning.advice.imagined import Wanted
from dispatch.planning.advice.outlook import Outlook, outlook
from tests import factories

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2027, 3, 2, 11, 0, tzinfo=UTC)
NOON_ON_THE_WALL = datetime(2027, 3, 2, 12, 0)
EVENING = datetime(2027, 3, 2, 20, 0, tzinfo=UTC)


SUBURB = (51.5600, 7.5500)


def paid(euros: int, name: str = "Mira") -> None:
    """Somebody of the language whose fee for an hour this is."""
    factories.interpreter("ro", name=name).fee_cents_per_hour = 100 * euros


def seen(at: datetime = TUESDAY_NOON, *, until: datetime | None = None, **more: object) -> Outlook:
    wanted = Wanted("ro", factories.site(), 60, **more)  # type: ignore[arg-type]
    return outlook(wanted, at, until or at, now=NOW)


@pytest.mark.usefixtures("session")
class TestOutlook:
    def test_it_says_how_many_could_come_and_from_what_to_what_it_would_cost(self) -> None:
        paid(30)
        paid(45, "Ana")
        found = seen()
        assert (found.count, found.is_enough) == (2, True)
        assert found.euros == (Decimal(30), Decimal(45))

    def test_a_team_costs_the_cheapest_of_it_to_the_dearest(self) -> None:
        for euros in (50, 30, 40):
            paid(euros, f"Ana {euros}")
        assert seen(interpreter_count=2).euros == (Decimal(70), Decimal(90))

    def test_the_way_is_what_it_adds_to_the_day(self) -> None:
        factories.interpreter("ro")
        factories.interpreter("ro", name="Ana", home=SUBURB)
        way = seen().way_minutes
        assert way is not None
        assert way[0] == 0, "lives beside it"
        assert way[1] > 10

    def test_whoever_takes_part_by_telephone_has_no_way(self) -> None:
        factories.interpreter("ro", home=SUBURB)
        found = seen(ways=(Way.TELEPHONE,))
        assert found.is_enough
        assert found.way_minutes is None

    def test_too_few_for_a_team_cost_nothing_yet(self) -> None:
        factories.interpreter("ro")
        found = seen(interpreter_count=2)
        assert (found.count, found.needed, found.euros, found.stop) == (1, 2, None, None)

    def test_where_nobody_could_it_says_what_keeps_most_away(self) -> None:
        assert seen().stop == Stop.NOBODY
        factories.interpreter("ro")
        assert seen(EVENING).stop == Stop.HOURS

    def test_who_comes_to_somebody_else_then_does_not_count(self) -> None:
        mira = factories.interpreter("ro")
        factories.coming(factories.asked(start=NOON_ON_THE_WALL), mira)
        assert seen().stop == Stop.TAKEN

    def test_in_a_window_whoever_could_come_at_one_of_its_starts_counts(self) -> None:
        mira = factories.interpreter("ro", hours=(8, 18))
        factories.coming(factories.asked(start=NOON_ON_THE_WALL), mira)
        assert seen(until=TUESDAY_NOON + timedelta(hours=4)).count == 1

    def test_once_it_is_asked_for_the_board_counts_the_same(self) -> None:
        for number, hours in enumerate(((7, 19), (7, 19), (13, 19))):
            factories.interpreter("ro", name=f"Ana {number}", hours=hours)
        could = seen().count
        asked = factories.asked(start=NOON_ON_THE_WALL)
        on_the_board = how_many(asked.day, asked.time_zone, now=NOW)[asked.id].count
        assert could == on_the_board == 2

    def test_a_team_needs_enough_at_one_start_of_a_window(self) -> None:
        factories.interpreter("ro", hours=(8, 14))
        factories.interpreter("ro", name="Ana", hours=(14, 19))
        found = seen(until=TUESDAY_NOON + timedelta(hours=5), interpreter_count=2)
        assert (found.count, found.is_enough) == (2, False)
