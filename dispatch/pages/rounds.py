"""Where rounds that go on by themselves stand, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rounds import AT_ONCE, tiers_after
from dispatch.offers.rules import AGENCY, NEVER_ASKED, OfferState, RoundState, Strategy
from dispatch.pages.words import TIERS
from dispatch.settings import active
from dispatch.web.formats import local_datetime


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
    asked = [one for one in offers if one.state not in NEVER_ASKED]
    people = len({one.interpreter_id for one in asked})  # asked anew after a change is no other
    so_far = ngettext(
        "%(num)d person was asked so far.", "%(num)d people were asked so far.", people
    )
    so_far = " ".join([so_far, *_long_ways(offers)])
    waiting = [one for one in asked if one.state == OfferState.MADE]
    if offer_round.strategy == Strategy.INTEREST:
        return Standing(offer_round, f"{so_far} {_interest(offers)}", None)
    if offer_round.tier == AGENCY:
        return Standing(offer_round, f"{so_far} {_to_call(offer_round)}", None)
    if offer_round.strategy in AT_ONCE:
        silent = ngettext(
            "%(num)d has not answered yet; the first yes counts.",
            "%(num)d have not answered yet; the first yes counts.",
            len(waiting),
        )
        last = _("Asked last: %(tier)s.", tier=TIERS[offer_round.tier]) if offer_round.tier else ""
        sentence = " ".join(one for one in (so_far, last, silent) if one)
        if tiers_after(offer_round, offer_round.tier) == (AGENCY,) and offer_round.next_at:
            when = local_datetime(offer_round.next_at, offer_round.interpretation_request.time_zone)
            call = _to_call(offer_round)
            later = _("If nobody has accepted by %(when)s: %(call)s", when=when, call=call)
            return Standing(offer_round, f"{sentence} {later}", None)
        return Standing(offer_round, sentence, offer_round.next_at)
    if not waiting and any(one.state == OfferState.TO_APPROVE for one in offers):
        return Standing(offer_round, so_far, None)
    if not waiting:
        choosing = _("The next is being chosen.")
        return Standing(offer_round, f"{so_far} {choosing}", None)
    now = _("%(name)s is asked now.", name=waiting[0].interpreter.name)
    return Standing(offer_round, f"{so_far} {now}", waiting[0].answer_by)


def _long_ways(offers: Sequence[Offer]) -> list[str]:
    """Return who is asked once the office has approved the way."""
    return [
        _(
            "The way of %(name)s waits for the office until %(when)s.",
            name=one.interpreter.name,
            when=local_datetime(one.answer_by, one.interpretation_request.time_zone),
        )
        for one in offers
        if one.state == OfferState.TO_APPROVE
    ]


def _to_call(offer_round: OfferRound) -> str:
    """Return whom the office calls itself; no message goes to an agency."""
    language = offer_round.interpretation_request.language
    agencies = active().city.agencies_for(language)
    return " ".join(
        _("Call %(name)s, %(phone)s.", name=one.name, phone=one.phone) for one in agencies
    )


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
