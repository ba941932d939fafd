"""`dragoman serve` as a process of its own, to be stopped and killed, and browsers for it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import requests
from flask import Flask

from dispatch import clock
from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.settings import ROOT, Settings
from tests.browsing import TOKEN
from tests.dispatch.engine.processes import until
from tests.dispatch.faults.asking import Answer

SECONDS = 60
SERVE = "from dispatch.cli.main import main; main()"


class Window:
    """A browser; where nothing comes back the status is 0."""

    def __init__(self, address: str) -> None:
        self._address, self._session = address, requests.Session()
        self._session.trust_env = False
        self._session.headers["Connection"] = "close"  # nobody comes back to close what is left

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self._answer("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        return self._answer("POST", path, form)

    def send(self, path: str, form: dict[str, str]) -> Callable[[], Answer]:
        """Send a form and return how to wait for the answer."""
        connection = http.client.HTTPConnection(self._address.removeprefix("http://"))
        cookies = "; ".join(f"{one.name}={one.value}" for one in self._session.cookies)
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(form), headers)

        def answer() -> Answer:
            with closing(connection):
                found = connection.getresponse()
                text = found.read().decode()
            return Answer(found.status, found.headers.get("Location", ""), text)

        return answer

    def _answer(self, method: str, path: str, form: dict[str, str] | None) -> Answer:
        try:
            answer = self._session.request(
                method, self._address + path, data=form, timeout=SECONDS, allow_redirects=False
            )
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return Answer(0)  # killed before or within its answer
        return Answer(answer.status_code, answer.headers.get("Location", ""), answer.text)


class Pages:
    """The server of pages; it keeps its port however often it is started."""

    def __init__(self, settings: Settings, *options: str) -> None:
        self._settings = settings
        self._options = options
        self._port = free_port()
        self._up = threading.Event()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", f"--port={self._port}", *self._options],
            cwd=ROOT,
            env=os.environ
            | {
                "DRAGOMAN_DATABASE_URL": self._settings.database_url,
                "DRAGOMAN_SECRET_KEY_FILE": str(self._settings.secret_key_file),
                "DRAGOMAN_SINK_DIR": str(self._settings.sink_dir),
                "DRAGOMAN_NOW": "2027-03-01T08:00:00+00:00",
            },
        )
        window = Window(self.address)
        until(lambda: window.get("/healthz").status == 200)
        self._up.set()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def others(self) -> list[int]:
        """Return the numbers of the processes it has started."""
        number = self._process.pid
        return [int(one) for one in _text(f"/proc/{number}/task/{number}/children").split()]

    def kill(self) -> None:
        """End it at once."""
        self._up.clear()
        self._process.kill()
        self._process.wait()

    def wait(self) -> None:
        """Return when it answers again."""
        assert self._up.wait(SECONDS)

    def tell_to_stop(self) -> None:
        """Send SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Have the process do nothing for a while, as on a machine that is busy elsewhere."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def ended(self) -> int:
        """Return the code it ends with."""
        return self._process.wait(SECONDS)

    def stop(self) -> None:
        """Leave nothing running."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def browser(self, app: Flask, account: Account) -> Window:
        """Return a browser in which somebody is signed in."""
        with app.app_context(), transaction():
            token = links.issue(db.session.get_one(Account, account.id), clock.now())
        window, path = Window(self.address), f"/sign-in/link/{token}"
        found = TOKEN.search(window.get(path).text)
        assert found
        assert window.post(path, {"csrf_token": found.group(1)}).status == 302
        return window


def _text(path: str) -> str:
    """Return what a file of the system says now; nothing where its process has ended."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def lives(number: int) -> bool:
    """Tell whether a process is there and has not ended."""
    state = _text(f"/proc/{number}/stat").rpartition(")")[2].split()
    return bool(state) and state[0] != "Z"


@contextmanager
def pages_of(settings: Settings, *options: str) -> Iterator[Pages]:
    """Serve the installation of the test."""
    pages = Pages(settings, *options)
    pages.start()
    try:
        yield pages
    finally:
        pages.stop()


def free_port() -> int:
    """Return a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
