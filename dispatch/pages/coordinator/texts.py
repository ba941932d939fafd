"""The texts of messages: every one can be read and written anew, in each language."""

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.errors import Refusal
from dispatch.messaging import texts as service
from dispatch.messaging.several import SEVERAL
from dispatch.messaging.texts import Preview, Text
from dispatch.pages.coordinator import blueprint, text_fields
from dispatch.pages.coordinator.text_names import NAMES, PART_NAMES
from dispatch.web.formats import LOCALES
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only

LOGIC, FIELD = re.compile(r"{%.*?%}", re.DOTALL), re.compile(r"{{.*?}}", re.DOTALL)


class TextForm(FlaskForm):  # type: ignore[misc]
    """A text as it is to read from now on."""

    text = TextAreaField(_l("Text"), validators=[InputRequired()])


@blueprint.get("/texts")
@only(Role.COORDINATOR, Role.ADMINISTRATOR)
def texts() -> ResponseReturnValue:
    """List the messages in a language, each by how it begins."""
    wanted = request.args.get("language", "")
    locale = wanted if wanted in LOCALES else str(current_user.locale)
    return render_template(
        "pages/coordinator/texts.html",
        rows=_rows(locale),
        changed=service.changed(),
        locale=locale,
        languages=LOCALES,
        part_names=PART_NAMES,
        part_of=_part_of,
        names=NAMES,
        begins=_begins,
    )


def _begins(text: str) -> str:
    """Return how a text begins as somebody reads it who writes no templates: fields as dots."""
    return " ".join(FIELD.sub("…", LOGIC.sub(" ", text)).split())


def _rows(locale: str) -> list[tuple[str, list[Text], list[Text]]]:
    """Return each message with its texts, and with those for several things at once."""
    alone = [name for name in service.names() if not name.endswith(SEVERAL)]
    rows = [(name, _texts_of(name, locale), _texts_of(name + SEVERAL, locale)) for name in alone]
    return [row for row in rows if row[1]]


def _texts_of(name: str, locale: str) -> list[Text]:
    return service.of_message(name, locale) if name in service.names() else []


@blueprint.get("/texts/<message_name>/<part>/<text_locale>/delivered")
@blueprint.get("/texts/<message_name>/<part>/<text_locale>")
@only(Role.COORDINATOR, Role.ADMINISTRATOR)
def text(message_name: str, part: str, text_locale: str) -> ResponseReturnValue:
    """Show a text, how it reads with real facts, and what it was before."""
    found = _found(message_name, part, text_locale)
    form = TextForm(text=found.current)
    return _page(found, form, _preview(found.path, found.current))


@blueprint.post("/texts/<message_name>/<part>/<text_locale>")
@only(Role.COORDINATOR, Role.ADMINISTRATOR)
def change_text(message_name: str, part: str, text_locale: str) -> ResponseReturnValue:
    """Keep a text, or show how it would read."""
    found, form = _found(message_name, part, text_locale), TextForm()
    wanted = (form.text.data or "").replace("\r\n", "\n")
    try:
        if "look" in request.form:
            return _page(found, form, service.preview(found.path, wanted, text_fields.meaning))
        with once() as outcome:
            service.change(current_user.actor, found.path, wanted, now=clock.now())
            said = _("Kept. Messages read so from now on.")
            outcome.leads_to(_address(found), ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(found, form, None), refusal.status
    return outcome.answer()


@blueprint.post("/texts/<message_name>/<part>/<text_locale>/delivered")
@only(Role.COORDINATOR, Role.ADMINISTRATOR)
def restore_text(message_name: str, part: str, text_locale: str) -> ResponseReturnValue:
    """Have the delivered text be sent again."""
    found = _found(message_name, part, text_locale)
    if found.written is None:
        return redirect(_address(found))
    with once() as outcome:
        service.restore(current_user.actor, found.path, now=clock.now())
        outcome.leads_to(_address(found), ("success", _("It reads as delivered again.")))
    return outcome.answer()


def _title(name: str) -> str:
    title = str(NAMES[name.removesuffix(SEVERAL)][0])
    return _("%(name)s (several at once)", name=title) if name.endswith(SEVERAL) else title


def _found(message_name: str, part: str, locale: str) -> Text:
    return service.find(f"{message_name}/{part}.{locale}.txt")


def _part_of(found: Text) -> str:
    return found.path.partition("/")[2].split(".")[0]


def _address(found: Text) -> str:
    name, _slash, file = found.path.partition("/")
    part, locale, _txt = file.split(".")
    return url_for("coordinator.text", message_name=name, part=part, text_locale=locale)


def _preview(path: str, wanted: str) -> Preview | None:
    try:
        return service.preview(path, wanted, text_fields.meaning)
    except Refusal:  # some delivered texts use means that a new one may not
        return None


def _page(found: Text, form: TextForm, preview: Preview | None) -> str:
    name, _slash, file = found.path.partition("/")
    part, locale, _txt = file.split(".")
    known = service.fields(found.path).known
    examples = service.examples(name, locale)
    return render_template(
        "pages/coordinator/text.html",
        found=found,
        form=form,
        preview=preview,
        in_words=text_fields.in_words(found.current),
        legend=[
            {
                "field": one,
                "meaning": text_fields.meaning(one),
                "example": text_fields.shown(examples.get(one, "")),
            }
            for one in sorted(known - text_fields.LISTS, key=text_fields.meaning)
        ],
        conditions=text_fields.conditions(found.current),
        history=service.history(found.path),
        name=name,
        title=_title(name),
        part=part,
        locale=locale,
        language=LOCALES[locale],
        part_name=PART_NAMES[part],
    )
