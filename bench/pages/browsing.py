"""An installation served for a browser of one's own: an empty database, a clock that stands."""

import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from dispatch import clock
from dispatch import settings as settings_module
from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.settings import Settings
from tests import databases
from tests.factories import NOW

DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Served:
    """The application, where its pages are, and a browser."""

    app: Flask
    address: str
    browser: Browser

    def signed_in(self, account_id: int, locale: str = "en-GB") -> Page:
        """Return a window in which the account is signed in, in a browser of this language."""
        with self.app.app_context(), transaction():
            token = links.issue(db.session.get_one(Account, account_id), clock.now())
        page = self.browser.new_context(locale=locale, viewport=DESKTOP).new_page()
        page.goto(f"{self.address}/sign-in/link/{token}")
        page.locator("main button").first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page


@contextmanager
def served() -> Iterator[Served]:
    """Serve an empty installation on SQLite for as long as it is looked at."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        here = Path(folder)
        url = f"sqlite:///{here}/dragoman.sqlite"
        databases.create_schema(url)
        settings = Settings(database_url=url, secret_key_file=here / "key", sink_dir=here / "sink")
        app = create_app(settings)
        clock.freeze(NOW)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        serving = make_server("127.0.0.1", 0, app, threaded=True)
        address = f"http://127.0.0.1:{serving.server_port}"
        settings_module.use(settings.model_copy(update={"public_base_url": address}))
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield Served(app, address, browser)
        browser.close()
        serving.shutdown()
