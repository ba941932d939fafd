"""Fair shares: how many minutes of service would be each interpreter's, from what is asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

PERIOD = timedelta(days=28)
"""How long before the days planned service counts; what somebody did earlier is forgotten."""

TOLERATED_SHARES, A_DAY_MINUTES = 2, 8 * 60


@dataclass(frozen=True)
class Person:
    """Somebody work is shared with: the hours offered a week, in minutes, and the languages."""

    minutes_offered: int
    languages: frozenset[str]


@dataclass(frozen=True)
class Share:
    """Minutes of service given in the period, and those that would be fair with what is asked."""

    given: int
    fair: int

    def limit(self, most: int) -> int | None:
        """Return beyond how many minutes work counts as unfair; None where `most` more never do.

        For who has more than the fair share already every further minute counts. Anybody else may
        come to twice the share and a day's work (decision 0012).
        """
        if self.given >= self.fair:
            return self.fair
        allowed = TOLERATED_SHARES * self.fair + A_DAY_MINUTES
        return allowed if self.given + most > allowed else None


def shares(
    people: Mapping[int, Person], given: Iterable[tuple[int, str, int]], wanted: Mapping[str, int]
) -> dict[int, Share]:
    """Return everybody's share, by id.

    `given` are pieces of service: who gave it, in which language, how many minutes; `wanted` are
    the minutes to be given, by language. The minutes of a language, given and wanted, are shared
    among those who speak it in proportion to the hours they offer.
    """
    demand, done = defaultdict(int, wanted), dict.fromkeys(people, 0)
    for id_, language, minutes in given:
        if id_ in people:
            demand[language] += minutes
            done[id_] += minutes
    offered: dict[str, int] = defaultdict(int)
    for person in people.values():
        for language in person.languages:
            offered[language] += person.minutes_offered
    return {
        id_: Share(
            done[id_],
            sum(
                demand[language] * person.minutes_offered // offered[language]
                for language in person.languages
                if offered[language]
            ),
        )
        for id_, person in people.items()
    }
