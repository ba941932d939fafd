"""How large a file may be; pages and commands say so beforehand."""

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

MOST_BYTES = 1_000_000
MOST_ROWS = 10_000
SAID = _l("A file may have one megabyte and 10,000 rows.")


def require_size(content: bytes) -> None:
    """Refuse a file of more than a megabyte."""
    if len(content) > MOST_BYTES:
        raise too_large()


def require_rows(rows: int, most: int = MOST_ROWS) -> None:
    """Refuse more rows under the heading than one import takes."""
    if rows > most:
        raise too_large(most)


def too_large(most_rows: int = MOST_ROWS) -> Refusal:
    """Return the refusal of a file that is too large in any way."""
    return Refusal(
        "file-too-large",
        _l(
            "A file may have one megabyte (an XLSX file twenty when unpacked) and %(rows)d rows; "
            "split it.",
            rows=most_rows,
        ),
        field="file",
    )
