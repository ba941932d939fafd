"""What the engine runs, one line each: messages, sweeps over what is due, parts of plans."""

from dispatch import clock, engine
from dispatch.assignments import service as assignments
from dispatch.database import transaction
from dispatch.messaging import service as messaging
from dispatch.offers import service as offers
from dispatch.planning.proposals import making
from dispatch.planning.runs import parts
from dispatch.requests import service as requests

SWEEP_SECONDS = 30


def register_jobs() -> None:
    """Tell the engine every verb it may be asked to run."""
    engine.job("deliver_message")(deliver_message)
    engine.job("plan_in_parts")(making.plan_in_parts)
    engine.job("solve_part", heavy=True)(parts.solve_part)
    engine.every(SWEEP_SECONDS, "sweep")(sweep)


def deliver_message(message_id: int) -> float | None:
    """Try to send one message; return in how many seconds to try again, if at all."""
    return messaging.deliver(message_id, clock.now())


def sweep() -> None:
    """Expire offers, remind, close what is past: each in a transaction of its own."""
    for verb in (
        offers.expire_due,
        offers.remind_due,
        assignments.remind_due,
        requests.close_past,
        assignments.complete_past,
    ):
        with transaction():
            verb(clock.now())
