"""No list is cut silently: every limit in the code is known here, with how it is said."""

import ast
from collections.abc import Iterator

from dispatch.settings import ROOT

SAID = {
    # a page of a list, which one turns
    "web/paging.py: limit(most + 1)",
    "web/paging.py: [:most]",
    "messaging/queries.py: limit(most + 1)",
    "messaging/queries.py: [:most]",
    # how many there are stands beside a link to all of them
    "messaging/queries.py: limit(most)",
    "pages/coordinator/worklist.py: [:MOST]",
    "pages/coordinator/worklist.py: limit(MOST + 1)",
    "pages/coordinator/panel.py: [:MOST_OF_THE_STORY]",
    "pages/coordinator/plan.py: [:MOST_ON_A_PAGE]",
    "pages/interpreter/start.py: [:MOST_QUESTIONS]",
    "planning/proposals/page.py: [:MOST_OTHERS]",
    "requests/queries.py: limit(most)",
    "requests/taking.py: [:MOST_LISTED]",
    "ledger/service.py: limit(most)",
    # it says that there are more, or that these are the latest
    "planning/advice/wording.py: [:MOST_NAMES]",
    "planning/advice/own.py: limit(MOST)",
    "feeds/queries.py: limit(MOST_EVENTS + 1)",
    "feeds/queries.py: [:MOST_EVENTS]",
    "pages/interpreter/about.py: [:MOST_SHOWN]",
    "inspections/queries.py: limit(MOST + 1)",
    "cli/findings.py: [:MOST_NAMED]",
    "tables/heading.py: [:LONGEST_NAMED]",
    "tables/rows.py: [:MOST_NAMED]",
    # the likeliest of a search, which says so
    "sites/queries.py: limit(limit)",
    "sites/queries.py: [:limit]",
    "languages/finding.py: [:most]",
}
NO_LISTS = {
    # work in portions, or of a method: nobody reads it
    "engine/trouble.py: [:MOST_PLACES]",
    "feeds/latest.py: limit(LATEST_LOOKED_AT)",
    "ledger/sealing.py: limit(AT_ONCE)",
    "messaging/batches.py: limit(MOST_STRANDED)",
    "messaging/together.py: limit(MOST_IN_A_MAIL - 1)",
    "planning/advice/quickly.py: limit(LATEST)",
    "planning/rounds/service.py: [:MOST_AT_ONCE]",
    "requests/finding.py: [:MOST_WORDS]",
    "travel/scan.py: [:MOST_STOPS]",
    # texts of programs, or checked and marked where they are cut
    "feeds/service.py: [:TOKEN_OCTETS]",
    "inbound/mail.py: [:LONGEST_HEADER]",
    "inbound/mail.py: [:LONGEST_TEXT]",
    "inbound/mail.py: [:MOST_OCTETS_READ]",
    "inbound/reports.py: [:LONGEST_DIAGNOSIS]",
    "messaging/receipts.py: [:REFERENCE_LENGTH]",
    "sms/service.py: [:LONGEST_NUMBER]",
    "sms/service.py: [:LONGEST_REFERENCE]",
    "sms/service.py: [:LONGEST_TEXT]",
}


def test_every_limit_is_said_where_it_is_read() -> None:
    assert set(_limits()) == SAID | NO_LISTS


def _limits() -> Iterator[str]:
    """Every `.limit(...)` of more than one row, and every cut to a named length."""
    for path in (ROOT / "dispatch").rglob("*.py"):
        if "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for cut in _cuts(node):
                yield f"{path.relative_to(ROOT / 'dispatch')}: {cut}"


def _cuts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="limit"), args=[size]) if ast.unparse(size) != "1":
            if "minutes" not in ast.unparse(size):
                yield f"limit({ast.unparse(size)})"
        case ast.Subscript(slice=ast.Slice(lower=None, upper=ast.Name(id=name))):
            if name.isupper() or name in {"most", "limit"}:
                yield f"[:{name}]"
