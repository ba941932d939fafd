"""A long proposal in parts: some of its lines at a time, and what is so of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from dispatch.languages import rules as languages
from dispatch.planning.proposals.rules import Item
from dispatch.planning.proposals.since import Since, World
from dispatch.requests.sharing import Sharing
from dispatch.web.formats import duration
from dispatch.web.paging import Page, Turn, part_of

MOST_LINES = 100


@dataclass(frozen=True)
class Placed:
    """A line by its place in the proposal, counted from 1, with what has become of it."""

    id: int
    item: Item
    since: Since


@dataclass(frozen=True)
class Lines:
    """Some lines; of all lines how many were adopted and still can be, and which hold no more."""

    part: Page[Placed]
    count: int
    adopted: int
    no_longer: Sequence[Placed]
    adoptable: int
    people: int

    @property
    def is_whole(self) -> bool:
        """Whether all lines are among these."""
        return len(self.part.rows) == self.count


def lines_of(items: Sequence[Item], world: World, turn: Turn) -> Lines:
    """Return the lines of one part, from the turn on, and count what is so of all."""
    placed = [Placed(place, item, world.since(item)) for place, item in enumerate(items, 1)]
    return Lines(
        part_of(placed, turn, MOST_LINES),
        count=len(placed),
        adopted=sum(bool(one.since.offered) for one in placed),
        no_longer=[one for one in placed if one.since.stale is not None],
        adoptable=sum(one.since.can_be_adopted for one in placed),
        people=len({one.item.interpreter_id for one in placed if one.since.stale is None}),
    )


def shares(language: str, sharing: Sharing, chosen: str) -> str:
    """Return that somebody does a part of a talk that two are to share, and why this person."""
    if sharing.pivot is None:
        return _(
            "Handed over after %(after)s, because nobody has time for all of it. %(why)s",
            after=duration(sharing.after_minutes or 0),
            why=chosen,
        )
    sides = languages.sides(language, str(get_locale()))
    return _("By relay, %(languages)s. %(why)s", languages=sides, why=chosen)
