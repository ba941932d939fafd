"""The command lines of the README, as written."""

import re
import shlex

import pytest

from dispatch.settings import ROOT
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-01-04T08:00Z"


def test_every_command_of_the_readme_works_as_written_one_after_the_other(
    dragoman: Dragoman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    lines = re.findall(
        r"^    \.venv/bin/dragoman (.+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(lines) >= 9
    for line in lines:
        clock = {} if line == "doctor" else {"DRAGOMAN_NOW": NOW}
        monkeypatch.delenv("DRAGOMAN_NOW", raising=False)
        done = dragoman(*shlex.split(line), **clock)
        assert (line, done.err) == (line, "")


def test_the_examples_are_all_taken(dragoman: Dragoman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    dragoman("organisation", "add", "Amt", DRAGOMAN_NOW=NOW)
    dragoman(
        "user", "add", "--role=caseworker", "--organisation=Amt", "--name=Kim", "kim@example.org"
    )
    told = [
        dragoman(kind, "import", *more, f"docs/examples/{kind}.csv").out
        for kind, *more in (("sites",), ("interpreters",), ("requests", "--as", "kim@example.org"))
    ]
    assert told == [
        "2 sites added, 0 changed.\n",
        "2 interpreters taken over.\n",
        "2 requests taken over.\n",
    ]
