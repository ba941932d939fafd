"""Small random problems; the seed switches every feature of the format on or off."""

from random import Random
from typing import Any

from solver import Problem

LANGUAGES = ("apc", "tur", "kmr")
WEEKDAY = 1440
SWITCHES = (
    "breaks",
    "buffers",
    "busy",
    "committed",
    "continuity",
    "costs",
    "days",
    "disturb",
    "excluded",
    "gender",
    "handover",
    "home",
    "hours",
    "languages",
    "level",
    "limits_of_day",
    "limits_of_week",
    "matrix",
    "formula",
    "no_way",
    "paid_idle",
    "pins",
    "preferred",
    "promises",
    "qualification",
    "radius",
    "relay",
    "remote",
    "shares",
    "split_days",
    "teams",
    "tiers",
    "variety",
    "ways",
    "weights",
    "windows",
    "worked",
)
LATER_SWITCHES = ("nights", "one_site", "touching", "tariffs")
TERMS = ("coverage", "promises", "wishes", "continuity", "variety", "way", "handover", "fairness")
MONEY = ("fee", "travel_fee", "day_fee", "travel", "tier")
Json = dict[str, Any]


def problem(seed: int, people: int = 3, requests: int = 4) -> Problem:
    """Return the problem of a seed."""
    maker = Maker(seed)
    sizes = maker.random.randint(1, people), maker.random.randint(1, requests)
    return Problem.model_validate(maker.problem(*sizes))


