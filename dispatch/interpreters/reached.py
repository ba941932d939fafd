"""Whom of the pool messages reach no more, and what helps: the telephone."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.messaging.reached import is_unreached
from dispatch.messaging.rules import Channel


def unreached(people: Collection[int]) -> Mapping[int, Sequence[Channel]]:
    """Return by id the channels that reach somebody no more; whoever is reached is not in it."""
    rows = db.session.execute(
        sa.select(
            Interpreter.id,
            is_unreached(Account.email, Channel.EMAIL),
            is_unreached(Interpreter.phone, Channel.SMS),
        )
        .join(Interpreter.account)
        .where(Interpreter.id.in_(people))
    )
    found = {
        id_: [*([Channel.EMAIL] if by_mail else []), *([Channel.SMS] if by_sms else [])]
        for id_, by_mail, by_sms in rows
    }
    return {id_: channels for id_, channels in found.items() if channels}


def in_words(one: Interpreter, channels: Sequence[Channel]) -> str:
    """Return what does not arrive, and the number to call instead, as a part of a sentence."""
    if Channel.SMS not in channels:
        return _("e-mails do not arrive: call %(phone)s", phone=one.phone)
    if Channel.EMAIL not in channels:
        return _("SMS do not arrive: call %(phone)s", phone=one.phone)
    return _("neither e-mails nor SMS arrive: call %(phone)s", phone=one.phone)
