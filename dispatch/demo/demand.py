"""Drawing what is asked for on a day, by the modelled shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.cities import City
from dispatch.demo import sources
from dispatch.demo.chance import Random, draw
from dispatch.demo.people import Office
from dispatch.interpreters.rules import Gender, Qualification
from dispatch.requests.rules import Setting
from dispatch.sites.models import Site
from dispatch.sites.rules import SiteKind

SECTOR = {
    Setting.SCHOOL: "school_kita",
    Setting.KINDERGARTEN: "school_kita",
    Setting.HEALTH: "health",
    Setting.HOUSING: "town_hall_general",
    Setting.ASYLUM_AND_RESIDENCE: "immigration_office",
    Setting.JOB_CENTRE: "town_hall_general",
    Setting.YOUTH_WELFARE: "counselling_social",
    Setting.COUNSELLING: "counselling_social",
    Setting.COURT_AND_POLICE: "court_police",
}
KINDS = {
    Setting.SCHOOL: {SiteKind.SCHOOL},
    Setting.KINDERGARTEN: {SiteKind.KITA},
    Setting.HEALTH: {SiteKind.HOSPITAL, SiteKind.HEALTH_OFFICE},
    Setting.HOUSING: {SiteKind.CITIZEN_OFFICE, SiteKind.TOWN_HALL},
    Setting.ASYLUM_AND_RESIDENCE: {SiteKind.IMMIGRATION_OFFICE, SiteKind.CITIZEN_OFFICE},
    Setting.JOB_CENTRE: {SiteKind.JOBCENTER, SiteKind.SOCIAL_WELFARE},
    Setting.YOUTH_WELFARE: {SiteKind.YOUTH_CENTRE, SiteKind.CITIZEN_OFFICE},
    Setting.COUNSELLING: {
        SiteKind.COUNSELLING,
        SiteKind.COMMUNITY_CENTRE,
        SiteKind.LOKAL_WILLKOMMEN,
        SiteKind.MIGRANT_ORGANISATION,
        SiteKind.SENIOR_CENTRE,
    },
    Setting.COURT_AND_POLICE: {SiteKind.COURT, SiteKind.POLICE},
}
MINUTE = {0: 0.5, 15: 0.12, 30: 0.3, 45: 0.08}
TEAM_OF_TWO, GENDER_MATTERS = 0.04, 0.07
GENDER = {Gender.FEMALE: 0.85, Gender.MALE: 0.15}
QUALIFICATION: dict[Setting, dict[Qualification | None, float]] = {
    Setting.COURT_AND_POLICE: {Qualification.SPRINT: 0.4, Qualification.SWORN: 0.6},
    Setting.ASYLUM_AND_RESIDENCE: {None: 0.85, Qualification.STATE_CERTIFIED: 0.15},
    Setting.HEALTH: {None: 0.8, Qualification.SPRINT: 0.2},
    Setting.YOUTH_WELFARE: {None: 0.8, Qualification.SPRINT: 0.2},
}
ANYBODY: dict[Qualification | None, float] = {None: 1.0}
SHORTEST_NOTICE = timedelta(hours=1)


@dataclass(frozen=True)
class Wish:
    """What somebody asked for and when; instants in UTC, `wall_start` naive at the site.

    With a `latest_start_at` it may begin until then.
    """

    office: Office
    asker: Account
    site: Site
    language: str
    setting: Setting
    wall_start: datetime
    starts_at: datetime
    ends_at: datetime
    interpreter_count: int
    gender_required: str | None
    qualification_required: str | None
    room: str
    submitted_at: datetime
    latest_start_at: datetime | None = None

    @property
    def day(self) -> date:
        """The local day of the talk."""
        return self.wall_start.date()


class Demand:
    """What these offices ask for at these sites, in a city where it is now `now`."""

    def __init__(
        self,
        random: Random,
        offices: Sequence[Office],
        sites: Sequence[Site],
        city: City,
        now: datetime,
    ) -> None:
        self.random = random
        self.shares = {office.row.name: office.share for office in offices}
        self.offices = {office.row.name: office for office in offices}
        self.sites = {
            setting: [site for site in sites if site.kind in kinds]
            for setting, kinds in KINDS.items()
        }
        self.city = city
        self.now = now
        self.model = sources.demand_model()

    def draw(self, day: date, office: Office | None = None) -> Wish:
        """Return one wish for a working day, of this office or of one drawn by its share."""
        office = office or self.offices[draw(self.random, self.shares)]
        setting = Setting(office.setting)
        site = self.random.choice(self.sites[setting])
        wall_start = datetime.combine(day, self._start(setting, day))
        starts_at = clock.localize(wall_start, site.time_zone)
        minutes = int(draw(self.random, self.model["duration"]["minutes"]))
        return Wish(
            office=office,
            asker=self.random.choice(office.askers),
            site=site,
            language=draw(self.random, sources.language_shares()),
            setting=setting,
            wall_start=wall_start,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            interpreter_count=2 if self.random.random() < TEAM_OF_TWO else 1,
            gender_required=draw(self.random, GENDER)
            if self.random.random() < GENDER_MATTERS
            else None,
            qualification_required=draw(self.random, QUALIFICATION.get(setting, ANYBODY)),
            room=f"{self.random.randint(0, 3)}.{self.random.randint(1, 24):02d}",
            submitted_at=self._submitted_at(starts_at, site.time_zone),
        )

    def _start(self, setting: Setting, day: date) -> time:
        hours = self.model["start_time"][SECTOR[setting]]
        shares = hours.get("hour") or {
            key.partition("-")[2]: share
            for key, share in hours["hour_of_week"].items()
            if key.startswith(f"{day.weekday()}-")
        }
        return time(int(draw(self.random, shares)), draw(self.random, MINUTE))

    def _submitted_at(self, starts_at: datetime, zone_name: str) -> datetime:
        latest = min(starts_at - SHORTEST_NOTICE, self.now)
        day = clock.at_place(starts_at, zone_name).date() - timedelta(days=self._days_ahead())
        while True:
            hour = int(draw(self.random, self.model["request_entry_hour"]["hour"]))
            wall = datetime.combine(day, time(hour, self.random.randrange(60)))
            at = clock.localize(wall, zone_name)
            if self.city.is_working_day(day) and at < latest:
                return at.astimezone(UTC)
            day -= timedelta(days=1)

    def _days_ahead(self) -> int:
        shares = self.model["lead_time_days"]["days"]
        most = int(draw(self.random, shares))
        least = max((int(days) + 1 for days in shares if int(days) < most), default=0)
        return self.random.randint(least, most)
