"""What the engine runs, one line each: messages, what falls due at an instant, parts of plans."""

from collections.abc import Callable
from datetime import datetime

from dispatch import clock, engine
from dispatch.assignments import service as assignments
from dispatch.messaging import service as messaging
from dispatch.offers import service as offers
from dispatch.planning.proposals import making
from dispatch.planning.runs import parts
from dispatch.requests import service as requests


def register_jobs() -> None:
    """Tell the engine every verb it may be asked to run."""
    engine.job("deliver_message")(deliver_message)
    engine.job("plan_in_parts")(making.plan_in_parts)
    engine.job("solve_part", heavy=True)(parts.solve_part)
    engine.deadline("expire_offer", offers.due, _at(offers.expire))
    engine.deadline("remind_of_offer", offers.to_remind, _at(offers.remind))
    engine.deadline("remind_of_assignment", assignments.to_remind, _at(assignments.remind))
    engine.deadline("say_still_open", requests.words_due, _at(requests.say_still_open))
    engine.deadline("close_request", requests.past_due, _at(requests.close_past))
    engine.deadline(
        "complete_assignment", assignments.unreported, _at(assignments.complete_unreported)
    )


def deliver_message(message_id: int) -> float | None:
    """Try to send one message; return in how many seconds to try again, if at all."""
    return messaging.deliver(message_id, clock.now())


def _at(verb: Callable[..., object]) -> Callable[[int, datetime], object]:
    """Return the verb as the engine calls it, with the time it is."""
    return lambda id_, now: verb(id_, now=now)
