"""The file in which results are kept; each part is replaced by a new run, the others stay."""

import re
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def keep(part: str, text: str) -> None:
    """Put the text in place of what an earlier run of this part left, or at the end."""
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    old = RESULTS.read_text() if RESULTS.exists() else ""
    new = f"{begin}\n{text.strip()}\n{end}"
    found = re.search(f"{re.escape(begin)}.*?{re.escape(end)}", old, re.DOTALL)
    if found:
        RESULTS.write_text(old[: found.start()] + new + old[found.end() :])
    else:
        RESULTS.write_text(f"{old.rstrip()}\n\n{new}\n".lstrip())
