"""The verbs of offers, by where they are: asking, answering, ending, the course of a round."""

from dispatch.offers.answering import accept, decline, terms_of
from dispatch.offers.asking import assign, make, put, remind, to_remind
from dispatch.offers.ending import due, expire, stop, take_back, withdraw
from dispatch.offers.locking import lock, lock_round
from dispatch.offers.recording import record
from dispatch.offers.rounds import due as rounds_due
from dispatch.offers.rounds import exhaust, wants_next
from dispatch.offers.seats import AS_ASKED, Wanted, free_seats

__all__ = [
    "AS_ASKED",
    "Wanted",
    "accept",
    "assign",
    "decline",
    "due",
    "exhaust",
    "expire",
    "free_seats",
    "lock",
    "lock_round",
    "make",
    "put",
    "record",
    "remind",
    "rounds_due",
    "stop",
    "take_back",
    "terms_of",
    "to_remind",
    "wants_next",
    "withdraw",
]
