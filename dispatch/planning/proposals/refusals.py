"""Why there is no proposal: a plan that is not sound, or none at all."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.planning.runs import wording


class UnsoundPlan(Refusal):
    """The independent check found a broken rule in a plan; it is never shown or stored."""

    status = 500

    def __init__(self, broken: Sequence[object]) -> None:
        super().__init__(
            "unsound-plan",
            _l(
                "The plan broke a rule and was thrown away (%(broken)s); nothing was changed. "
                "Please report this.",
                broken="; ".join(str(each) for each in broken),
            ),
        )


class Unplannable(Refusal):
    """What is pinned contradicts itself; there is no plan at all."""

    status = 409

    def __init__(self) -> None:
        super().__init__("contradiction", wording.CONTRADICTION)
