"""The page about what holds names tests that exist."""

import re

from dispatch.settings import ROOT

PAGE = ROOT / "docs" / "trust.md"
ELSEWHERE = ("journeys/", "browser/", "solver/")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_test_the_page_names_is_there() -> None:
    named = NAMED.findall(PAGE.read_text())
    missing = []
    for file, name in named:
        tests = ROOT / "tests"
        path = tests / file if file.startswith(ELSEWHERE) else tests / "dispatch" / file
        if not path.is_file() or f"def {name}(" not in path.read_text():
            missing.append(f"{file}::{name}")
    assert missing == []
    assert len(named) > 60
