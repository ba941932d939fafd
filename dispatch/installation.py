"""An installation at work without pages: all that commands and the worker need."""

from datetime import UTC

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from sqlalchemy.exc import DBAPIError

from dispatch import clock
from dispatch import settings as settings_module
from dispatch.accounts.models import Account, AccountRole
from dispatch.database import db, engine_options
from dispatch.jobs import register_jobs
from dispatch.settings import ROOT, Settings
from dispatch.web.sentences import Sentences


def assemble(settings: Settings) -> Flask:
    """Return the application without pages, as commands and the worker use it.

    Pages are half of what a start costs, and bring in the solver. Flask-Security is there to hash
    passwords, nobody signs in here.
    """
    app = Flask("dispatch", static_folder=None)
    equip(app, settings)
    Sentences(app, locale_selector=lambda: "en")
    Security(app, SQLAlchemyUserDatastore(db, Account, AccountRole), register_blueprint=False)
    return app


def equip(app: Flask, settings: Settings) -> None:
    """Give an application its settings, the clock and the database; declare the jobs."""
    settings_module.use(settings)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_LOCALE=settings.city.locales[0],
        BABEL_DEFAULT_TIMEZONE=settings.city.zone_name,
        SECURITY_PASSWORD_SALT="dragoman",  # noqa: S106 - not used for Argon2, which salts by itself
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SINGLE_HASH=True,
    )
    clock.freeze(settings.frozen_now.astimezone(UTC) if settings.frozen_now else None)
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # called before what was registered before it
    register_jobs()


def _let_go(_failure: BaseException | None) -> None:
    """Give the connection of a request or job back when it ends.

    A connection that broke after the last statement has nothing left to undo, and what was read or
    committed holds: an answer that is ready must not become an error.
    """
    try:
        db.session.close()
    except DBAPIError:
        db.session().invalidate()
