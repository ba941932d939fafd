"""The application in a real browser: a server on a free port, and a window per person."""

import gettext
import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, sync_playwright
from werkzeug.serving import make_server

from dispatch import clock
from dispatch import settings as settings_module
from dispatch.accounts import links
from dispatch.accounts.models import Account, WantedLink
from dispatch.database import db, transaction
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import ON_THEIR_WAY
from dispatch.settings import ROOT, Settings
from tests.databases import cannot_be_had

DESKTOP, TABLET, TELEPHONE, SMALLEST = 1440, 768, 390, 320
HEIGHTS = {DESKTOP: 900, TABLET: 1024, TELEPHONE: 844, SMALLEST: 640}
OF_A_RESPONSE = "Failed to load resource"
LEFT = "net::ERR_ABORTED"  # the person went on before the answer came
REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass
class Window:
    """What one person sees, in one language; `complaints` is what the browser did not like."""

    page: Page
    locale: str
    complaints: list[str] = field(default_factory=list)

    def word(self, english: str, **values: object) -> str:
        """Return a text of the pages in the language of this window."""
        text = _catalogue(self.locale).gettext(english)
        return text % values if values else text

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(path)

    def follow(self, english: str, **values: object) -> None:
        """Press the link with this text."""
        self.page.get_by_role("link", name=self.word(english, **values), exact=True).first.click()

    def press(self, english: str, within: Locator | None = None, **values: object) -> None:
        """Press the button with this text."""
        place = within or self.page
        place.get_by_role("button", name=self.word(english, **values), exact=True).first.click()

    def write(self, english_label: str, text: str) -> None:
        """Write into the field with this label."""
        self.field(english_label).fill(text)

    def choose(self, english_label: str, value: str) -> None:
        """Choose from the list with this label."""
        self.field(english_label).select_option(value)

    def find_language(self, typed: str, tag: str) -> None:
        """Type into the field for the language and choose the one with this tag."""
        self.page.locator("#language").press_sequentially(typed)
        self.page.locator(f'#language-results input[value="{tag}"]').check()

    def field(self, english_label: str) -> Locator:
        """Return the field with this label, needed or optional."""
        main = self.page.locator("main")
        return main.get_by_label(self.word(english_label)).first

    def reads(self, english: str, **values: object) -> bool:
        """Tell whether the page says this, waiting a little for it to come."""
        self.page.get_by_text(self.word(english, **values)).first.wait_for(timeout=5000)
        return True

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything at once, as at a desk."""
        return (self.page.viewport_size or {"width": 0})["width"] >= DESKTOP

    @property
    def text(self) -> str:
        """What stands on the page, without the frame around it."""
        return self.page.locator("main").inner_text()


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    return gettext.translation("messages", ROOT / "translations", [locale], fallback=locale == "en")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file; Playwright's event loop would disturb other tests."""
    path = shutil.which("chromium")
    if path is None:
        cannot_be_had("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def server(app: Flask, settings: Settings) -> Iterator[str]:
    """Serve the application of the test and return its address, which its messages name too."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 600
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    serving = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{serving.server_port}"
    settings_module.use(settings.model_copy(update={"public_base_url": address}))
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield address
    serving.shutdown()
    thread.join()
    serving.server_close()


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(app: Flask, server: str, chromium: Browser) -> Iterator[OpenWindow]:
    """Return how to open a window for somebody; at the end no window may have complained."""
    opened: list[tuple[BrowserContext, Window]] = []

    def open_one(
        account: Account | None = None,
        *,
        locale: str = "en",
        width: int = DESKTOP,
        theme: str = "light",
        **more: object,
    ) -> Window:
        context = chromium.new_context(
            base_url=server,
            locale=locale,
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            **more,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        window = Window(context.new_page(), locale)
        _listen(window, server)
        opened.append((context, window))
        if account is not None:
            _sign_in(app, window, account)
        return window

    yield open_one
    for context, _window in opened:
        context.close()
    assert [complaint for _context, window in opened for complaint in window.complaints] == []


def deliver_messages(app: Flask) -> None:
    """Let everything that waits go out into the sink."""
    with app.app_context():
        send_wanted_links(clock.now())
        waiting = sa.select(Message.id).where(Message.state.in_(ON_THEIR_WAY)).order_by(Message.id)
        for message_id in db.session.scalars(waiting).all():
            messaging.deliver(message_id, clock.now())


def send_wanted_links(now: datetime) -> None:
    """Make the sign-in links people have asked for."""
    for wanted_id in db.session.scalars(sa.select(WantedLink.id)).all():
        with transaction():
            here = settings_module.active()
            links.send_wanted(wanted_id, base_url=here.base_url, city=here.city, now=now)


def newest(sink: Path, pattern: str) -> str:
    """Return the text of the newest file in the sink that the pattern fits."""
    return max(sink.glob(pattern)).read_text()


def _listen(window: Window, server: str) -> None:
    complain = window.complaints.append

    def watch(response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if not response.url.startswith((server, "data:")) or (
            response.status >= 400 and not is_page
        ):
            complain(f"{response.status} {response.url}")

    window.page.add_init_script(REPORT_VIOLATIONS)
    window.page.on("response", watch)
    window.page.on(
        "requestfailed",
        lambda asked: None if asked.failure == LEFT else complain(f"{asked.failure} {asked.url}"),
    )
    window.page.on("pageerror", lambda error: complain(f"script: {error}"))
    window.page.on(
        "console",
        lambda entry: (
            complain(entry.text)
            if entry.type == "error" and not entry.text.startswith(OF_A_RESPONSE)
            else None
        ),
    )


def _sign_in(app: Flask, window: Window, account: Account) -> None:
    with app.app_context(), transaction():
        own = db.session.get_one(Account, account.id)
        own.locale = window.locale
        token = links.issue(own, clock.now())
    window.go(f"/sign-in/link/{token}")
    window.press("Sign in")
    window.page.wait_for_url(lambda url: "/sign-in" not in url)  # some roles are led on from there
