"""Where rounds that go on by themselves stand, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rounds import AT_ONCE
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.pages.words import TIERS


@dataclass(frozen=True)
class Standing:
    """A round, how far it is, and when the next is asked if nothing happens before."""

    round: OfferRound
    sentence: str
    next_at: datetime | None


def standing(offers: Sequence[Offer]) -> list[Standing]:
    """Return where the open rounds of a request stand, from all its offers; no direct ones."""
    found = {
        one.round.id: one.round
        for one in offers
        if one.round.state == RoundState.OPEN and one.round.strategy != Strategy.DIRECT
    }
    return [
        _standing(one, [offer for offer in offers if offer.round_id == one.id])
        for one in found.values()
    ]


def _standing(offer_round: OfferRound, offers: Sequence[Offer]) -> Standing:
    so_far = ngettext(
        "%(num)d person was asked so far.", "%(num)d people were asked so far.", len(offers)
    )
    waiting = [one for one in offers if one.state == OfferState.MADE]
    if offer_round.strategy == Strategy.INTEREST:
        return Standing(offer_round, f"{so_far} {_interest(offers)}", None)
    if offer_round.strategy in AT_ONCE:
        silent = ngettext(
            "%(num)d has not answered yet; the first yes counts.",
            "%(num)d have not answered yet; the first yes counts.",
            len(waiting),
        )
        last = _("Asked last: %(tier)s.", tier=TIERS[offer_round.tier]) if offer_round.tier else ""
        sentence = " ".join(one for one in (so_far, last, silent) if one)
        return Standing(offer_round, sentence, offer_round.next_at)
    if not waiting:
        choosing = _("The next is being chosen.")
        return Standing(offer_round, f"{so_far} {choosing}", None)
    now = _("%(name)s is asked now.", name=waiting[0].interpreter.name)
    return Standing(offer_round, f"{so_far} {now}", waiting[0].answer_by)


def _interest(offers: Sequence[Offer]) -> str:
    could = [one for one in offers if one.state == OfferState.INTERESTED]
    silent = [one for one in offers if one.state == OfferState.MADE and not one.exclusive]
    chosen = [one for one in offers if one.state == OfferState.MADE and one.exclusive]
    said = [ngettext("%(num)d could come.", "%(num)d could come.", len(could))]
    if silent:
        said.append(
            ngettext("%(num)d has not answered yet.", "%(num)d have not answered yet.", len(silent))
        )
    said += [_("%(name)s is chosen and asked.", name=one.interpreter.name) for one in chosen]
    if could and not chosen:
        said.append(_("Choose who comes."))
    return " ".join(said)
