"""Putting the rooms together: the application that serves pages."""

from datetime import timedelta
from typing import Any

from flask import Flask, has_request_context, request, session
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import Security, current_user
from flask_wtf.csrf import CSRFProtect

from dispatch import engine, pages
from dispatch import settings as settings_module
from dispatch.accounts import sessions
from dispatch.accounts.models import Account, AccountRole
from dispatch.accounts.rules import ASKS, UNICODE_OF_SECRETS, Role
from dispatch.database import db
from dispatch.feeds.service import MAY_HAVE_ONE
from dispatch.installation import equip
from dispatch.pages import inspecting, places, provider, returning, words
from dispatch.pages.account.forms import WRONG_PASSWORD, PasswordForm
from dispatch.pages.navigation import navigation_for
from dispatch.settings import ROOT, Settings
from dispatch.web import (
    compression,
    error_pages,
    formats,
    gate,
    headers,
    later,
    notices,
    once,
    policy,
    static_files,
    translating,
    urls,
)
from dispatch.web.proxies import TrustedProxies
from dispatch.web.sentences import Sentences

MAY_HAVE_A_NUMBER = (*ASKS, Role.INTERPRETER)
STATIC = ROOT / "dispatch/web/static"
MOST_BYTES = 1_000_000
FOREIGN_POLICIES = {
    "static": policy.PUBLIC,
    "security.login": policy.PUBLIC,
    "security.static": policy.PUBLIC,
}


def create_app(settings: Settings) -> Flask:
    """Return the application; refuses to start when a route has no policy."""
    app = _Pages(
        "dispatch",
        static_url_path=static_files.address_of(STATIC),
        static_folder=str(STATIC),
        template_folder=str(ROOT / "templates"),
    )
    equip(app, settings)
    app.config.from_mapping(_flask_configuration(settings))
    app.session_interface = sessions.Sessions()
    app.url_map.converters["int"] = urls.RowId
    app.before_request(sessions.require_read)
    gate.register(app)
    policy.guard(app, FOREIGN_POLICIES)
    _add_extensions(app)
    for extend in (
        headers.protect,
        compression.register,
        static_files.register,
        translating.register,
        urls.register,
        formats.register,
        words.register,
        places.register,
        error_pages.register,
        once.register,
        returning.register,
        later.register,
        inspecting.register,
    ):
        extend(app)
    for blueprint in pages.blueprints():
        app.register_blueprint(blueprint)
    app.context_processor(_page_context)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    engine.prepare(app)
    policy.require_policies(app)
    return app


class _Pages(Flask):
    """Flask, but an outage of the database is a line in the log and no traceback."""

    def log_exception(self, exc_info: Any) -> None:
        """Write down a fault of the program."""
        if error_pages.outage_of(exc_info[1]) is None:
            super().log_exception(exc_info)


def _flask_configuration(settings: Settings) -> dict[str, object]:
    is_secure = settings.base_url.startswith("https")
    return {
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "SESSION_COOKIE_NAME": "__Host-dragoman" if is_secure else "dragoman",
        "SESSION_COOKIE_SECURE": is_secure,
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "pages/account/sign_in.html",
        "SECURITY_LOGOUT_METHODS": None,  # a page of our own signs out
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # nothing asks for the password again
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (WRONG_PASSWORD, "error"),
        "SECURITY_PASSWORD_NORMALIZE_FORM": UNICODE_OF_SECRETS,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    }


def _add_extensions(app: Flask) -> None:
    Sentences(app, locale_selector=_locale)
    CSRFProtect(app).exempt(provider.blueprint)  # what comes from there is signed
    security = Security(app, sessions.Accounts(db, Account, AccountRole), login_form=PasswordForm)
    security.want_json(lambda _request: False)
    # a session is the only thing that says who somebody is: no tokens in headers or addresses
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]


def _locale() -> str:
    if not has_request_context():
        return "en"
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    chosen = session.get("locale")
    spoken = settings_module.active().city.locales
    return chosen or request.accept_languages.best_match(spoken) or spoken[0]


def _account_links(role: str) -> list[tuple[str, str]]:
    """Return what somebody finds under their own name: words and addresses."""
    links = [(_("My account"), urls.address("account.own"))] if role in ASKS else []
    if role in MAY_HAVE_A_NUMBER:
        links.append((_("Messages to me"), urls.address("account.hearing")))
        links.append((_("Mobile number"), urls.address("account.number")))
    if role == Role.INTERPRETER:
        links.append((_("About me"), urls.address("interpreter.about_me")))
    if role in MAY_HAVE_ONE:
        links.append((_("Calendar"), urls.address("account.calendar")))
    links.append((_("Where I am signed in"), urls.address("account.signed_in")))
    return links


def _page_context() -> dict[str, object]:
    city = settings_module.active().city
    account = current_user._get_current_object() if current_user.is_authenticated else None
    return {
        "current_account": account,
        "account_links": _account_links(account.role) if account else [],
        "navigation": navigation_for(account.role if account else None, request.path),
        "locales": [(one, formats.LOCALES[one]) for one in city.locales_for(str(get_locale()))],
        "current_locale": str(get_locale()),
        "notices": notices.collect(),
        "city_name": city.name,
        "office_phone": city.office.phone,
        "takes_sms": settings_module.active().takes_sms,
    }
