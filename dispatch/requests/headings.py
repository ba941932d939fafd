"""What an import of requests calls its columns and what stands in them, in German too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask_babel import LazyString, get_locale

from dispatch import tables
from dispatch.interpreters.importing import GENDER_WORDS, QUALIFICATION_WORDS
from dispatch.requests.rules import Setting

ASKED_BY = "asked_by"
GERMAN = {
    "language": ("Sprache",),
    "site": (
        "Ort",
        "Einsatzort",
        "Ortsnummer",
        "Standort",
        "Kennung",
        "Ortskennung",
        "Registernummer",
        "Einrichtung",
    ),
    "day": ("Tag", "Datum", "Termin", "Einsatzdatum"),
    "start": ("Beginn", "Uhrzeit", "Startzeit", "Anfang", "Von"),
    "latest_start": ("Spätester Beginn", "Beginn spätestens"),
    "duration": ("Dauer", "Dauer in Minuten", "Dauer Min", "Minuten"),
    "setting": ("Bereich", "Einsatzbereich", "Einsatzfeld", "Art des Gesprächs"),
    "interpreters": (
        "Anzahl",
        "Anzahl Dolmetschende",
        "Anzahl der Dolmetschenden",
        "Dolmetschende",
    ),
    "case_reference": ("Aktenzeichen", "Az", "Fallnummer", "Geschäftszeichen"),
    "note": ("Hinweis", "Hinweise", "Bemerkung", "Bemerkungen", "Anmerkung", "Notiz"),
    "contact": (
        "Kontakt",
        "Kontakt vor Ort",
        "Ansprechperson",
        "Ansprechpartner",
        "Ansprechpartnerin",
    ),
    "room": ("Raum", "Raumnummer", "Zimmer"),
    "cost_centre": ("Kostenstelle",),
    "gender": ("Geschlecht",),
    "qualification": ("Qualifikation",),
    "ways": ("Wege", "Weg", "Art der Teilnahme"),
    "video_link": ("Videolink", "Link zum Videogespräch"),
    "dial_in": ("Einwahl", "Einwahlnummer", "Telefonnummer"),
    "language_in_words": ("Sprache in Worten",),
    "gender_wished": ("Geschlecht wenn möglich",),
    "qualification_wished": ("Qualifikation wenn möglich",),
    "level": ("Sprachniveau",),
    "level_wished": ("Sprachniveau wenn möglich",),
    "decides_on_rights": ("Entscheidung über Rechte",),
    "is_signed": ("Unterschrift",),
    "only_same_person": ("Nur dieselbe Person",),
    "relay_allowed": ("Relais erlaubt",),
    "handover_allowed": ("Ablösung erlaubt",),
    "handover_minutes": ("Ablösung nach Minuten",),
    "occurrence": ("Doppelte Stunde",),
    "urgent": ("Dringend", "Eilig"),
    "accepts_varieties": ("Verwandte Sprachform",),
    "alone_because": ("Warum eine Person genügt",),
    "again": ("Nochmals", "Erneut"),
    ASKED_BY: ("Angefragt von", "Auftraggeber", "Anfordernde Person"),
}
WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "setting": {
        Setting.SCHOOL: ("Schule",),
        Setting.KINDERGARTEN: ("Kita", "Kindergarten", "Kindertagesstätte"),
        Setting.HEALTH: ("Gesundheit",),
        Setting.HOUSING: ("Wohnen", "Wohnung"),
        Setting.ASYLUM_AND_RESIDENCE: ("Asyl und Aufenthalt", "Asyl", "Aufenthalt"),
        Setting.JOB_CENTRE: ("Jobcenter", "Arbeit"),
        Setting.YOUTH_WELFARE: ("Jugendhilfe", "Jugendamt"),
        Setting.COUNSELLING: ("Beratung",),
        Setting.COURT_AND_POLICE: ("Gericht und Polizei", "Gericht", "Polizei"),
    },
    "gender": GENDER_WORDS,
    "gender_wished": GENDER_WORDS,
    "qualification": QUALIFICATION_WORDS,
    "qualification_wished": QUALIFICATION_WORDS,
    "occurrence": {"first": ("erste", "Sommerzeit"), "second": ("zweite", "Winterzeit")},
}


def choices_of(field: str, choices: Iterable[str]) -> LazyString:
    """Return what may be written of a field, in the words a German reader would write."""
    words = WORDS.get(field.removesuffix("_required"), {})

    def written() -> str:
        in_german = str(get_locale() or "en") == "de"
        return ", ".join(words[one][0] if in_german and one in words else one for one in choices)

    return LazyString(written)


TEXTS = (
    "case_reference",
    "note",
    "contact",
    "room",
    "cost_centre",
    "video_link",
    "dial_in",
    "alone_because",
)
WISHES = (
    "language_in_words",
    "gender_wished",
    "qualification_wished",
    "level",
    "level_wished",
    "decides_on_rights",
    "is_signed",
    "only_same_person",
    "accepts_varieties",
    "alone_because",
    "relay_allowed",
    "handover_allowed",
    "handover_minutes",
)
COLUMNS = tables.Columns(
    required=("language", "site", "day", "start", "duration", "setting"),
    optional=(
        "latest_start",
        "interpreters",
        "case_reference",
        "note",
        "contact",
        "room",
        "cost_centre",
        "gender",
        "qualification",
        "ways",
        "video_link",
        "dial_in",
        *WISHES,
        "occurrence",
        "urgent",
        "again",
    ),
    synonyms=GERMAN,
    words=WORDS,
)
COLUMNS_WITH_ASKER = replace(COLUMNS, required=(*COLUMNS.required, ASKED_BY))
