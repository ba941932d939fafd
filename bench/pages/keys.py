"""How many keys it takes to ask for an interpreter, from opening the form to “sent”.

    python -m bench.pages.keys

A returning caseworker asks for the same site, setting and contact as before; a new one fills in all
that is needed. Every press counts, those of letters and of Tab alike.
Pages and browser are German; the field of a day has the order of Chromium's own language, and as
many digits in any.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

from bench.pages.browsing import Served, served
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories

MOST_RETURNING, MOST_NEW = 20, 45
ID = "() => document.activeElement.id || document.activeElement.name"
IS_TAKEN = "() => document.activeElement.matches('.picks :checked')"
NUMBER = "DO-2027-"


@dataclass
class Hand:
    """A hand on a keyboard that counts what it presses."""

    page: Page
    count: int = 0

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.count += 1

    def write(self, text: str) -> None:
        """Press the key of each letter."""
        self.page.keyboard.type(text)
        self.count += len(text)

    def take(self) -> None:
        """Take the first that was found, and go on to what is still empty."""
        self.press("Enter")
        self.page.wait_for_function(IS_TAKEN)
        self.press("Enter")

    def at(self, name: str) -> None:
        """Raise LookupError unless the focus is where one writes next."""
        here = self.page.evaluate(ID)
        if not here.startswith(name):
            raise LookupError(f"the focus is at {here}, not at {name}")


def main() -> None:
    """Ask as somebody new and as somebody who returns, and print how many keys it took."""
    with served() as here:
        with here.app.app_context(), transaction():
            factories.site("Grundschule Nord")
            asks = factories.account(of=factories.organisation(), locale="de")
            factories.interpreter("tr")
            factories.account(Role.COORDINATOR)
        page = here.signed_in(asks.id, "de-DE")
        print("| who | keys | at most |\n|--|--:|--:|")
        for who, most, is_new in (("new", MOST_NEW, True), ("returning", MOST_RETURNING, False)):
            keys = _ask(here, page, is_new=is_new)
            print(f"| {who} caseworker | {keys} | {most} |")


def _ask(here: Served, page: Page, *, is_new: bool) -> int:
    hand = Hand(page)
    page.goto(f"{here.address}/requests/new")
    hand.at("language")
    hand.write("tur")
    page.locator('#language-results input[value="tr"]').wait_for()
    hand.take()
    if is_new:
        hand.at("site")
        hand.write("nord")
        page.locator("#site-results input").wait_for()
        hand.take()
        hand.at("setting")
        hand.write("sch")
        hand.press("Tab")
    hand.at("day")
    hand.write("03152027" if is_new else "03162027")
    hand.press("Enter")
    hand.at("start")
    hand.write("1330")
    hand.press("Enter")
    page.locator(f".error-summary, [role=status]:has-text('{NUMBER}')").first.wait_for()
    wrong = page.locator(".error-summary")
    if wrong.count():
        raise LookupError(wrong.inner_text())
    asked = page.locator("main").inner_text()
    if f"{15 if is_new else 16}.3., 13:30–14:30" not in asked:
        raise LookupError(f"another day or start was asked for: {asked}")
    return hand.count


if __name__ == "__main__":
    main()
