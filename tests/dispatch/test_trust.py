"""The page about what holds names tests that exist."""

import re

from dispatch.settings import ROOT

PAGE = ROOT / "docs" / "trust.md"
ELSEWHERE = ("journeys/", "browser/", "solver/")
ROW = re.compile(r"^\| (\d[\d, ]*(?:to \d+ )?)\|.*\| ([^|]+) \|$", re.MULTILINE)
LAST = 112
STANDS = ("holds", "in part", "open", "absent")
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


def test_every_row_of_the_list_stands_there_once_with_how_it_stands() -> None:
    rows = ROW.findall(PAGE.read_text().split("## The fifteen points")[0])
    numbers = [int(number) for of_row, _stands in rows for number in re.findall(r"\d+", of_row)]
    assert sorted(numbers) == list(range(1, LAST + 1))
    assert [of_row for of_row, stands in rows if not stands.startswith(STANDS)] == []
