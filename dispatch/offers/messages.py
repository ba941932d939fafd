"""How an interpreter is asked, and how everyone who was asked hears the outcome."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import settings
from dispatch.assignments.messages import facts_of
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import Channel
from dispatch.messaging.service import Recipient
from dispatch.offers.models import Offer
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class OfferFacts:
    """What an offer may say: date, time, district or public place, language, link, deadline.

    An SMS has room for `short_day`, `district` and `short_answer_by` only.
    """

    name: str
    day: str
    short_day: str
    start: str
    end: str
    place: str
    district: str
    language: str
    answer_by: str
    short_answer_by: str
    link: str


def ask(offer: Offer, token: str, now: datetime) -> None:
    """Put the question by mail and by SMS; both carry the same signed link."""
    link = f"{settings.active().base_url}/o/{token}"
    for channel in (Channel.EMAIL, Channel.SMS):
        _send("offer", offer, channel, link, now)


def tell_outcome(offer: Offer, name: str, now: datetime) -> None:
    """Tell the person who was asked how it ended, or that the deadline is near."""
    _send(name, offer, Channel.EMAIL, f"{settings.active().base_url}/offers", now)


def _send(name: str, offer: Offer, channel: Channel, link: str, now: datetime) -> None:
    interpreter = offer.interpreter
    account = interpreter.account
    address = account.email if channel == Channel.EMAIL else interpreter.phone
    messaging.queue(
        name,
        channel=channel,
        recipient=Recipient(address, interpreter.name, account.locale),
        facts=_facts(offer, account.locale, link),
        about=f"offer:{offer.id}",
        now=now,
    )


def _facts(offer: Offer, locale: str, link: str) -> OfferFacts:
    zone = offer.assignment.interpretation_request.time_zone
    about = facts_of(offer.assignment, locale)
    due_at = time_in(offer.answer_by, zone)
    return OfferFacts(
        name=about.name,
        day=about.day,
        short_day=about.short_day,
        start=about.start,
        end=about.end,
        place=about.place,
        district=about.district,
        language=about.language,
        answer_by=f"{date_in(offer.answer_by, zone, locale)}, {due_at}",
        short_answer_by=f"{short_date_in(offer.answer_by, zone, locale)} {due_at}",
        link=link,
    )
