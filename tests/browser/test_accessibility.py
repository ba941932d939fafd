"""Pages in all their states, wide and narrow, light and dark: nothing that axe finds."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.rules import Failure
from dispatch.requests import files
from dispatch.requests.models import InterpretationRequest
from dispatch.series import service as series
from dispatch.settings import ROOT
from solver import Progress
from tests import factories, stage
from tests.planning_days import TUESDAY
from tests.stage import TOMORROW, Stage
from tests.windows import DESKTOP, HEIGHTS, SMALLEST, TELEPHONE, OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
LOOK = """([theme, only]) => axe.run(document, {runOnly: only, resultTypes: ["violations"]}).then(
  (found) => found.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${theme} ${rule.id}: ${node.html.slice(0, 160)}`)))"""
THEMES = {"light": RULES, "dark": {"type": "rule", "values": OF_COLOUR}}
"""What is looked for in each theme: in the dark nothing but colours is another."""
LOOKS = [(width, theme) for width in (DESKTOP, TELEPHONE) for theme in THEMES]
HALVES = (
    [(DESKTOP, "light"), (TELEPHONE, "dark")],
    [(DESKTOP, "dark"), (TELEPHONE, "light")],
)
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

TEXT_TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
TEXT_AS_IT_IS = "document.documentElement.style.removeProperty('font-size')"

AWAY = f"/interpreters/1/absences/new?first={TOMORROW}&last={TOMORROW}"
CASEWORKER = ["/requests?show=past", "/requests/{filled}", "/series/{series}/cancel?scope=all"]
CASEWORKER += ["/nowhere"]
COORDINATOR = [f"/day/{TOMORROW}", "/day/2030-01-01", f"/plan/{TOMORROW}", "/plan/2030-01-01"]
COORDINATOR += ["/proposals/1", "/requests/{filled}", "/messages?state=failed", AWAY]
COORDINATOR += ["/requests/{open}/candidates", "/requests/{nobody}/candidates"]
COORDINATOR += ["/series/{series}/people?scope=all", f"/day/{TOMORROW}/map"]
COORDINATOR += [f"/day/{TOMORROW}/what-if", "/interpreters/1"]
PAGES = {"caseworker": CASEWORKER, "coordinator": COORDINATOR, "lead": ["/", "/figures"]}
PAGES |= {"busy_interpreter": ["/", "/sick"], "asked_interpreter": ["/", "/offers"]}
"""Pages on a full day, and what they show besides; test_every_page.py looks at every address."""


@pytest.mark.parametrize("in_full", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("role", PAGES)
def test_pages_have_no_barriers(
    app: Flask, open_window: OpenWindow, role: str, in_full: bool
) -> None:
    """In full or with one theme at each width: light at a desk and dark on a telephone, or not."""
    people = stage.set_up(app)
    series_id = three_dates_of(app, people)
    account: Account = getattr(people, role)
    window = open_window(account, locale="de")
    if role == "coordinator":
        plan(window)
    barriers = []
    for number, path in enumerate(PAGES[role]):
        window.go(path.format(**numbers(people), series=series_id))
        looks = LOOKS if in_full else HALVES[number % 2]
        barriers += [f"{path} {barrier}" for barrier in barriers_of(window.page, looks)]
        if account.role != Role.COORDINATOR:
            barriers += [f"{path} {barrier}" for barrier in barriers_of_large_text(window.page)]
    assert barriers == []


def test_pages_for_anybody_have_no_barriers(app: Flask, open_window: OpenWindow) -> None:
    stage.set_up(app)
    window = open_window(locale="de")
    window.go("/sign-in")
    barriers = barriers_of(window.page)
    window.press("Sign in")
    barriers += barriers_of(window.page)
    assert barriers == []


def test_a_form_with_errors_has_no_barriers(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = open_window(people.caseworker, locale="de")
    window.go("/requests/new")
    window.field("Site").press_sequentially("grundschule")
    window.page.get_by_role("radio", name="Grundschule").wait_for()
    window.press("Send request")
    window.page.get_by_role("alert").wait_for()
    assert barriers_of(window.page) == []


def test_planning_under_way_has_no_barriers(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        reached = [Progress(3.2, "coverage", 2, 1, 0.5)]
        run, _new = runs.begin(SYSTEM, TUESDAY, disturb_at_most=0, weights=[4], now=clock.now())
        runs.note(run.id, reached)
    window = open_window(people.coordinator, locale="de")
    window.go(f"/planning/{run.id}")
    assert window.reads("Stop and keep the best so far")
    assert barriers_of(window.page) == []
    with app.app_context(), transaction():
        runs.fail(run.id, Failure.CRASHED)
    window.page.get_by_role("alert").wait_for()
    assert window.reads("Plan again")
    assert barriers_of(window.page) == []


def test_a_file_under_way_shows_by_itself_what_became_of_it(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        account = db.session.get_one(Account, people.caseworker.id)
        file = files.bring(account, b"nothing", row_count=1, again=False, now=clock.now())
        file_id = file.id
    window = open_window(people.caseworker, locale="de")
    window.go(f"/requests/import/{file_id}")
    window.page.locator("progress").wait_for()
    assert barriers_of(window.page) == []
    window.page.evaluate("document.body.dataset.same = 'yes'")
    with app.app_context():
        files.take_over(file_id)
    assert window.reads("What is wrong")
    assert window.page.evaluate("document.body.dataset.same") == "yes"
    assert barriers_of(window.page) == []


def test_a_proposal_unfolded_with_what_would_help_has_no_barriers(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = open_window(people.coordinator, locale="de")
    plan(window)
    window.page.locator("form[hx-post] button").first.click()
    window.page.locator(".help__item").first.wait_for()
    for fold in window.page.locator("details.fold > summary").all():
        fold.click()
    assert barriers_of(window.page) == []


def test_a_week_planned_at_once_has_no_barriers(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        factories.asked("ro", start=factories.hours_later(factories.TOMORROW_TEN, 48))
    window = open_window(people.coordinator, locale="de")
    window.go(f"/plan/{TOMORROW}")
    window.page.locator("input[value=until]").check()
    window.page.locator(".plan-form button").click()
    window.page.get_by_role("alert").wait_for()
    barriers = barriers_of(window.page)
    window.page.locator("input[value=week]").check()
    window.page.locator(".plan-form button").click()
    window.page.wait_for_url("**/proposals/1")
    assert window.page.locator("h3").count() > 1
    assert barriers + barriers_of(window.page) == []


def test_naming_whom_one_would_like_to_come_has_no_barriers(
    app: Flask, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        before = factories.hours_later(factories.NOW, -9 * 24)
        past = factories.asked(
            by=caseworker, start=factories.hours_later(factories.TOMORROW_TEN, -8 * 24), now=before
        )
        factories.coming(past, factories.interpreter(), now=before)
        asked = factories.asked(by=caseworker)
    window = open_window(caseworker, locale="de")
    window.go(f"/requests/{asked.id}")
    window.page.get_by_role("checkbox", name="Mira").first.check()
    window.press("Save")
    assert window.reads("We try to send whom you would like; it is a wish, not a promise.")
    assert window.page.get_by_role("checkbox", name="Mira").is_checked()
    assert barriers_of(window.page) == []


def barriers_of(page: Page, looks: Iterable[tuple[int, str]] = LOOKS) -> list[str]:
    """Return what axe finds at these widths in these themes, and what is too wide for 320."""
    found = []
    page.evaluate(AXE.read_text())
    for width, theme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        # what was scrolled halfway under the head that stays would count as too small
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(PAINTED)
        found += [f"{width} {each}" for each in page.evaluate(LOOK, [theme, THEMES[theme]])]
    page.set_viewport_size({"width": SMALLEST, "height": HEIGHTS[SMALLEST]})
    if too_wide := page.evaluate(TOO_WIDE):
        found.append(f"{too_wide} pixels too wide for {SMALLEST}")
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
    return found


def barriers_of_large_text(page: Page) -> list[str]:
    """Return what is too wide for a desk when the text alone is twice as large (WCAG 1.4.4)."""
    page.evaluate(TEXT_TWICE_AS_LARGE)
    too_wide = page.evaluate(TOO_WIDE)
    page.evaluate(TEXT_AS_IT_IS)
    return [f"{too_wide} pixels too wide with text twice as large"] if too_wide else []


def plan(coordinator: Window) -> None:
    coordinator.go(f"/plan/{TOMORROW}")
    coordinator.page.locator("form[action^='/plan/'] button").first.click()
    coordinator.page.wait_for_url("**/proposals/1")


def three_dates_of(app: Flask, people: Stage) -> int:
    """A series on three Tuesdays to come, of what is open as it stands."""
    with app.app_context(), transaction():
        days = [TUESDAY.first + timedelta(weeks=weeks) for weeks in (5, 6, 7)]
        caseworker = db.session.get_one(Account, people.caseworker.id)
        wanted = details_of(db.session.get_one(InterpretationRequest, people.open.id))
        dates = series.ask(caseworker.actor, caseworker, wanted, days, now=clock.now())
        return dates.id


def numbers(people: Stage) -> dict[str, int]:
    return {
        "filled": people.filled.id,
        "open": people.open.id,
        "asked": people.asked.id,
        "nobody": people.nobody.id,
    }
