"""Makes the pictures of the documents from the running demonstration: `make screenshots`."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from playwright.sync_api import Browser, Page, sync_playwright

from dispatch.settings import ROOT

NOW = "2027-03-01T09:00:00+01:00"
DAY = "2027-03-02"
MOST_BYTES = 250_000
LINK = re.compile(r"^ {2}(\w+)\s+(http://\S+)$")
OFFER = re.compile(r"http://\S+/o/[\w-]+")
WAIT_SECONDS = 300


def make(folder: Path) -> None:
    """Draw every picture into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as (links, sink), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=en-GB"]
        )
        coordinator = signed_in(browser, links["coordinator"])
        draw(coordinator, f"/day/{DAY}", folder / "day.png")
        draw(coordinator, "/proposals/1", folder / "proposal.png")
        draw(signed_in(browser, links["caseworker"]), "/", folder / "caseworker.png")
        telephone = window(browser, 390, 780)
        draw(telephone, waiting_offer(telephone, sink), folder / "offer.png")
        browser.close()


@contextmanager
def demonstration() -> Iterator[tuple[dict[str, str], Path]]:
    """Run the demonstration in a folder of its own; lend its links by role, and its sink."""
    with tempfile.TemporaryDirectory() as name, socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        folder = Path(name)
        environment = os.environ | {
            "DRAGOMAN_NOW": NOW,
            "DRAGOMAN_DATABASE_URL": f"sqlite:///{folder / 'dragoman.sqlite'}",
            "DRAGOMAN_SECRET_KEY_FILE": str(folder / "secret_key"),
            "DRAGOMAN_SINK_DIR": str(folder / "sink"),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-c", "from dispatch.cli.main import main; main()"]
        with subprocess.Popen(
            [*command, "demo", "--port", port],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                yield announced_links(running), folder / "sink"
            finally:
                running.terminate()


def announced_links(running: subprocess.Popen[str]) -> dict[str, str]:
    """Read what the demonstration prints until every link is there."""
    links = {}
    for line in running.stdout or ():
        print(line, end="")
        if found := LINK.match(line):
            links[found.group(1)] = found.group(2)
        if line.startswith("Mail and SMS"):
            return links
    raise SystemExit("The demonstration ended before it was ready.")


def window(browser: Browser, width: int, height: int) -> Page:
    """Open a window in which everything stands still."""
    page = browser.new_context(
        locale="en-GB", viewport={"width": width, "height": height}, reduced_motion="reduce"
    ).new_page()
    page.set_default_timeout(60_000)
    return page


def signed_in(browser: Browser, link: str) -> Page:
    """Sign in by the link, and read English."""
    page = window(browser, 1440, 900)
    page.goto(link)
    page.locator("main button").click()
    page.locator(".menu--right").wait_for()
    page.locator(".languages__choice[lang=en]").click()
    page.locator("html[lang=en]").wait_for()
    return page


def waiting_offer(telephone: Page, sink: Path) -> str:
    """Return the link of an offer that waits for an answer."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        for file in sorted(sink.glob("*-offer.json")):
            found = OFFER.search(file.read_text())
            if found and telephone.goto(found.group()) and telephone.locator("summary").count():
                return found.group()
        time.sleep(1)
    raise SystemExit("No offer waits for an answer in the demonstration.")


def draw(page: Page, address: str, picture: Path) -> None:
    """Write what the window shows at the address into the file."""
    start = page.url.split("/", 3)
    page.goto(address if address.startswith("http") else "/".join(start[:3]) + address)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=picture)
    if picture.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{picture} is larger than {MOST_BYTES} bytes.")
    print(f"{picture} {picture.stat().st_size} bytes")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
