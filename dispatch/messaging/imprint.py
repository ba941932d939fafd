"""What stands below each mail: which city writes, where it has its seat, how it is reached."""

from dataclasses import dataclass

from dispatch.messaging.rendering import render
from dispatch.settings import active


@dataclass(frozen=True)
class ImprintFacts:
    """Who is answerable for a mail, as the city's file says."""

    imprint_name: str
    imprint_address: str
    imprint_contact: str
    phone: str


def with_imprint(text: str, locale: str) -> str:
    """Return the text of a mail with the imprint of the city below it."""
    city = active().city
    facts = ImprintFacts(
        imprint_name=city.imprint.name,
        imprint_address=city.imprint.address,
        imprint_contact=city.imprint.contact,
        phone=city.office_phone,
    )
    return f"{text}\n\n{render('shared', 'imprint', locale, facts)}"
