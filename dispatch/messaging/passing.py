"""Numbers that are known for one message only, and forgotten with what it was about."""

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging.models import Message


def forget(about: str) -> None:
    """Forget to whom messages about a thing went; what they said and what became of them stays."""
    to_them = sa.update(Message).where(Message.about == about).values(recipient="")
    db.session.execute(to_them.execution_options(synchronize_session="fetch"))
