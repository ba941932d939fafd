"""Which sites of the register somebody is shown: no place that is hidden from everybody."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site
from dispatch.sites.rules import KNOWN_TO_ALL


def shown_to(organisation_id: int | None) -> Any:
    """Return the condition for sites that members of an organisation find; all for the office.

    They find what is public or known to everybody, what belongs to them, and what they have asked
    for before: where a shelter is learns nobody who does not know (decision 0042).
    """
    if organisation_id is None:
        return sa.true()
    return sa.or_(
        Site.is_public,
        Site.kind.in_(KNOWN_TO_ALL),
        Site.organisation_id == organisation_id,
        sa.exists().where(
            InterpretationRequest.site_id == Site.id,
            InterpretationRequest.organisation_id == organisation_id,
        ),
    )


def by_number(number: str, organisation_id: int | None) -> Site:
    """Return the site of a number in the register; `Refusal` where none is shown to them."""
    found = db.session.scalar(
        sa.select(Site).where(Site.register_number == number, shown_to(organisation_id))
    )
    if found is None:
        raise unknown(number)
    return found


def unknown(number: str) -> Refusal:
    """Return the refusal of a number that no site shown to them has."""
    return Refusal(
        "unknown-site",
        _l(
            "“%(number)s” is no number in the register of sites; look it up there",
            number=number[:40],
        ),
        field="site",
    )


def find(site_id: int, organisation_id: int | None) -> Site | None:
    """Return the site of this id; None where there is none, or none that is shown to them."""
    return db.session.scalar(sa.select(Site).where(Site.id == site_id, shown_to(organisation_id)))
