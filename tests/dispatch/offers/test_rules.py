"""What can still be answered."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.errors import Refusal
from dispatch.offers import rules
from dispatch.offers.rules import OfferState

MONDAY_NINE = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "code", "status"),
    [
        (OfferState.ACCEPTED, "already-accepted", 409),
        (OfferState.DECLINED, "already-declined", 409),
        (OfferState.LOST, "taken", 409),
        (OfferState.WITHDRAWN, "withdrawn", 410),
        (OfferState.EXPIRED, "expired", 410),
    ],
)
def test_what_is_answered_or_over_says_so(state: OfferState, code: str, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        rules.require_answerable(state, MONDAY_NINE + timedelta(hours=1), MONDAY_NINE)
    assert (refused.value.code, refused.value.status) == (code, status)


def test_after_the_deadline_nothing_can_be_answered() -> None:
    with pytest.raises(Refusal) as refused:
        rules.require_answerable(OfferState.MADE, MONDAY_NINE, MONDAY_NINE)
    assert refused.value.code == "expired"
