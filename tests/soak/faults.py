"""What goes wrong meanwhile, in turn: processes and the database killed, providers in trouble."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

from bench.load.town import Town
from tests.dispatch.messaging.peers import CUT, Answer, MailServer, Twilio

LASTS_SECONDS = 8.0
SLOW_DOWN: Answer = (
    429,
    {"Retry_After": "3"},
    {"code": 20429, "message": "slow down", "status": 429},
)
OUT_OF_ORDER: Answer = (500, {}, {"code": 20500, "message": "out of order", "status": 500})


@dataclass
class Faults:
    """Everything that can be broken, and the processes as they are now."""

    town: Town
    mail: MailServer
    twilio: Twilio
    postgresql: Any
    web: psutil.Popen
    worker: psutil.Popen

    def of_processes(self) -> list[Callable[[], None]]:
        """Return what takes processes away."""
        database = [] if self.postgresql is None else [self.restart_database, self.kill_database]
        return [self.kill_web, self.kill_worker, *database]

    def of_providers(self) -> list[Callable[[], None]]:
        """Return what providers do."""
        return [self.mail_says_later, self.mail_hangs_up, self.sms_slows_down, self.sms_fails]

    def kill_web(self) -> None:
        """End the server of pages at once, and start another."""
        self._end(self.web)
        self.web, _seconds = self.town.serve()

    def kill_worker(self) -> None:
        """End the worker at once, and start another."""
        self._end(self.worker)
        self.worker = self.town.start("worker")

    def restart_database(self) -> None:
        """Shut PostgreSQL down as an administrator does, and bring it back."""
        self.postgresql.stop()
        self.postgresql.ensure_postgres_running()

    def kill_database(self) -> None:
        """End PostgreSQL at once, nothing written that was not written yet; bring it back."""
        os.kill(self.postgresql.get_pid(), signal.SIGQUIT)
        while self.postgresql.get_postmaster_info().is_running():
            threading.Event().wait(0.1)
        self.postgresql.ensure_postgres_running()

    def mail_says_later(self) -> None:
        """Have the mail server take nothing for some seconds."""
        self._mail_for_a_while({"MAIL": "451 later"})

    def mail_hangs_up(self) -> None:
        """Have the mail server take mails and hang up before it says so: nobody knows."""
        self._mail_for_a_while({".": CUT})

    def sms_slows_down(self) -> None:
        """Have Twilio ask for patience."""
        self.twilio.answers += [SLOW_DOWN] * 3

    def sms_fails(self) -> None:
        """Have Twilio be out of order for some messages."""
        self.twilio.answers += [OUT_OF_ORDER] * 3

    def _mail_for_a_while(self, answers: dict[str, str | None]) -> None:
        self.mail.answers = answers
        threading.Event().wait(LASTS_SECONDS)
        self.mail.answers = {}

    def _end(self, process: psutil.Popen) -> None:
        process.kill()
        process.wait()
        self.town.processes.remove(process)
