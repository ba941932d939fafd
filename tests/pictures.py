"""Makes a picture of every page there is, as everybody who may see it sees it: `make pictures`.

    python -m tests.pictures FOLDER [--locale de] [--only coordinator]

Wide and on a telephone, light and dark, in one language; `--only` takes a part of role or page.
"""

import argparse
import logging
from itertools import product
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from bench.pages.browsing import Served, served
from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from tests.dispatch.web import stage
from tests.windows import DESKTOP, HEIGHTS, TELEPHONE

THEMES = ("light", "dark")
SEPARATOR = "-"


def main() -> None:
    """Draw what was asked for, and say how many pictures there are."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--locale", default="de")
    parser.add_argument("--only", default="")
    parser.add_argument("--themes", nargs="*", default=THEMES)
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)  # who may not see a page is not drawn, which is no trouble
    with served() as here:
        everything = stage.build(here.app)
        with here.app.app_context(), transaction():
            db.session.execute(sa.update(Account).values(locale=chosen.locale))
        drawn = sum(
            _draw(here, everything, role, chosen.folder / role / f"{width}-{theme}", chosen)
            for role, width, theme in product(
                everything.browsers, (DESKTOP, TELEPHONE), chosen.themes
            )
        )
    print(f"{drawn} pictures are in {chosen.folder}.")


def _draw(
    here: Served, everything: stage.Stage, role: str, folder: Path, chosen: argparse.Namespace
) -> int:
    """Draw the pages one of them may see into a folder; return how many these are."""
    client = everything.browsers[role]
    wanted = [
        (rule.endpoint, path)
        for rule, path in everything.pages(client)
        if chosen.only in f"{role}/{rule.endpoint}"
    ]
    if not wanted:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    width, theme = folder.name.split(SEPARATOR)
    context = _signed_in(here, client, int(width), theme)
    page = context.new_page()
    for name, path in wanted:
        page.goto(here.address + path)
        page.wait_for_timeout(200)  # what is loaded into the page comes after it
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    context.close()
    return len(wanted)


def _signed_in(here: Served, client: FlaskClient, width: int, theme: str) -> BrowserContext:
    context = here.browser.new_context(
        locale="de-DE",
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if theme == "dark" else "light",
    )
    name = here.app.config["SESSION_COOKIE_NAME"]
    if cookie := client.get_cookie(name):
        context.add_cookies([{"name": name, "value": cookie.value, "url": here.address}])
    return context


if __name__ == "__main__":
    main()
