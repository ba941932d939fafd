"""How a message changes its state: as the table allows, to be handed over, and for good, unsent."""

from datetime import datetime

from dispatch import engine
from dispatch.messaging import rules
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState


def become(message: Message, state: MessageState) -> None:
    """Change the state; raises ValueError for what `rules.TRANSITIONS` does not allow."""
    if state not in rules.TRANSITIONS[MessageState(message.state)]:
        raise ValueError(f"a message that is {message.state} cannot become {state}")
    message.state = state


def begin(message: Message, now: datetime) -> None:
    """Note that a message is handed over from now on, perhaps once more."""
    message.perhaps_repeated |= message.may_have_left
    become(message, MessageState.SENDING)
    message.attempts += 1
    message.handed_over_at, message.next_try_at = now, None
    message.handed_over_by = engine.current_job()


def close(message: Message, code: str) -> None:
    """Settle a message that must not go out any more; `code` says why (`words.py`)."""
    become(message, MessageState.SETTLED)
    message.error_code, message.error, message.next_try_at = code, "", None
    forget_secret(message)


def forget_secret(message: Message) -> None:
    """Keep the text of a message that is done with, without what makes its link or code work.

    Nothing of it is written anew, either.
    """
    body = rules.without_secrets(message.body)
    message.has_lost_secret |= body != message.body
    message.body, message.parts = body, None
