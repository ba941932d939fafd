"""Tables that people send as CSV or XLSX: read whole, or refused with every reason."""

from dispatch.tables.heading import Columns
from dispatch.tables.reading import content_of, read, rows_of
from dispatch.tables.rows import (
    LONGEST_CELL,
    Reading,
    Row,
    Watch,
    at_most_a_hundred,
    day_from,
    each,
    time_from,
)

__all__ = [
    "LONGEST_CELL",
    "Columns",
    "Reading",
    "Row",
    "Watch",
    "at_most_a_hundred",
    "content_of",
    "day_from",
    "each",
    "read",
    "rows_of",
    "time_from",
]
