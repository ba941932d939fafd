"""Who was asked when a request was cancelled is asked again where it takes place after all."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from dispatch.database import savepoint
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.offers.seats import wanted_again


def asked_until(request_id: int, cancelled_at: datetime) -> list[Offer]:
    """Return the questions that a cancellation at this instant took back."""
    taken_back = ledger.history(Concerning(interpretation_request=request_id), ["offer.withdrawn"])
    ids = {one.offer_id for one in taken_back if one.at == cancelled_at}
    return [one for one in queries.of_request(request_id) if one.id in ids]


def ask_again(actor: Actor, before: Sequence[Offer], now: datetime) -> None:
    """Ask whom these questions went to once more, alone or together as before.

    Request and interpreters are locked. Who cannot be asked any more is left out.
    """
    together: dict[Strategy, list[Offer]] = defaultdict(list)
    for one in before:
        strategy = Strategy(one.round.strategy)
        if one.exclusive:
            _ask_alone(actor, one, now)
        elif not interpreters.is_absent(one.interpreter, one.starts_at, one.ends_at):
            together[strategy if strategy == Strategy.INTEREST else Strategy.BROADCAST].append(one)
    for strategy, those in together.items():
        _ask_together(actor, those, strategy, now)


def _ask_alone(actor: Actor, before: Offer, now: datetime) -> None:
    request_id, who = before.interpretation_request_id, before.interpreter_id
    try:
        with savepoint():
            offers.make(actor, request_id, who, wanted_again(before), now=now)
    except Refusal:
        return


def _ask_together(actor: Actor, before: Sequence[Offer], strategy: Strategy, now: datetime) -> None:
    request_id, people = before[0].interpretation_request_id, [one.interpreter_id for one in before]
    try:
        with savepoint():
            offers.make_to_all(
                actor, request_id, people, wanted_again(before[0]), strategy=strategy, now=now
            )
    except Refusal:
        return
