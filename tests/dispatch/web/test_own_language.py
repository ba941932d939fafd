"""Every word on a German page is German, and on a Greek one Greek."""

import re

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from flask import Flask
from markupsafe import Markup

from dispatch import settings
from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.messaging.rules import without_secrets
from dispatch.settings import ROOT
from dispatch.web.formats import LOCALES
from tests.conftest import FrozenClock
from tests.dispatch.web import stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEEN = re.compile(r">([^<>]+)<|(?:aria-label|title|alt|placeholder)=\"([^\"]+)\"")
ENGLISH = re.compile(
    r"\b(the|and|you|your|please|with|this|that|cannot|were|nobody|somebody)\b", re.I
)
SAME_IN_BOTH = {"English"}
NEVER_READ = re.compile(
    r"<(script|style)\b.*?</\1>|<!--.*?-->|<(\w+)[^>]* translate=\"no\"[^>]*>.*?</\2>", re.S
)


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {"en"}))
def test_every_page_speaks_its_language_to_the_last_word(
    locale: str, app: Flask, frozen_clock: FrozenClock
) -> None:
    everything = stage.build(app)
    with app.app_context(), transaction():
        db.session.execute(sa.update(Account).values(locale=locale))
    speak_in_the_city(locale)
    english, written = english_texts(locale), texts_of_messages(app)
    left: set[tuple[str, str]] = set()
    for name, browser in everything.browsers.items():
        for rule, path in everything.paths("GET"):
            if rule.endpoint in {"static", "security.static", "health.healthz", "health.readyz"}:
                continue
            answer = browser.get(path, headers={"Accept-Language": locale})
            if answer.mimetype != "text/html" or answer.status_code in range(300, 400):
                continue
            for text in texts_of(answer.text) - written:
                if text not in SAME_IN_BOTH and (text in english or ENGLISH.search(text)):
                    left.add((path if name != "nobody" else f"{path} signed out", text))
    assert left == set()


def speak_in_the_city(locale: str) -> None:
    """Let people who are not signed in be spoken to in this language."""
    here = settings.active()
    settings.use(
        here.model_copy(update={"city": here.city.model_copy(update={"locales": (locale,)})})
    )


def texts_of_messages(app: Flask) -> set[str]:
    """Return what was written to people who read English; it is shown as they got it."""
    with app.app_context():
        texts = db.session.execute(sa.select(Message.subject, Message.body)).all()
    return {
        " ".join(without_secrets(text).split())
        for pair in texts
        for text in pair
        if text is not None
    }


def english_texts(locale: str) -> set[str]:
    """Return the texts that are translated, as they would stand on a page where they are not."""
    with (ROOT / "translations" / locale / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.id != message.string
    }


def texts_of(page: str) -> set[str]:
    readable = NEVER_READ.sub("", page)
    found = (Markup(one or other).unescape() for one, other in SEEN.findall(readable))
    return {" ".join(text.split()) for text in found if text.strip()}
