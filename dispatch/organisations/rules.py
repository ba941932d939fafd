"""What is agreed with those who ask: how interpreters are asked for them."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal


class OrganisationKind(StrEnum):
    """What an organisation is."""

    CITY_DEPARTMENT = "city_department"
    CLINIC = "clinic"
    COURT = "court"
    JOB_CENTRE = "job_centre"
    KINDERGARTEN = "kindergarten"
    POLICE = "police"
    SCHOOL = "school"
    WELFARE_ASSOCIATION = "welfare_association"
    OTHER = "other"


class Strategy(StrEnum):
    """How a round asks."""

    DIRECT = "direct"
    """One person, named by somebody or by a plan; nobody else follows by itself."""

    CASCADE = "cascade"
    """One after another, each the best there is by then, until somebody says yes."""

    BROADCAST = "broadcast"
    """Several at once, without holding their time; the first valid yes comes."""

    TIERS = "tiers"
    """At once all of the first tier, and after a while those of the next as well."""

    INTEREST = "interest"
    """Several at once whether they could come; the office chooses one and asks for a sure yes."""


SHORTEST_ALONE, LONGEST_ALONE = 15, 600


def require_kind(kind: str) -> None:
    """Refuse what is no kind of organisation, and name those there are."""
    if kind not in set(OrganisationKind):
        raise Refusal(
            "unknown-kind",
            _l(
                "“%(kind)s” is no kind of organisation; it is one of %(kinds)s.",
                kind=kind,
                kinds=", ".join(OrganisationKind),
            ),
            field="kind",
        )


def require_two_above(minutes: int | None) -> None:
    """Refuse a number of minutes that no talk has, above which two would be needed."""
    if minutes is not None and not SHORTEST_ALONE <= minutes <= LONGEST_ALONE:
        raise Refusal(
            "two-above-out-of-range",
            _l(
                "Give from %(low)d to %(high)d minutes above which two interpret in turn, or leave "
                "it empty: then it is as in the whole city.",
                low=SHORTEST_ALONE,
                high=LONGEST_ALONE,
            ),
            field="two_above",
        )


def require_by_itself(strategy: Strategy) -> None:
    """Refuse to have a question to one person begin by itself: somebody has to name the person."""
    if strategy == Strategy.DIRECT:
        raise Refusal(
            "direct-by-itself",
            _l(
                "One person is asked whom somebody names, so it cannot begin by itself; choose "
                "another way of asking, or leave the beginning to the office."
            ),
            field="strategy",
        )
