"""What the pages of follow-up show: rows with names unsealed, and why each is there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.followup import AbsenceReason, VisitKind
from services.chassis import names
from services.chassis.amounts import format_day
from services.chassis.refusal import NotFound
from services.followup.history import ABSENCES, KINDS, SUPERSEDED, sentence
from services.followup.open_support_periods import select_open_periods, select_support
from services.followup.service import Followup
from services.followup.support_period import UnknownSupportPeriod
from services.followup.support_shown import OpenSupport, told
from services.followup.visit import UnknownVisit
from services.followup.visits_to_make import (
    search_households,
    select_history,
    select_household,
    select_visits,
    select_week,
)

Row = dict[str, Any]
OPEN = ("planned", "proposed")
OF_A_LEASE = ("reference", "ended_on")
OF_NO_LEASE: Row = dict.fromkeys(OF_A_LEASE)


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    day: date
    sentence: str
    recorded_at: datetime
    actor: str


@dataclass(frozen=True)
class Week:
    """Visits to make as of `as_of` up to `until`, its Sunday."""

    as_of: date
    until: date
    rows: list[Row]

    @property
    def late(self) -> int:
        return sum(row["when"] == "late" for row in self.rows)


@dataclass(frozen=True)
class Household:
    """`version` is what a form shown beside it is filled in for; leases are newest first."""

    household_id: UUID
    version: int
    names: list[str]
    leases: list[Row]
    visits: list[Row]
    support: list[Row]
    history: list[Entry]

    @property
    def open_visits(self) -> list[Row]:
        return [visit for visit in reversed(self.visits) if visit["state"] in OPEN]

    @property
    def other_visits(self) -> list[Row]:
        return [visit for visit in self.visits if visit["state"] in ("made", "missed")]

    def visit(self, visit_id: UUID) -> Row:
        """Errors: UnknownVisit."""
        for visit in self.visits:
            if visit["visit_id"] == visit_id:
                return visit
        raise UnknownVisit("Cette visite n'existe pas pour ce ménage.")

    def support_period(self, period_id: UUID) -> Row:
        """Errors: UnknownSupportPeriod."""
        for period in self.support:
            if period["period_id"] == period_id:
                return period
        raise UnknownSupportPeriod("Cet accompagnement n'existe pas pour ce ménage.")


def with_names(followup: Followup, rows: list[Row]) -> list[Row]:
    """The rows with `names`, unsealed for whoever may read."""
    holders = [row["leaseholders"] or [] for row in rows]
    sealed = [holder.get("name") for held in holders for holder in held]
    opened = iter(followup.keyring.show_all(followup.company, sealed, "name"))
    return [
        {**row, "names": [next(opened) for _ in held]}
        for row, held in zip(rows, holders, strict=True)
    ]


def search(followup: Followup, text: str) -> list[Row]:
    """Households by lease or dwelling number, or by name."""

    def select(part: str, limit: int | None) -> list[Row]:
        with followup.datastore.reading() as cursor:
            return search_households(cursor, part, limit)

    numbers = ("reference", "dwelling_reference")
    return names.find(text, numbers, select, lambda found: with_names(followup, found))


def week(followup: Followup, today: date) -> Week:
    until = today + timedelta(days=6 - today.weekday())
    with followup.datastore.reading() as cursor:
        rows = select_week(cursor, today, until)
    return Week(today, until, [_told(row, today) for row in with_names(followup, rows)])


def open_support(followup: Followup, today: date) -> OpenSupport:
    with followup.datastore.reading() as cursor:
        rows = select_open_periods(cursor, today)
    return OpenSupport(today, [told(row, today) for row in with_names(followup, rows)])


def household(followup: Followup, household_id: UUID, today: date) -> Household:
    """Errors: NotFound."""
    with followup.datastore.reading() as cursor:
        leases = select_household(cursor, household_id)
        visits = select_visits(cursor, household_id)
        history = select_history(cursor, household_id)
        support = select_support(cursor, household_id)
    if not (leases or visits or history):
        raise NotFound("Ce ménage n'est pas connu dans cette société.")
    named, corrected = with_names(followup, leases), _corrected(history)
    own = {lease["lease_id"]: {name: lease[name] for name in OF_A_LEASE} for lease in leases}
    return Household(
        household_id,
        max((line["version"] for line in history), default=1),
        named[0]["names"] if named else [],
        named,
        [_told(visit | own.get(visit["lease_id"], OF_NO_LEASE), today) for visit in visits],
        [told(period, today) for period in support],
        [
            Entry(
                line["occurred_on"],
                sentence(line["kind"], line["details"])
                + (SUPERSEDED if line["version"] in corrected else ""),
                line["recorded_at"],
                line["actor"],
            )
            for line in history
        ],
    )


def _corrected(history: list[Row]) -> set[int]:
    """The versions of what turned out wrong; of a lease and of a welcome, what was told anew."""
    found = {line["corrects_version"] for line in history}
    stands: dict[tuple[str, str], int] = {}
    for line in sorted(history, key=lambda line: line["version"]):
        what, _, how = line["kind"].rpartition("-")
        if what in ("lease", "lease-end", "welcome"):
            about = (what, line["details"]["lease_id"])
            found.add(stands.pop(about, None))
            none_held = what == "welcome" and "held_on" not in line["details"]
            if how == "known" and not none_held:
                stands[about] = line["version"]
    return found


def _told(visit: Row, today: date) -> Row:
    """The visit with its kind in words, when it is to be made and why it is in the list."""
    title = KINDS[VisitKind(visit["kind"])].capitalize()
    because = _because(visit, today)
    if visit["ended_on"] and visit["ended_on"] < today and visit["state"] != "made":
        because = f"{because}\u00a0; le bail a pris fin le {format_day(visit['ended_on'])}"
    return {**visit, "title": title, "when": _when(visit, today), "because": because}


def _when(visit: Row, today: date) -> str:
    day = visit["planned_on"]
    if visit["state"] == "missed":
        return "missed"
    if visit["state"] == "proposed" or day is None:
        return "proposed"
    if day < today:
        return "late"
    return "today" if day == today else "later"


def _because(visit: Row, today: date) -> str:
    if visit["state"] == "missed":
        absence = ABSENCES[AbsenceReason(visit["absence"])]
        return f"manquée le {format_day(visit['missed_on'])} : {absence}"
    if visit["state"] == "proposed":
        since = f" le {format_day(visit['proposed_on'])}" if visit["proposed_on"] else ""
        reasons = f" ({visit['causes']} raisons)" if visit["causes"] > 1 else ""
        return f"proposée{since} : loyer impayé ou plan non respecté{reasons}"
    if visit["planned_on"] is None:
        return ""
    late = (today - visit["planned_on"]).days
    shown_late = f", il y a {late} jour{'s' if late > 1 else ''}" if late > 0 else ""
    return f"prévue le {format_day(visit['planned_on'])}{shown_late}"
