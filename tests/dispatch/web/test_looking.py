"""Looking is free: no page starts a solver, whatever its filters are set to; a form asks for it."""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.dispatch.web import stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
_started: list[str] = []


def _note_solvers(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and "solver" in list(arguments[1] or ()):  # type: ignore[call-overload]
        _started.append(str(arguments[1]))


sys.addaudithook(_note_solvers)  # for the whole process: one cannot be taken out again


class Filters(HTMLParser):
    """The forms of a page that only look, each with the last choice of everything in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("method", "get") == "get"
            if self._inside:
                self.forms.append((said.get("action", ""), {}))
        elif self._inside and tag == "select":
            self._select = said["name"]
        elif self._inside and tag == "option":
            self.forms[-1][1][self._select] = said.get("value", "")
        elif self._inside and tag == "input" and said.get("name"):
            self.forms[-1][1][said["name"]] = said.get("value") or "1"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def addresses(path: str, page: str) -> Iterator[str]:
    """Yield where the filters of a page lead."""
    for action, chosen in Filters(page).forms:
        yield f"{action or path}?{urlencode(chosen)}"


def test_no_page_starts_a_solver_and_no_filter_does(app: Flask) -> None:
    everything = stage.build(app)
    _started.clear()
    walked: set[str] = set()
    for name in ("coordinator", "caseworker", "interpreter"):
        browser = everything.browsers[name]
        for _rule, path in everything.paths("GET"):
            answer = browser.get(path)
            assert _started == [], path
            page = answer.text if answer.mimetype == "text/html" else ""
            for address in set(addresses(path, page)) - walked:
                walked.add(address)
                assert browser.get(address).status_code < 500, address
                assert _started == [], address
    assert walked
