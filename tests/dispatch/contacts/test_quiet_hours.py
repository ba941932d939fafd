"""On no minute of the days around a change of clocks does an SMS go out while somebody rests."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.cities import named
from dispatch.messaging import rules

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANGES = (date(2027, 3, 28), date(2027, 10, 31))


@pytest.mark.parametrize("city_name", ["dortmund", "athens"])
@pytest.mark.parametrize("day", CHANGES, ids=str)
@pytest.mark.parametrize(
    "quiet",
    # from evening to morning, until a time that does not exist or exists twice, within the change
    ["21:00-07:00", "22:00-02:30", "23:30-03:30", "02:15-06:00", "01:00-04:00"],
)
def test_what_can_wait_goes_at_the_first_minute_after_the_rest(
    city_name: str, day: date, quiet: str
) -> None:
    city = named(city_name)
    begin, end = map(time.fromisoformat, quiet.split("-"))

    def rests(instant: datetime) -> bool:
        at = instant.astimezone(ZoneInfo(city.zone_name)).time()
        return begin <= at < end if begin < end else at >= begin or at < end

    before = datetime.combine(day, time(), UTC) - 12 * HOUR
    for minutes in range(36 * 60):
        at = before + minutes * MINUTE
        out = rules.quiet_until(quiet, None, at, city, urgent=False)
        assert not rests(out), (at, out)
        # a rest that ends at a time that does not exist may end with the hour that is left out
        assert out == at or rests(out - MINUTE) or rests(out - HOUR), (at, out)
        assert out - at <= 12 * HOUR, (at, out)
