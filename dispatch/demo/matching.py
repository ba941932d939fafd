"""Who of the pool could take what is asked for, while the days fill up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from dispatch.assignments.rules import Stop, minutes_short
from dispatch.demo.demand import Wish
from dispatch.interpreters import queries
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.travel.estimate import Mode, Point, minutes


class Matching:
    """The pool and what its days hold so far."""

    def __init__(self, pool: Sequence[Interpreter], zone_name: str) -> None:
        self._speakers: dict[str, list[Interpreter]] = defaultdict(list)
        for one in pool:
            for spoken in one.working_languages:
                self._speakers[spoken.tag].append(one)
        self.zone_name = zone_name
        self._days: dict[tuple[int, date], list[Stop]] = defaultdict(list)

    def qualified(self, wish: Wish) -> list[Interpreter]:
        """Return who speaks the language and is what the request asks for."""
        return [one for one in self._speakers[wish.language] if _is_qualified(one, wish)]

    def able(self, wish: Wish) -> list[Interpreter]:
        """Return the qualified who are free then, the way from and to home included."""
        return [one for one in self.qualified(wish) if self._has_time(one, wish)]

    def take(self, interpreter: Interpreter, wish: Wish) -> None:
        """Put the talk into somebody's day."""
        self._days[interpreter.id, wish.day].append(_stop(wish))

    def _has_time(self, interpreter: Interpreter, wish: Wish) -> bool:
        working = queries.availability(interpreter, wish.day, self.zone_name)
        new, mode = _stop(wish), Mode(interpreter.travel_mode)
        home = Point(interpreter.home_latitude, interpreter.home_longitude)
        way = minutes(home, new.point, mode)
        leave = wish.starts_at - timedelta(minutes=way + new.buffer_before_minutes)
        back = wish.ends_at + timedelta(minutes=way + new.buffer_after_minutes)
        return any(start <= leave and back <= end for start, end in working) and all(
            _fit(new, other, mode) for other in self._days[interpreter.id, wish.day]
        )


def _is_qualified(one: Interpreter, wish: Wish) -> bool:
    wanted = wish.qualification_required
    return wish.gender_required in {None, one.gender} and (
        wanted is None or queries.holds(one, Qualification(wanted), wish.day)
    )


def _fit(one: Stop, other: Stop, mode: Mode) -> bool:
    first, then = sorted((one, other), key=lambda stop: stop.starts_at)
    return minutes_short(first, then, minutes(first.point, then.point, mode)) <= 0


def _stop(wish: Wish) -> Stop:
    site = wish.site
    return Stop(
        wish.starts_at,
        wish.ends_at,
        Point(site.latitude, site.longitude),
        site.buffer_before_minutes,
        site.buffer_after_minutes,
    )
