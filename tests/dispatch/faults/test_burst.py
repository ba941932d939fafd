"""A small burst through carriers that fail, its worker killed: `bench/burst` has it large."""

from typing import Any

import pytest
from flask import Flask

from bench.burst.carriers import listening
from bench.burst.crowd import Shape
from bench.burst.faults import FAULTS, Carriers, Fault
from bench.burst.running import Plan, burst_at
from dispatch.settings import Settings, use

QUICK = tuple(one for one in FAULTS if one not in {Fault.HANG, Fault.SLOW})
"""Those that take no half minute each."""


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
def test_killed_workers_and_faulty_carriers_lose_nothing_and_say_what_may_be_repeated(
    app: Flask, settings: Settings
) -> None:
    carriers = Carriers(seed=3, share=0.15, faults=QUICK, busy_after=12)
    with listening(carriers) as addresses:
        environment = {
            "DRAGOMAN_DATABASE_URL": settings.database_url,
            "DRAGOMAN_SECRET_KEY_FILE": str(settings.secret_key_file),
            "DRAGOMAN_SINK_DIR": str(settings.sink_dir),
            "DRAGOMAN_SMS_PER_DAY": "10000",
            **addresses,
        }
        names: dict[str, Any] = {
            name.removeprefix("DRAGOMAN_").lower(): it for name, it in environment.items()
        }
        use(Settings(**names))
        found = burst_at(
            app,
            environment,
            carriers,
            Plan(
                Shape(30, passes_after_seconds=1.5),
                share=0.15,
                workers=1,
                kill_at=(10,),
                ready_seconds=0,
            ),
        )
    assert (found.kills, found.states.get("queued"), found.states.get("sending")) == (1, None, None)
    assert found.lost == found.unmarked == found.not_standing == found.out_of_order == 0
    assert found.repeated <= found.kills * found.most_in_flight
    assert carriers.told_to_wait >= 1
    assert found.impatient == 0
    assert found.states["settled"] >= 2
