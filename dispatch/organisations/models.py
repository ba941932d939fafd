"""The organisations table."""

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Organisation(Base):
    """A city department, school, clinic or welfare association that asks for interpreters."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
