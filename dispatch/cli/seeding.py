"""Filling an empty database to try everything out."""

from datetime import date

import click

from dispatch import cities, clock, settings
from dispatch.cli.context import application
from dispatch.cli.data import DAY, as_date
from dispatch.database import transaction
from dispatch.demo import service as demo


@click.command()
@click.option("--city", help="Default: the city of the settings.")
@click.option("--seed", "seed_number", default=1, show_default=True)
@click.option(
    "--day", type=DAY, help="The day the open requests are for; default: the next working day."
)
def seed(city: str | None, seed_number: int, day: date | None) -> None:
    """Fill an empty database with invented people at real places.

    Example: dragoman seed --city dortmund --seed 1 --day 2027-01-12
    """
    if city:
        settings.use(settings.active().model_copy(update={"city": cities.named(city)}))
    with application(), transaction():
        seeded = demo.seed(settings.active().city, seed_number, day and as_date(day), clock.now())
        click.echo(f"Demo data is in; {seeded.day.isoformat()} is the day to plan.")
