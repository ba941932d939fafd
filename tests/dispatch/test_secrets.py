"""Nothing that opens a door lies in the repository: keys and tokens by the form they have."""

import re
from collections.abc import Iterator
from pathlib import Path

from dispatch.settings import ROOT

FOLDERS = (".ci", "bench", "dispatch", "docs", "frontend", "migrations", "requirements", "solver",
           "stubs", "templates", "tests", "translations")  # fmt: skip
BUILT = ROOT / "dispatch/web/static/vendor"
FORMS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{22,})",
    "a token of GitLab": r"\bglpat-[\w-]{20}",
    "a token of Slack": r"\bxox[abprs]-[\w-]{10,}",
    "a key of Google": r"\bAIza[\w-]{35}\b",
    "an account or key of Twilio": r"\b(?:AC|SK)(?!0{20}|0123456789abcdef)[0-9a-f]{32}\b",
    "a token of a package registry": r"\b(?:pypi-AgEI[\w-]{20,}|npm_[A-Za-z0-9]{36})",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.",
}


def files() -> Iterator[Path]:
    """Yield every file that is written by us."""
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and BUILT not in path.parents and "__pycache__" not in path.parts:
                yield path


def test_no_key_and_no_token_lies_in_the_repository() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in files()
        for what, form in FORMS.items()
        if re.search(form, path.read_text("utf-8", errors="replace"))
    ]
    assert found == []


def test_a_key_and_a_token_would_be_found() -> None:
    made_up = {
        "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "a key of AWS": "AKIA" + "ABCDEFGHIJKLMNOP",
        "an account or key of Twilio": "SK" + "89abcdef01234567" * 2,
    }
    for what, text in made_up.items():
        assert re.search(FORMS[what], text), what
