"""What became of a burst: nothing lost, nothing repeated unmarked, nothing that no longer stood."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bench.burst import crowd
from bench.burst.faults import Carriers, Fault, Taken
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState

URGENT_SECONDS = 10.0
DRAIN_SECONDS = 120.0
CLOCK_SECONDS = 0.05
IN_DOUBT = frozenset({Fault.CUT, Fault.HTML})
"""Faults after which nobody knows: a mail is handed over once more and marked."""


@dataclass(frozen=True)
class Verdict:
    """Counts and seconds of a burst; `repeated` is what a carrier has twice, by our own doing.

    `doubted` came twice because a carrier cut us off after taking it. `unmarked` were repeated
    without the row saying so. `impatient` were claimed while a carrier had asked to wait
    (Retry-After) and our database said so, `under_way` before it did, and called then. `stubborn`
    called a mail server then, which is busy (421) and names no time: the third in a row closes its
    way.
    """

    messages: int
    drained_seconds: float
    kills: int
    most_in_flight: int
    lost: int
    repeated: int
    doubted: int
    unmarked: int
    not_standing: int
    out_of_order: int
    impatient: int
    under_way: int
    stubborn: int
    urgent: int
    urgent_worst_seconds: float
    states: dict[str, int]

    @property
    def faults(self) -> list[str]:
        """Return what went wrong, in words; nothing where all is well."""
        found = {
            f"{self.lost} lost": self.lost > 0,
            f"{self.repeated} repeated by {self.kills} kills": (
                self.repeated > self.kills * self.most_in_flight
            ),
            f"{self.unmarked} repeated and not marked": self.unmarked > 0,
            f"{self.not_standing} sent that no longer stood": self.not_standing > 0,
            f"{self.out_of_order} overtaken": self.out_of_order > 0,
            f"{self.impatient} calls before Retry-After": self.impatient > 0,
            f"urgent after {self.urgent_worst_seconds:.1f} s": (
                self.urgent_worst_seconds > URGENT_SECONDS
            ),
            f"drained after {self.drained_seconds:.0f} s": self.drained_seconds > DRAIN_SECONDS,
            "still on their way": any(
                self.states.get(state) for state in (MessageState.QUEUED, MessageState.SENDING)
            ),
        }
        return [words for words, is_so in found.items() if is_so]


def judge(
    carriers: Carriers, *, drained_seconds: float, kills: int, most_in_flight: int
) -> Verdict:
    """Compare what the database says with what the carriers have."""
    messages = list(crowd.rows())
    have: dict[str, list[Taken]] = defaultdict(list)
    for one in carriers.taken:
        have[one.key].append(one)
    repeats = {one.id: len(have[_key(one)]) - 1 for one in messages if len(have[_key(one)]) > 1}
    by_id = {one.id: one for one in messages}
    doubted = {id_ for id_ in repeats if carriers.met.get(by_id[id_].recipient) in IN_DOUBT}
    waits = [_waited(one, have[_key(one)]) for one in messages if one.urgent]
    return Verdict(
        messages=len(messages),
        drained_seconds=drained_seconds,
        kills=kills,
        most_in_flight=most_in_flight,
        lost=sum(_is_lost(one, have[_key(one)]) for one in messages),
        repeated=sum(more for id_, more in repeats.items() if id_ not in doubted),
        doubted=len(doubted),
        unmarked=sum(not by_id[id_].perhaps_repeated for id_ in repeats),
        not_standing=sum(_stood_no_more(one, have[_key(one)]) for one in messages),
        out_of_order=_out_of_order(messages, have),
        impatient=carriers.impatient,
        under_way=carriers.under_way,
        stubborn=carriers.stubborn,
        urgent=len(waits),
        urgent_worst_seconds=max(waits, default=0.0),
        states=dict(Counter(one.state for one in messages)),
    )


def _key(message: Message) -> str:
    """Return how a carrier knows it: a mail by its Message-ID, an SMS by where its receipt goes."""
    return (message.mail_id or "") if message.channel == Channel.EMAIL else str(message.id)


def _is_lost(message: Message, have: Sequence[Taken]) -> bool:
    """Tell whether it is said to be sent and nobody has it, or is over without a reason."""
    if message.state == MessageState.SENT:
        return not have
    return message.state == MessageState.FAILED or (
        message.state == MessageState.SETTLED and not message.error_code
    )


def _stood_no_more(message: Message, have: Sequence[Taken]) -> bool:
    ends = [one for one in (message.taken_back_at, message.makes_sense_until) if one is not None]
    if not ends or not have:
        return False
    claimed = message.handed_over_at
    return claimed is None or claimed.timestamp() > min(ends).timestamp() + CLOCK_SECONDS


def _out_of_order(messages: Sequence[Message], have: dict[str, list[Taken]]) -> int:
    """Count the messages to one recipient about one thing that came before an earlier one."""
    last: dict[tuple[str, str], float] = {}
    overtaken = 0
    for message in messages:
        times = [one.at for one in have[_key(message)]]
        if not times:
            continue
        line = (message.recipient, message.about)
        overtaken += min(times) < last.get(line, 0.0)
        last[line] = max(times[0], last.get(line, 0.0))
    return overtaken


def _waited(message: Message, have: Sequence[Taken]) -> float:
    if not have:
        return float("inf")
    return max(0.0, have[0].at - message.queued_at.timestamp())
