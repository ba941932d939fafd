"""What became of adopting a proposal, in sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from dispatch.planning.advice import wording
from dispatch.planning.proposals.service import Adopted
from dispatch.planning.snapshot.named import people_of, requests_of
from dispatch.web.formats import local_date


def done_line(adopted: Adopted) -> str:
    """Return who was asked for which days and who was released for it, and how it is undone."""
    count = len(adopted.offers)
    if not count:
        return _("Nothing of the proposal was adopted; nobody was asked.")
    days = sorted({one.interpretation_request.day for one in adopted.offers})
    done = [
        ngettext(
            "%(num)d offer was made, for %(days)s: %(names)s.",
            "%(num)d offers were made, for %(days)s: %(names)s.",
            count,
            names=wording.listed(one.interpreter.name for one in adopted.offers),
            days=wording.listed(local_date(day) for day in days),
        )
    ]
    if adopted.released:
        names = wording.listed(one.interpreter.name for one in adopted.released)
        done.append(_("Released and told: %(names)s.", names=names))
    done.append(_("A plan is not undone in one step: take back single questions on the board."))
    return " ".join(done)


def dropped_lines(adopted: Adopted) -> list[str]:
    """Return for each part that was not adopted what it was and why."""
    interpretation_requests = requests_of(one.item.request_id for one in adopted.dropped)
    people = people_of(one.item.interpreter_id for one in adopted.dropped)
    return [
        _(
            "Not adopted: %(reference)s, %(name)s. %(reason)s",
            reference=interpretation_requests[dropped.item.request_id].reference,
            name=people[dropped.item.interpreter_id].name,
            reason=str(dropped.reason),
        )
        for dropped in adopted.dropped
    ]
