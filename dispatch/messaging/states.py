"""The two ways a message changes its state: as the table allows, and for good, unsent."""

from dispatch.messaging import rules
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState


def become(message: Message, state: MessageState) -> None:
    """Change the state; raises ValueError for what `rules.TRANSITIONS` does not allow."""
    if state not in rules.TRANSITIONS[MessageState(message.state)]:
        raise ValueError(f"a message that is {message.state} cannot become {state}")
    message.state = state


def close(message: Message, code: str) -> None:
    """Settle a message that must not go out any more; `code` says why (`words.py`)."""
    become(message, MessageState.SETTLED)
    message.error_code, message.error, message.next_try_at = code, "", None
    message.body = rules.without_secrets(message.body)
