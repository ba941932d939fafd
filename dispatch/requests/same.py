"""When two requests are probably one that was sent twice."""

from datetime import datetime
from typing import Protocol


class WhereAndWhen(Protocol):
    """What makes two requests the same: who asks, for which language, where and when."""

    @property
    def organisation_id(self) -> int: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def site_id(self) -> int: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102


def is_the_same(one: WhereAndWhen, other: WhereAndWhen) -> bool:
    """Tell whether two requests are probably one that was sent twice: their times overlap."""
    return (
        (one.organisation_id, one.language, one.site_id)
        == (other.organisation_id, other.language, other.site_id)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )
