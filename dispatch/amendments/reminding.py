"""Reminding whoever has to agree to a change and has not answered, once."""

from datetime import datetime

from dispatch.amendments import locking, messages
from dispatch.assignments import terms as agreed


def remind(question_id: int, *, now: datetime) -> None:
    """Remind whoever has not answered; once, of all that was asked together and is due as well."""
    for each in locking.asked_together(question_id):
        question = locking.lock(each)
        if agreed.open_question(question.assignment) is not question:
            continue
        due, last = question.remind_at, question.answer_by
        if due is None or due > now or last is None or last <= now:
            continue
        question.remind_at = None
        messages.half_time(question, now)
