"""What was found to help an open request, kept until somebody asks anew."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.planning.advice.settled import Settled


class Advice(Base):
    """What the solver found would help a request, as things stood at `found_at`.

    Beside the schedule of the days as it is, or in a proposal. `remedies` are the solver's own
    documents, each with the plan that shows it; `put` the numbers of those that were put to who
    asked as a question. `settled` says why nothing has to help, `able` how many could
    simply be asked.
    """

    __tablename__ = "advice"
    __table_args__ = (one_of("settled", Settled),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    request_version: Mapped[int]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    found_at: Mapped[datetime]
    settled: Mapped[str | None]
    able: Mapped[int] = mapped_column(default=0)
    remedies: Mapped[list[Any]] = mapped_column(JSON, default=list)
    put: Mapped[list[int]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
