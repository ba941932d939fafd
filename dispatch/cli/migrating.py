"""Bringing the database to the newest schema."""

import click

from dispatch import schema, settings


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat.

    Example: dragoman migrate
    """
    click.echo(f"The database is at schema {schema.migrate(settings.active().database_url)}.")
