"""People, sites and organisations as files: taken over whole or not at all, and given out."""

from collections.abc import Callable, Sequence
from functools import partial

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.errors import Refusal
from dispatch.interpreters import exporting as pool_exporting
from dispatch.interpreters import importing
from dispatch.interpreters import service as interpreters
from dispatch.organisations import importing as organisations
from dispatch.pages.coordinator import blueprint
from dispatch.settings import active
from dispatch.sites import exporting as sites_exporting
from dispatch.sites import service as sites
from dispatch.tables import limits
from dispatch.tables.writing import MIME
from dispatch.web.forms import attach
from dispatch.web.gate import takes_file
from dispatch.web.once import Outcome, once
from dispatch.web.policy import only

Store = Callable[[Outcome], None]
Read = Callable[[bytes, bool], Store]
"""Checks a file before anybody has to wait for it; what it returns stores it."""


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """A file with people, sites or organisations."""

    file = FileField(_l("CSV or XLSX file"), validators=[FileRequired(_l("Choose a file first."))])
    far_away = BooleanField(_l("Places far from the city are meant"))


@blueprint.get("/interpreters/import")
@only(Role.COORDINATOR)
def ask_import_pool() -> str:
    """Show where a file with people goes and what it looks like."""
    return _pool_page(RegisterForm(formdata=None))


@blueprint.post("/interpreters/import")
@only(Role.COORDINATOR)
@takes_file(limits.MOST_BYTES, limits.too_large().text)
def import_pool() -> ResponseReturnValue:
    """Take all people of a file into the pool, or none and say what is wrong in each row."""
    form = RegisterForm()

    def read(content: bytes, far_away: bool) -> Store:
        checked = interpreters.read_content(content, city=active().city, far_away=far_away)
        return partial(_add_people, checked)

    return _take(form, read, _pool_page)


@blueprint.get("/interpreters/export")
@only(Role.COORDINATOR)
def export_pool() -> Response:
    """Give the pool out in the form in which it is imported."""
    return _file(pool_exporting.exported(), "interpreters.xlsx")


@blueprint.get("/sites/import")
@only(Role.COORDINATOR)
def ask_import_sites() -> str:
    """Show where a file with sites goes and what it looks like."""
    return _sites_page(RegisterForm(formdata=None))


@blueprint.post("/sites/import")
@only(Role.COORDINATOR)
@takes_file(limits.MOST_BYTES, limits.too_large().text)
def import_sites() -> ResponseReturnValue:
    """Add or change all sites of a file by their number, or none and say what is wrong."""
    form = RegisterForm()

    def read(content: bytes, far_away: bool) -> Store:
        checked = sites.read_content(content, city=active().city, far_away=far_away)
        return partial(_add_sites, checked)

    return _take(form, read, _sites_page)


@blueprint.get("/organisations/import")
@only(Role.COORDINATOR)
def ask_import_organisations() -> str:
    """Show where a file with organisations goes and what it looks like."""
    return _organisations_page(RegisterForm(formdata=None))


@blueprint.post("/organisations/import")
@only(Role.COORDINATOR)
@takes_file(limits.MOST_BYTES, limits.too_large().text)
def import_organisations() -> ResponseReturnValue:
    """Add or change all organisations of a file by their name, or none and say what is wrong."""

    def read(content: bytes, _far_away: bool) -> Store:
        return partial(_add_organisations, organisations.read_content(content))

    return _take(RegisterForm(), read, _organisations_page)


@blueprint.get("/organisations/export")
@only(Role.COORDINATOR)
def export_organisations() -> Response:
    """Give those who ask out in the form in which they are imported."""
    return _file(organisations.exported(), "organisations.xlsx")


@blueprint.get("/sites/export")
@only(Role.COORDINATOR)
def export_sites() -> Response:
    """Give the register of sites out in the form in which it is imported."""
    return _file(sites_exporting.exported(), "sites.xlsx")


def _add_people(checked: Sequence[interpreters.Checked], outcome: Outcome) -> None:
    added = interpreters.add(current_user.actor, checked, now=clock.now())
    told = ngettext(
        "%(num)d person was taken into the pool.",
        "%(num)d people were taken into the pool.",
        added.count,
    )
    left = ngettext(
        "%(num)d row is of somebody in the pool already, who is left as they are: %(rows)s.",
        "%(num)d rows are of people in the pool already, who are left as they are: %(rows)s.",
        len(added.rows),
        rows=_in_runs(added.rows),
    )
    level = "success" if added.count else "info"
    there = [("warning", left)] if added.rows else []
    outcome.leads_to(url_for("coordinator.pool"), (level, told), *there)


def _in_runs(rows: Sequence[int]) -> str:
    """Return numbers of rows, in their order, as "2-91, 95"."""
    runs: list[list[int]] = []
    for number in rows:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _add_sites(checked: list[sites.Values], outcome: Outcome) -> None:
    done = sites.store(current_user.actor, checked, now=clock.now())
    told = _(
        "Sites added: %(added)d, changed: %(changed)d, there just so already: %(same)d.",
        added=done.added,
        changed=done.changed,
        same=done.unchanged,
    )
    outcome.leads_to(url_for("coordinator.sites"), ("success", told))


def _add_organisations(checked: list[organisations.Values], outcome: Outcome) -> None:
    done = organisations.store(current_user.actor, checked, now=clock.now())
    told = _(
        "Organisations added: %(added)d, changed: %(changed)d, there just so already: %(same)d.",
        added=done.added,
        changed=done.changed,
        same=done.unchanged,
    )
    outcome.leads_to(url_for("coordinator.organisations"), ("success", told))


def _take(
    form: RegisterForm, read: Read, page: Callable[[RegisterForm], str]
) -> ResponseReturnValue:
    if not form.validate():
        return page(form), Refusal.status
    content = form.file.data.read(limits.MOST_BYTES + 1)
    form.file.data.seek(0)
    try:
        store = read(content, bool(form.far_away.data))
        with once() as outcome:
            store(outcome)
    except Refusal as refusal:
        attach(form, refusal)
        return page(form), refusal.status
    return outcome.answer()


def _pool_page(form: RegisterForm) -> str:
    return render_template(
        "pages/coordinator/register_import.html",
        form=form,
        title=_("Import people"),
        above=(_("Pool"), url_for("coordinator.pool")),
        action=url_for("coordinator.import_pool"),
        columns=importing.COLUMNS,
        limits=limits.SAID,
        example="mira@beispiel.example,Mira,+4915123456789,44135,51.51,7.46,public_transport,"
        "freelance,42.50,ro:4 ru:3,sprint:2025-01-01/,mon:08:00-12:00",
    )


def _sites_page(form: RegisterForm) -> str:
    return render_template(
        "pages/coordinator/register_import.html",
        form=form,
        title=_("Import sites"),
        above=(_("Sites"), url_for("coordinator.sites")),
        action=url_for("coordinator.import_sites"),
        columns=sites.COLUMNS,
        limits=limits.SAID,
        example="do-school-001,Grundschule am Beispielplatz,school,Friedensplatz 1,"
        "Innenstadt-West,51.51,7.46",
    )


def _organisations_page(form: RegisterForm) -> str:
    return render_template(
        "pages/coordinator/register_import.html",
        form=form,
        title=_("Import organisations"),
        above=(_("Organisations"), url_for("coordinator.organisations")),
        action=url_for("coordinator.import_organisations"),
        columns=organisations.COLUMNS,
        limits=limits.SAID,
        has_places=False,
        example="Grundschule am Beispielplatz,school",
    )


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=MIME, headers=headers)
