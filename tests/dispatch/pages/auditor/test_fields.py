"""Every field that is recorded has words for the auditor."""

import ast
from collections.abc import Iterator
from dataclasses import fields

from dispatch.amendments.rules import Demand
from dispatch.assignments.overriding import Wish
from dispatch.interpreters.keeping import Details
from dispatch.organisations import importing
from dispatch.organisations.service import AGREED
from dispatch.pages.auditor.fields import FIELDS, UNSEEN
from dispatch.settings import ROOT
from dispatch.sites.service import COLUMNS


def test_there_are_words_for_every_field_that_is_recorded() -> None:
    filled_in = {one.name for one in fields(Details)} - {"home"}
    by_name = {one.name for one in fields(Demand)} | filled_in | {*AGREED, *Wish}
    columns = {*COLUMNS.known, *importing.COLUMNS.known}
    assert (by_name | columns | set(_written_out())) - UNSEEN <= FIELDS.keys()


def _written_out() -> Iterator[str]:
    """Every name of a field that stands where something is recorded."""
    for path in (ROOT / "dispatch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "fields":
                for name in ast.walk(node.value):
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        yield name.value
