"""Two people at two boards of one day: whatever they do, both see what the database says.

A board draws itself anew only where it is told that something touched its day; here the boards do
the same. Twelve steps by default, 200 by `make test-all`.
"""

import os
import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from tests import factories
from tests.browsing import sign_in
from tests.factories import TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
STEPS = int(os.environ.get("DRAGOMAN_TEST_BOARD_STEPS", "12"))
PAGE = f"/day/{TOMORROW_TEN.date()}"
GRID = re.compile(r'<div class="board__grid.*?(?=<(?:aside|dialog|section|form))', re.DOTALL)
ROW, BLOCK = re.compile(r'id="p(\d+)" aria-labelledby'), re.compile(r'data-request="(\d+)"')
OF_A_BOARD = ("/board/", "/requests/", "/assignments/", "/offers/")
ASK_FIRST = ("release", "withdrawn", "cancel")
BECAUSE = "It was said on the telephone."


class Buttons(HTMLParser):
    """What the buttons of a page would send where, with what is chosen and a reason."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._action, self._fields = "", dict[str, str]()
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "form" and said.get("method") == "post":
            self._inside, self._action, self._fields = True, said["action"], {}
        elif tag == "button" and self._inside:
            pressed = {name: value} if name else {}
            self.found.append((said.get("formaction", self._action), self._fields | pressed))
        elif self._inside and name.startswith("reason"):
            self._fields[name] = BECAUSE
        elif self._inside and name and (said.get("type") == "hidden" or "checked" in said):
            self._fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


@dataclass
class Board:
    """A board somebody has open: what it shows, and the newest change it was drawn of."""

    browser: FlaskClient
    grid: str = ""
    newest: str = "0"
    done: list[str] = field(default_factory=list)

    def draw(self) -> None:
        """Draw the board anew, as after something one did oneself."""
        page = self.browser.get(PAGE).text
        [self.newest] = re.findall(r'data-newest="(\d+)"', page)
        [self.grid] = GRID.findall(page)

    def look(self) -> None:
        """Ask what is new, and draw anew only where that touches the day."""
        answer = self.browser.get(f"{PAGE}/changes?since={self.newest}")
        if answer.status_code == 200 and answer.json:
            if answer.json["touches"]:
                self.draw()
            self.newest = answer.json["newest"]

    @property
    def seats(self) -> set[tuple[int, int]]:
        """Who stands in whose row: interpreters and requests."""
        pieces = ROW.split(self.grid)
        rows = zip(pieces[1::2], pieces[2::2], strict=True)
        return {(int(who), int(job)) for who, row in rows for job in BLOCK.findall(row)}

    def act(self, chance: random.Random, jobs: list[int], people: list[int]) -> None:
        """Do one thing by chance: give, move, answer, pin, take back, release, cancel, undo."""
        job = chance.choice(jobs)
        panel = self.browser.get(f"/board/requests/{job}", headers={"HX-Request": "true"}).text
        asking = re.findall(rf'href="(/[^"]*/(?:{"|".join(ASK_FIRST)}))"', panel)
        give = [f"/board/requests/{job}/give/{chance.choice(people)}"]
        back = [f"/board/{chance.choice(['undo', 'undo', 'redo'])}"]
        moves = self._moves(panel, job, people, chance)
        ways = [[panel], give, give, moves, back, asking]
        page = chance.choice(chance.choice([way for way in ways if way]))
        text = self.browser.get(page).text if page.startswith("/") else page
        buttons = [one for one in Buttons(text).found if one[0].startswith(OF_A_BOARD)]
        if buttons:
            action, fields = chance.choice(buttons)
            answer = self.browser.post(action, data=fields)
            assert answer.status_code < 500, (action, answer.status_code)
            self.done.append(re.sub(r"\d+", "#", action))

    @staticmethod
    def _moves(panel: str, job: int, people: list[int], chance: random.Random) -> list[str]:
        held = re.findall(r'href="/assignments/(\d+)"', panel)
        to = chance.choice(people)
        return [f"/board/requests/{job}/give/{to}?kind=assignment&instead={one}" for one in held]


def test_both_end_with_the_picture_of_the_database(app: Flask) -> None:
    def another_request() -> int:
        hours = chance.choice((-2, -1, 0, 0.5, 2, 4))
        return factories.asked(by=caseworker, start=factories.hours_later(TOMORROW_TEN, hours)).id

    chance = random.Random(10)
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        people = [factories.interpreter("ro", name=name).id for name in ("Ada", "Bo", "Cem", "Dia")]
        jobs = [another_request() for _number in range(6)]
        two = [factories.account(Role.COORDINATOR, name=name) for name in ("Kim", "Lou")]
    boards = [Board(sign_in(app, one)) for one in two]
    for board in boards:
        board.draw()
    seen = {boards[0].grid}
    for step in range(STEPS):
        mine, other = chance.sample(boards, 2)
        if step % 7 == 6:
            with app.app_context(), transaction():
                jobs = [*jobs[-5:], another_request()]
        mine.act(chance, jobs, people)
        mine.draw()
        other.look()
        seen.add(mine.grid)
        assert mine.grid == other.grid, (step, mine.done[-1:])
        with app.app_context():
            held = db.session.execute(
                sa.select(Hold.interpreter_id, Hold.interpretation_request_id)
            )
            assert mine.seats == {tuple(row) for row in held}, (step, mine.done[-1:])
    assert len(seen) > STEPS / 3, "most of what they do changes the picture"