class Maker:
    """Makes the problem of a seed."""

    def __init__(
        self,
        seed: int,
        switches: tuple[str, ...] = SWITCHES,
        later: tuple[str, ...] = LATER_SWITCHES,
    ) -> None:
        self.random = Random(seed)
        self.on = {name for name in switches if self.random.random() < 0.3}
        self.later = Random(-seed - 1)
        self.on |= {name for name in later if self.later.random() < 0.2}

    def problem(self, people: int, requests: int) -> Json:
        """Return a problem with so many people and requests."""
        interpreters = [self.interpreter(f"i{number}") for number in range(people)]
        asked = [self.request(f"r{number}", people) for number in range(requests)]
        return {
            "units_per_hour": self.choose("hours", [60], [4, 30]),
            "interpreters": interpreters,
            "requests": asked,
            "travel": self.travel(),
            "commitments": self.commitments(interpreters, asked),
            "disturb_at_most": self.choose("disturb", [None], [0, 0, 0, 1, 2]),
            "weights": self.weights() if "weights" in self.on else {},
        }

    def choose(self, switch: str, off: list[Any], on: list[Any]) -> Any:
        """Choose among what is possible without the switch and, if it is on, with it."""
        return self.random.choice(off + on if switch in self.on else off)

    def travel(self) -> Json:
        """Return four places, a matrix and a formula."""
        places = [
            {"id": f"p{n}", "latitude": 51.5 + n / 50, "longitude": 7.4 + n * n / 200}
            for n in range(4)
        ]
        matrix = [
            [0 if a == b else self.random.choice([5, 10, 20, 30, 60]) for a in range(4)]
            for b in range(4)
        ]
        if "no_way" in self.on:
            matrix[self.random.randrange(2)][self.random.randrange(2, 4)] = None  # type: ignore[call-overload]
        profiles = [{"id": "matrix", "matrix": matrix}, {"id": "car", "fixed": 3, "per_km": 2.5}]
        return {"places": places, "profiles": profiles}

    def place(self) -> str:
        """Return one of the places."""
        return f"p{self.random.randrange(4)}"

    def interpreter(self, id_: str) -> Json:
        """Return one interpreter."""
        profiles = [
            name for name, on in (("matrix", "matrix"), ("car", "formula")) if on in self.on
        ]
        many = "languages" in self.on or "relay" in self.on or "variety" in self.on
        spoken = (
            self.random.sample(LANGUAGES, self.random.choice([1, 2, 2, 3])) if many else ["apc"]
        )
        return {
            "id": id_,
            "languages": [{"code": c, "level": self.random.randint(1, 3)} for c in spoken],
            "qualifications": self.qualifications(),
            "gender": self.random.choice(["f", "m", None]),
            "days": self.days(),
            "busy": self.busy(),
            "paid_idle": [{"start": 600, "end": 660}] if "paid_idle" in self.on else [],
            "travel_profile": self.random.choice(profiles or [None]),
            "radius_km": self.choose("radius", [None], [3.0, 5.0]),
            "limits": self.limits(),
            "worked": [{"week": 0, "minutes": 30, "jobs": 1}] if "worked" in self.on else [],
            **self.pay(),
            "cost_per_travel_unit": self.choose("costs", [0], [7]),
            "cost_per_day": self.choose("costs", [0], [1000]),
            "tier": self.choose("tiers", [0], [1, 2]),
            "committed_load": self.choose("committed", [0], [60, 200]),
            "fair_share": self.choose("shares", [None], [0, 50, 100]),
        }

    def pay(self) -> Json:
        """Return a price by the hour, or a tariff of blocks begun."""
        hourly = {"cost_per_hour": self.choose("costs", [0], [2500, 4150])}
        if "tariffs" not in self.on or self.later.random() < 0.3:
            return hourly
        first = self.later.choice([0, 15, 45])
        tariff = {
            "minimum": self.later.choice([0, 2000, 5000]),
            "first": first,
            "first_cents": self.later.choice([1500, 4000]) if first else 0,
            "block": self.later.choice([1, 15, 30]),
            "block_cents": self.later.choice([40, 900]),
        }
        return {"tariff": tariff}

    def qualifications(self) -> list[Json]:
        """Return no proof, or one that may begin or expire within the day."""
        if self.random.random() < 0.4:
            return []
        since, until = self.random.choice([None, 500]), self.random.choice([None, 620, 5000])
        return [{"name": "sworn", "valid_from": since, "valid_until": until}]

    def days(self) -> list[Json]:
        """Return the days of a person; by night one goes over into the next."""
        if "nights" in self.on:
            turn = self.later.choice([600, 620, 650])
            return [self.day(0, 0, [(440, turn)]), self.day(1, 0, [(turn, 860)])]
        numbers = range(self.choose("days", [1], [2, 2]))
        return [self.day(number, number * WEEKDAY, self.spans()) for number in numbers]

    def spans(self) -> list[tuple[int, int]]:
        """Return one or two times of availability, in two that touch or not."""
        begin, end = self.random.choice([420, 480, 540]), self.random.choice([700, 840, 900])
        noon = self.choose("split_days", [None], [640, 700])
        if noon is not None:
            apart = 0 if "touching" in self.on else 20
            return [(begin, noon), (noon + apart, max(end, noon + 80))]
        return [(begin, end)]

    def day(self, number: int, offset: int, spans: list[tuple[int, int]]) -> Json:
        """Return a day with these times of availability."""
        pause = {"earliest": offset + 590, "latest": offset + 690, "length": 30}
        return {
            "day": number,
            "week": self.random.choice([0, number]),
            "available": [{"start": offset + a, "end": offset + b} for a, b in spans],
            "start": self.choose("home", [None], [self.place(), self.place()]),
            "end": self.choose("home", [None], [self.place(), self.place()]),
            "remote": self.choose("remote", [None], [self.place()]),
            "breaks": [pause] if self.choose("breaks", [False], [True]) else [],
        }

    def busy(self) -> list[Json]:
        """Return no, one or two private times, some at a place."""
        begins = self.random.sample(range(500, 700, 40), self.choose("busy", [0], [1, 2]))
        return [
            {
                "start": begin,
                "end": begin + self.random.choice([10, 30]),
                "place": self.random.choice([None, self.place()]),
            }
            for begin in begins
        ]

    def limits(self) -> Json:
        """Return limits of days and weeks."""
        return {
            "minutes_per_day": self.choose("limits_of_day", [None], [40, 60, 90, 120]),
            "jobs_per_day": self.choose("limits_of_day", [None, None], [0, 1, 2]),
            "minutes_per_week": self.choose("limits_of_week", [None], [60, 100, 150]),
            "jobs_per_week": self.choose("limits_of_week", [None], [1, 2]),
        }

    def request(self, id_: str, people: int) -> Json:
        """Return one request."""
        later = [0] if "nights" in self.on else [0, WEEKDAY]
        begin = self.choose("days", [0], later) + self.random.randrange(500, 740, 10)
        team = self.choose("teams", [1], [2])
        handover: Json = {"least": 15, "step": 20, "overlap": self.random.choice([0, 5]), "cost": 9}
        handover |= {"uneven": 2}
        shared = team == 1 and self.choose("handover", [False], [True] * 3)
        return {
            "id": id_,
            "earliest": begin,
            "latest": begin + self.choose("windows", [0], [20] if shared else [20, 40]),
            "step": 20,
            "duration": self.random.choice([30, 40, 60]),
            "place": "p0" if "one_site" in self.on else self.place(),
            "buffer_before": self.choose("buffers", [0], [5, 10]),
            "buffer_after": self.choose("buffers", [0], [10]),
            "languages": self.languages(team),
            "ways": self.ways(),
            "weight": self.random.choice([0, 1, 1, 2, 2, 3, 3]),
            "interpreters": team,
            "conditions": self.conditions(people),
            "handover": handover if shared else None,
        }

    def languages(self, team: int) -> list[Json]:
        """Return a language, perhaps by relay, and perhaps another that would do at a cost."""
        code, relay = self.random.sample(LANGUAGES, 2) if "languages" in self.on else LANGUAGES[:2]
        relayed = team == 1 and self.choose("relay", [False], [True])
        found = [{"code": code, "relay": relay if relayed else None, "cost": 0}]
        if self.choose("variety", [False], [True, True]):
            taken = (code, relay) if relayed else (code,)
            other = self.random.choice([name for name in LANGUAGES if name not in taken])
            found.append({"code": other, "cost": 7})
        return found

    def ways(self) -> list[Json]:
        """Return the ways that will do."""
        site, video = {"way": "on_site"}, {"way": "video", "cost": 4}
        return self.choose("ways", [[site]], [[site, video], [video]])

    def conditions(self, people: int) -> list[Json]:
        """Return requirements and wishes."""
        someone = [f"i{self.random.randrange(people)}"]
        possible: list[Json] = [
            {"kind": "level", "level": self.random.randint(1, 3)},
            {"kind": "qualification", "name": "sworn"},
            {"kind": "gender", "gender": "f"},
            {"kind": "preferred", "interpreters": someone},
            {"kind": "excluded", "interpreters": someone, **self.only_if(someone)},
            {"kind": "continuity", "interpreters": someone},
        ]
        chosen = [item for item in possible if self.choose(item["kind"], [False], [True])]
        return [item | {"penalty": self.random.choice([None, 10, 25])} for item in chosen]

    def only_if(self, someone: list[str]) -> Json:
        """Return by which ways and when somebody is excluded, which is another for each person."""
        number = int(someone[0][1:])
        times = [{"start": 0, "end": 600}, {"start": 700, "end": 760}]
        return {"ways": ["on_site"] if number % 2 else [], "times": times if number % 3 else []}

    def commitments(self, people: list[Json], requests: list[Json]) -> list[Json]:
        """Return pins and promises; nobody is pinned to two jobs at once."""
        found: list[Json] = []
        pinned: list[tuple[str, int, int]] = []
        for request in requests:
            person = self.random.choice(people[:1] if "disturb" in self.on else people)
            start = self.start(request)
            kind = self.kind()
            span = (person["id"], start, start + request["duration"])
            if kind == "pinned" and any(_at_once(span, other) for other in pinned):
                kind = "promised"
            if kind is not None:
                pinned += [span] if kind == "pinned" else []
                found.append(self.commitment(kind, request, person, start))
        return found

    def start(self, request: Json) -> int:
        """Return a start of the request, sometimes one that it does not allow."""
        return self.random.choice([request["earliest"]] * 4 + [request["earliest"] + 20])

    def kind(self) -> str | None:
        """Return the kind of a commitment, None for none."""
        pins = ["pinned"] if "pins" in self.on else []
        promises = ["promised"] * 2 if "promises" in self.on else []
        return self.random.choice([None, *pins, *promises])

    def commitment(self, kind: str, request: Json, person: Json, start: int) -> Json:
        """Return one commitment, half of them with way and language left open."""
        way, language = request["ways"][-1]["way"], self.spoken(request, person)
        return {
            "kind": kind,
            "request": request["id"],
            "interpreter": person["id"],
            "start": start,
            "way": self.random.choice([None, way]),
            "language": self.random.choice([None, language]),
            "price": self.random.choice([1, 5]),
        }

    def spoken(self, request: Json, person: Json) -> str:
        """Return a language of the request, one that the person speaks if there is one."""
        choices = [(choice["code"], choice.get("relay")) for choice in request["languages"]]
        asked = [code for pair in choices for code in pair if code is not None]
        own = {item["code"] for item in person["languages"]}
        return self.random.choice([code for code in asked if code in own] or asked)

    def weights(self) -> Json:
        """Return levels in another order, often coverage first, some terms left out."""
        names = [*TERMS, *MONEY]
        self.random.shuffle(names)
        if self.random.random() < 0.6:
            names.insert(0, names.pop(names.index("coverage")))
        terms = [{"term": name, "factor": self.random.choice([0, 1, 5, 100])} for name in names]
        cuts = self.random.choice([(len(terms), len(terms)), (1, 4), (4, 7), (7, 9)])
        levels = [terms[: cuts[0]], terms[cuts[0] : cuts[1]], terms[cuts[1] :]]
        kept = levels[: self.random.choice([1, 2, 3])]
        return {"levels": [{"name": f"level {n}", "terms": part} for n, part in enumerate(kept)]}


def _at_once(one: tuple[str, int, int], two: tuple[str, int, int]) -> bool:
    return one[0] == two[0] and one[1] < two[2] and two[1] < one[2]
