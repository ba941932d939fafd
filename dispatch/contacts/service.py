"""Choosing how one hears of what, and what people have chosen."""

from collections.abc import Collection, Mapping
from datetime import datetime, time

import sqlalchemy as sa

from dispatch.contacts import choosing
from dispatch.contacts.choosing import Choice, Topic, Wishes
from dispatch.contacts.models import HearingWish
from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import following, resting
from dispatch.messaging.rules import Channel
from dispatch.settings import active

MOST_IN_A_QUERY = 500


def choose(
    actor: Actor,
    account_id: int,
    choices: Mapping[Topic, Choice],
    quiet: tuple[time | None, time | None],
    *,
    now: datetime,
) -> None:
    """Keep how an account wants to hear of these topics, and when it rests (None: as the city).

    Both hold for what waits to be sent as well.

    Raises `Refusal` for a choice a topic does not have, and for quiet hours that are none.
    """
    choosing.require_offered(choices)
    hours = choosing.quiet_hours(*quiet)
    row = sa.select(HearingWish).where(HearingWish.account_id == account_id).with_for_update()
    wish = db.session.scalar(row.execution_options(populate_existing=True))
    if wish is None:
        wish = HearingWish(account_id=account_id, choices={})
        db.session.add(wish)
    wish.choices = wish.choices | {str(topic): str(choice) for topic, choice in choices.items()}
    wish.quiet_hours = hours
    chosen = _wishes(wish)
    _leave_off(account_id, chosen, now)
    resting.change_hours(account_id, choosing.hours_of(chosen, active().city), now=now)
    ledger.record(
        actor,
        "account.hearing_chosen",
        Concerning(account=account_id),
        now=now,
        fields=["choices", "quiet_hours"],
    )


def _leave_off(account_id: int, wishes: Wishes, now: datetime) -> None:
    """Have what waits to go by a way that is switched off by now go by mail, or not at all."""
    by_mail, not_at_all = (
        choosing.messages_of([one for one in Topic if wishes.about(one) == choice])
        for choice in (Choice.MAIL, Choice.NONE)
    )
    following.leave_off(account_id, Channel.SMS, by_mail, by_mail=True, now=now)
    for channel in Channel:
        following.leave_off(account_id, channel, not_at_all, by_mail=False, now=now)


def wishes_of(account_ids: Collection[int]) -> dict[int, Wishes]:
    """Return what these accounts have chosen, without those that have chosen nothing."""
    ids = sorted(set(account_ids))
    found: dict[int, Wishes] = {}
    for first in range(0, len(ids), MOST_IN_A_QUERY):
        some = HearingWish.account_id.in_(ids[first : first + MOST_IN_A_QUERY])
        for row in db.session.scalars(sa.select(HearingWish).where(some)):
            found[row.account_id] = _wishes(row)
    return found


def _wishes(row: HearingWish) -> Wishes:
    choices = {Topic(topic): Choice(choice) for topic, choice in row.choices.items()}
    return Wishes(choices, row.quiet_hours)
