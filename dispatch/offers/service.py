"""The verbs of offers, by where they are: asking, answering, ending, the course of a round."""

from dispatch.offers.answering import accept, decline, terms_of
from dispatch.offers.approving import approve, refuse
from dispatch.offers.asking import (
    assign,
    make,
    make_to_all,
    make_to_tier,
    put,
    put_to_office,
)
from dispatch.offers.ending import (
    MAKE_WAY,
    due,
    expire,
    in_the_way,
    make_way,
    ran_out_between,
    say_nothing,
    stop,
    take_back,
    withdraw,
)
from dispatch.offers.interest import choose, could_come
from dispatch.offers.known import known_of
from dispatch.offers.locking import lock, lock_round, lock_together
from dispatch.offers.recording import record
from dispatch.offers.reminding import remind, to_remind
from dispatch.offers.rounds import (
    ask_by,
    exhaust,
    require_none_of,
    tiers_after,
    turn_to_agency,
    waiting_for_the_first,
    wants_next,
)
from dispatch.offers.rounds import begin as begin_round
from dispatch.offers.rounds import due as rounds_due
from dispatch.offers.seats import AS_ASKED, Wanted, free_seats
from dispatch.offers.unsaying import unsay

__all__ = [
    "AS_ASKED",
    "MAKE_WAY",
    "Wanted",
    "accept",
    "approve",
    "ask_by",
    "assign",
    "begin_round",
    "choose",
    "could_come",
    "decline",
    "due",
    "exhaust",
    "expire",
    "free_seats",
    "in_the_way",
    "known_of",
    "lock",
    "lock_round",
    "lock_together",
    "make",
    "make_to_all",
    "make_to_tier",
    "make_way",
    "put",
    "put_to_office",
    "ran_out_between",
    "record",
    "refuse",
    "remind",
    "require_none_of",
    "rounds_due",
    "say_nothing",
    "stop",
    "take_back",
    "terms_of",
    "tiers_after",
    "to_remind",
    "turn_to_agency",
    "unsay",
    "waiting_for_the_first",
    "wants_next",
    "withdraw",
]
