"""What the engine runs, one line each: messages, what falls due at an instant, parts of plans.

What plans is imported when it runs: the solver takes longer to load than a command may to start.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from dispatch import clock, engine, settings
from dispatch.accounts import alarms, kept, links, sessions, tries
from dispatch.amendments import queries as changed_terms
from dispatch.amendments import reminding
from dispatch.amendments import service as amendments
from dispatch.assignments import reminding as evening
from dispatch.assignments import service as assignments
from dispatch.attendance import day_before
from dispatch.busy import service as busy
from dispatch.clients import service as clients
from dispatch.database import transaction
from dispatch.drafts import service as drafts
from dispatch.emergency import service as emergency
from dispatch.engine.standing import STOOD_STILL
from dispatch.inbound import service as inbound
from dispatch.inbound import settling as settled_mail
from dispatch.inspections import service as inspections
from dispatch.ledger import sealing
from dispatch.messaging import codes
from dispatch.messaging import service as messaging
from dispatch.messaging.batches import at_once
from dispatch.messaging.rules import Channel, delivery_job
from dispatch.offers import grown_ways, renewing
from dispatch.offers import service as offers
from dispatch.offers.rounds import CARRY_ON
from dispatch.requests import files, waiting
from dispatch.requests.looking import LOOK_AGAIN
from dispatch.requests.service import BEGIN_ROUND
from dispatch.sms import confirming
from dispatch.sms import service as sms
from dispatch.sms import settling as settled_sms
from dispatch.web import once

ALARM_SECONDS = 60
FORGET_SECONDS = 300
PARTS_AT_ONCE = 2
FILL_SECONDS = 3600
SEAL_SECONDS = 3600
LOOK_SECONDS = 120
FREE_SECONDS = 600
CALENDARS_SECONDS = 300
CALENDARS_AT_ONCE = 2
ROOMS_THAT_FORGET = (
    sessions, links, tries, kept, once, inbound, drafts, sms, confirming, codes, files,
    inspections,
)  # fmt: skip


def register_jobs() -> None:
    """Tell the engine every verb it may be asked to run."""
    for channel in Channel:
        # threads of its own for each: a server that hangs stops its own channel and nothing else
        for urgent in (False, True):
            threads = at_once(channel, urgent=urgent)
            engine.job(delivery_job(channel, urgent=urgent), at_once=threads)(deliver_messages)
    engine.job("send_sign_in_link")(send_sign_in_link)
    engine.job("plan_in_parts")(plan_in_parts)
    engine.job("solve_part", at_once=PARTS_AT_ONCE)(solve_part)
    engine.job("fill_travel_times", at_once=1)(fill_travel_times)
    engine.every(FILL_SECONDS, "fill_travel_times")(fill_travel_times)
    engine.every(emergency.WRITTEN_EVERY_SECONDS, "write_emergency_list")(write_emergency_list)
    engine.every(SEAL_SECONDS, "seal_record")(seal_record)
    engine.every(ALARM_SECONDS, "look_whether_sms_go_out")(look_whether_sms_go_out)
    engine.job(STOOD_STILL)(say_it_stood_still)
    engine.every(FORGET_SECONDS, "forget_what_ran_out")(forget_what_ran_out)
    _register_what_becomes_of_offers()
    engine.deadline("expire_terms", changed_terms.due, amendments.expire)
    engine.deadline("remind_of_terms", changed_terms.to_remind, reminding.remind)
    engine.deadline("remind_of_assignment", evening.to_remind, evening.remind)
    engine.deadline("remind_client", clients.to_remind, clients.remind)
    engine.deadline("forget_client", clients.to_forget, clients.forget)
    engine.deadline("remind_again", evening.to_remind_again, evening.remind_again)
    engine.job("look_for_help", at_once=1)(look_for_help)
    engine.deadline("take_up_message", messaging.stranded, messaging.take_up)
    engine.job(LOOK_AGAIN, at_once=1)(look_again)
    engine.job(files.TAKE_FILE, at_once=1)(files.take_over)
    engine.every(LOOK_SECONDS, "look_who_is_late")(look_who_is_late)
    engine.deadline("ask_day_before", day_before.to_ask, day_before.ask)
    engine.deadline("say_still_open", waiting.words_due, waiting.say_still_open)
    engine.deadline("close_request", waiting.past_due, waiting.close_past)
    engine.deadline(sms.TAKE, sms.to_take, sms.take)
    engine.deadline(inbound.TAKE, inbound.to_take, inbound.take)
    for room in (settled_sms, settled_mail):
        engine.deadline(room.SETTLE, room.to_settle, room.settle_by_itself)
    if settings.active().imap_url:
        engine.listener("listen_to_mailbox")(listen_to_mailbox)
    engine.job(busy.READ, at_once=CALENDARS_AT_ONCE)(read_private_calendar)
    engine.every(CALENDARS_SECONDS, "read_private_calendars")(read_private_calendars)
    engine.deadline("complete_assignment", assignments.unreported, assignments.complete_unreported)


def _register_what_becomes_of_offers() -> None:
    engine.deadline("expire_offer", offers.due, offers.expire)
    engine.deadline("remind_of_offer", offers.to_remind, offers.remind)
    engine.deadline(offers.MAKE_WAY, offers.in_the_way, offers.make_way)
    engine.deadline(grown_ways.WAY_GROWN, grown_ways.grown, renewing.put_grown_to_office)
    engine.deadline(CARRY_ON, offers.rounds_due, carry_on)
    engine.deadline(BEGIN_ROUND, to_begin, begin_round)
    engine.every(FREE_SECONDS, "ask_who_is_free")(ask_who_is_free)


def deliver_messages(*message_ids: int) -> float | None:
    """Try to send these; of a single one return in how many seconds to try again, if at all."""
    return messaging.deliver_in_turn(message_ids, clock.now)


def listen_to_mailbox() -> float:
    """Store what came in and what comes in; return in how many seconds to look again."""
    url = settings.active().imap_url
    return inbound.listen(url, clock.now, engine.stopping.is_set) if url else FORGET_SECONDS


def send_sign_in_link(wanted_id: int) -> None:
    """Make and mail the link somebody wants, if there is such an account."""
    here = settings.active()
    with transaction():
        links.send_wanted(wanted_id, base_url=here.base_url, city=here.city, now=clock.now())


def seal_record() -> None:
    """Put a seal on what was written down since the last one."""
    with transaction():
        sealing.seal(now=clock.now())


def plan_in_parts(run_id: int) -> None:
    """Carry a planning run out that the workers share."""
    from dispatch.planning.proposals import making

    making.plan_in_parts(run_id)


def solve_part(part_id: int) -> None:
    """Solve one part of a planning run."""
    from dispatch.planning.runs import parts

    parts.solve_part(part_id)


def fill_travel_times() -> None:
    """Look up the ways from and to places that are new."""
    from dispatch.planning.snapshot import filling

    filling.fill_travel_times()


def carry_on(round_id: int, *, now: datetime) -> None:
    """Ask the next best of a round that waits for it."""
    from dispatch.planning.rounds import service as rounds

    rounds.carry_on(round_id, now=now)


def ask_who_is_free() -> None:
    """Ask who is new, or free by now for another reason, in every round that is open for it."""
    from dispatch.planning.rounds import service as rounds

    rounds.ask_who_is_free(now=clock.now())


def to_begin(now: datetime) -> Sequence[int]:
    """Return the requests whose round is to begin by itself."""
    from dispatch.planning.rounds import automatic

    return automatic.to_begin(now)


def begin_round(request_id: int, *, now: datetime) -> None:
    """Begin the round of a request by itself, as is agreed with who asked."""
    from dispatch.planning.rounds import automatic

    automatic.begin(request_id, now=now)


def look_for_help(request_id: int) -> None:
    """Have the solver look what would help a request that nobody could be found for."""
    from dispatch.planning.rounds import service as rounds

    rounds.look_for_help(request_id, now=clock.now())


def look_again(day: str) -> None:
    """Have the solver look what would mend a day on which somebody fell out.

    Where somebody is free by now for whom a round has room, they are asked first.
    """
    from dispatch.planning.proposals import repairing
    from dispatch.planning.rounds import service as rounds

    rounds.ask_who_is_free(on=date.fromisoformat(day), now=clock.now())
    repairing.look_again(day, now=clock.now())


def look_who_is_late() -> None:
    """Have the days looked at again on which somebody runs late by now, with nobody saying so."""
    from dispatch.planning.proposals import repairing

    for day in repairing.days_to_look_at(clock.now()):
        look_again(day)


def read_private_calendars() -> None:
    """Have every private calendar read whose time has come."""
    now = clock.now()
    with transaction():
        for calendar_id in busy.due(now):
            engine.enqueue(busy.READ, calendar_id, key=f"calendar-{calendar_id}-{now:%Y%m%d%H%M}")


def read_private_calendar(calendar_id: int) -> None:
    """Read one private calendar again."""
    busy.read_again(calendar_id, now=clock.now())


def write_emergency_list() -> None:
    """Write the list for the day when nothing works."""
    emergency.write(now=clock.now())


def look_whether_sms_go_out() -> None:
    """Tell those who look after it when SMS have not gone out for a while, or do again."""
    with transaction():
        alarms.look(now=clock.now())


def say_it_stood_still(since_seconds: int, until_seconds: int) -> None:
    """Tell those who look after it that no worker ran, from when to when, and what it cost."""
    since, until = (datetime.fromtimestamp(one, UTC) for one in (since_seconds, until_seconds))
    with transaction():
        alarms.say_it_stood_still(
            since,
            until,
            questions=offers.ran_out_between(since, until),
            begun=waiting.began_unfilled_between(since, until),
            now=clock.now(),
        )


def forget_what_ran_out() -> None:
    """Delete sessions, links, tries, drafts, codes, texts and files that matter no more."""
    for room in ROOMS_THAT_FORGET:
        with transaction():
            room.forget_old(clock.now())
