"""Writing down what happened to an offer."""

from datetime import datetime

from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, Actor, Concerning, Reasons
from dispatch.offers.models import Offer


def record(
    actor: Actor, kind: str, offer: Offer, now: datetime, reasons: Reasons = NO_REASONS
) -> None:
    """Write down what happened to an offer."""
    ledger.record(
        actor,
        kind,
        Concerning(
            organisation=offer.interpretation_request.organisation_id,
            interpretation_request=offer.interpretation_request_id,
            offer=offer.id,
            interpreter=offer.interpreter_id,
        ),
        now=now,
        fields=["state"],
        reasons=reasons,
    )
