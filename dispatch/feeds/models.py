"""The addresses of calendars that people subscribe to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.database import Base
from dispatch.sites.models import Site


class Feed(Base):
    """The calendar of an account or of a site; of what its address is made only a hash is kept.

    `number` grows with every new address, so that an old one never comes back.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (site_id IS NULL)", "of_account_or_site"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), unique=True)
    number: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account | None] = relationship()
    site: Mapped[Site | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
