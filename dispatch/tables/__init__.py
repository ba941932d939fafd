"""Tables that people send as CSV or XLSX: read whole, or refused with every reason."""

from dispatch.tables.reading import read, rows_of
from dispatch.tables.rows import Row, day_from, each, time_from

__all__ = ["Row", "day_from", "each", "read", "rows_of", "time_from"]
