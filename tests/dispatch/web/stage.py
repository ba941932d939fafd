"""One of everything that has an address, and somebody of every role to walk there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dispatch.absences import service as absences
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers.incoming import IncomingState
from dispatch.attendance import day_before
from dispatch.availability.models import ExceptionalDay
from dispatch.busy.models import PrivateCalendar
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import db, transaction
from dispatch.drafts import service as drafts
from dispatch.drafts.rules import Kind
from dispatch.feeds import service as feeds
from dispatch.inbound.models import InboundMail
from dispatch.inbound.rules import Outcome
from dispatch.interpreters import proofs
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.rules import Found
from dispatch.planning.proposals import service as planning
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.rules import Failure
from dispatch.requests import files
from dispatch.series import service as series
from dispatch.sms import service as sms
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY

SECURITY_FILE = "js/webauthn.js"
DAY_BEFORE = "link-of-the-day-before"
OFFER_LINK = re.compile(r"/o/([\w-]+)")
TERMS_LINK = re.compile(r"/c/([\w-]+)")
OF_TEXTS = frozenset({"message_name", "part", "text_locale"})
"""What names the text of a message: it has an address, and is nobody's in particular."""


@dataclass(frozen=True)
class Stage:
    """Ids of what is there, and a signed-in browser for each part."""

    app: Flask
    values: dict[str, object]
    browsers: dict[str, FlaskClient]

    def paths(self, method: str, *, with_id: bool = False) -> Iterator[tuple[Rule, str]]:
        """Yield every route that takes the method, with an address that exists."""
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if method not in (rule.methods or ()) or (
                    with_id and not rule.arguments - OF_TEXTS
                ):
                    continue
                for values in self._values_of(rule):
                    path = self.app.url_map.bind("localhost").build(rule.endpoint, values)
                    yield rule, path

    def pages(self, browser: FlaskClient) -> Iterator[tuple[Rule, str]]:
        """Yield every route that shows this browser a whole page, with its address."""
        for rule, path in self.paths("GET"):
            answer = browser.get(path)
            if (
                answer.status_code == 200
                and answer.mimetype == "text/html"
                and "<html" in answer.text
                and "Content-Disposition" not in answer.headers  # what a browser keeps as a file
            ):
                yield rule, path

    def _values_of(self, rule: Rule) -> list[dict[str, object]]:
        values = {
            name: self.values[name]
            for name in rule.arguments - {"answer", "way", "step", *OF_TEXTS}
        }
        if rule.endpoint.startswith("account."):
            values |= dict.fromkeys(rule.arguments, self.values["link_token"])
        if rule.endpoint == "security.static":
            values |= {"filename": SECURITY_FILE}
        if rule.rule.startswith("/d/"):
            values |= {"token": DAY_BEFORE}
        if "step" in rule.arguments:
            values |= {"step": _step(rule.arguments)}
        if "answer" in rule.arguments:
            answers = (
                ("yes", "no") if rule.endpoint == "coordinator.said" else ("accept", "decline")
            )
            return [values | {"answer": answer} for answer in answers]
        if "text_locale" in rule.arguments:
            values |= {"message_name": "offer", "part": "sms", "text_locale": "de"}
        if "way" in rule.arguments:
            return [values | {"way": way} for way in ("offer", "assign")]
        return [values]

    def post(self, browser: FlaskClient, path: str) -> int:
        """Press a button of a page that is not there for this person: the token is genuine."""
        token = TOKEN.search(browser.get("/", follow_redirects=True).text) or TOKEN.search(
            browser.get("/sign-in").text
        )
        assert token
        return browser.post(
            path, data={"csrf_token": token.group(1), "reason_office": "x", "reason_told": "x"}
        ).status_code

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return everything the database holds but sessions of browsers and who looked at whom."""
        with self.app.app_context():
            return {
                table.name: sorted(
                    (tuple(row) for row in db.session.execute(table.select())), key=repr
                )
                for table in db.metadata.sorted_tables
                if table.name not in {"browser_sessions", "inspections"}
            }


def _away(caseworker: Account, who: Interpreter) -> AbsenceJob:
    """Somebody is away when an assignment lies, and nobody has decided on it yet."""
    start = factories.hours_later(factories.TOMORROW_TEN, 24 * 20)
    job = factories.coming(factories.asked(by=caseworker, start=start), who)
    span = (job.starts_at, job.ends_at)
    service = absences.save(who.account.actor, who.id, span, {job.id: Resolution.ASK}, now=NOW)
    return db.session.query(AbsenceJob).filter_by(absence_id=service.id).one()


def build(app: Flask) -> Stage:
    """Ask, plan, offer, and sign everybody in."""
    with app.app_context():
        with transaction():
            school, clinic = factories.organisation("Schule"), factories.organisation("Klinik")
            asks = {
                "caseworker": factories.account(of=school),
                "stranger": factories.account(of=clinic),
                "strange lead": factories.account(Role.ORGANISATION_LEAD, of=clinic),
            }
            mira = factories.interpreter(qualification="sprint")
            nour = factories.interpreter("tr", name="Nour")
            otherwise = ExceptionalDay(day=TUESDAY.last, kind="off")
            nour.availability.exceptional_days.append(otherwise)
            away = _away(asks["caseworker"], mira)
            asked = factories.asked(by=asks["caseworker"], case_reference="CANARY")
            later = factories.hours_later(factories.TOMORROW_TEN, 3)
            assignment = factories.coming(factories.asked(by=asks["caseworker"], start=later), mira)
            evening = factories.hours_later(factories.TOMORROW_TEN, 6)
            moved = factories.asked(by=asks["caseworker"], start=evening)
            factories.coming(moved, mira)
            at = replace(details_of(moved), wall_start=factories.hours_later(evening, 1))
            amendments.amend(SYSTEM, moved.id, at, now=NOW)
            early = factories.hours_later(factories.TOMORROW_TEN, -2)
            off = factories.asked(by=asks["caseworker"], start=early)
            factories.coming(off, mira)
            why = Reasons(told="no need")
            cancellations.cancel_request(asks["caseworker"].actor, off.id, reasons=why, now=NOW)
            assignment.day_before_token_hash = day_before.hash_of(DAY_BEFORE)
            assignment.day_before_asked_at = NOW
            people: dict[str, Account] = asks | {
                "coordinator": factories.account(Role.COORDINATOR),
                "interpreter": mira.account,
                "strange interpreter": nour.account,
                "auditor": factories.account(Role.AUDITOR),
                "administrator": factories.account(Role.ADMINISTRATOR),
            }
        made = planning.compute(TUESDAY, now=NOW)
        with transaction():
            proposal = planning.store(SYSTEM, made, now=NOW)
            run, _new = runs.begin(SYSTEM, TUESDAY, disturb_at_most=0, weights=[1], now=NOW)
            runs.fail(run.id, Failure.CRASHED)
            offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
            next_day = factories.hours_later(factories.TOMORROW_TEN, 24)
            going_on = offers.make(
                SYSTEM,
                factories.asked("tr", by=asks["caseworker"], start=next_day).id,
                nour.id,
                strategy=Strategy.CASCADE,
                now=NOW,
            )
            sprint = mira.qualifications[0].id
            proofs.keep(SYSTEM, mira.id, sprint, b"%PDF-1.7", now=NOW)
            found = advice.keep(asked, Found(TUESDAY), now=NOW)
            mail = InboundMail(
                mailbox="box",
                uid_validity=1,
                uid=1,
                fingerprint="1",
                is_whole=True,
                received_at=NOW,
                state=IncomingState.OPEN,
                outcome=Outcome.LETTER,
                text="Kann ich später kommen?",
            )
            fields = [("room", "CANARY")]
            owner = people["caseworker"].id
            kept = drafts.keep(owner, Kind.DRAFT, "CANARY", fields, now=NOW)
            file = files.bring(people["caseworker"], b"CANARY", row_count=1, again=False, now=NOW)
            calendar = PrivateCalendar(interpreter_id=mira.id, name="a.ics", read_at=NOW)
            db.session.add_all([mail, calendar])
            sms.store("SM1", "+4915199999999", "Kann ich später kommen?", "", now=NOW)
            (sms_id,) = sms.to_take(NOW)
            sms.take(sms_id, now=NOW)
            address = feeds.renew(SYSTEM, people["interpreter"], now=NOW)
            feed_token = address.rpartition("/")[2].removesuffix(".ics")
            link_token = links.issue(asks["caseworker"], NOW)
            days = [TUESDAY.first + timedelta(weeks=weeks) for weeks in (5, 6)]
            dates = series.ask(
                asks["caseworker"].actor, asks["caseworker"], details_of(asked), days, now=NOW
            )
        message = db.session.query(Message).filter(Message.about == f"offer:{offer.id}").first()
        assert message
        token = OFFER_LINK.search(message.body)
        again = db.session.query(Message).filter_by(name="assignment_asked_again").first()
        assert again
        terms_token = TERMS_LINK.search(again.body)
        assert token
        assert terms_token
        values: dict[str, object] = {
            "request_id": asked.id,
            "assignment_id": assignment.id,
            "interpreter_id": mira.id,
            "qualification_id": sprint,
            "hours_id": mira.availability.weekly_hours[0].id,
            "absence_id": away.absence_id,
            "job_id": away.id,
            "day_id": otherwise.id,
            "offer_id": offer.id,
            "round_id": going_on.round_id,
            "message_id": message.id,
            "mail_id": mail.id,
            "sms_id": sms_id,
            "calendar_id": calendar.id,
            "feed_token": feed_token,
            "advice_id": found.id,
            "number": 0,
            "proposal_id": proposal.id,
            "run_id": run.id,
            "series_id": dates.id,
            "token": token.group(1),
            "terms_token": terms_token.group(1),
            "terms_number": 1,
            "draft_id": kept.id,
            "file_id": file.id,
            "decision_id": db.session.query(CancellationDecision).one().id,
            "link_token": link_token,
            "day": TUESDAY.first.isoformat(),
            "monday": "2027-03-01",
            "filename": "logo.svg",
            "direction": "undo",
            "site_id": asked.site_id,
            "organisation_id": asked.organisation_id,
            "held_id": mira.qualifications[0].id,
            "tag": "ro",
        }
        for account in people.values():
            db.session.refresh(account)
    browsers = {name: sign_in(app, account) for name, account in people.items()}
    return Stage(app, values, browsers | {"nobody": app.test_client()})


def _step(arguments: set[str]) -> str:
    """Return a step that a button of the page takes."""
    if "interpreter_id" in arguments:
        return "leave"
    return "close" if arguments & {"site_id", "organisation_id"} else "arrived"
