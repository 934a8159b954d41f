"""The four lists of what persons decided: which rows each has, how many, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection
from typing_extensions import TypedDict

from services.chassis.clock import day_of, end_of, moment_on
from services.chassis.set_aside import SHOWN_MAX, select_decided
from services.reporting.answers import Told
from services.reporting.extent import log_from
from services.reporting.figures import KnownOn, Period, known_on, period_of, utc
from services.reporting.interventions.decided_views import BY_A_PERSON
from services.reporting.views import words_read

if TYPE_CHECKING:
    from services.reporting.service import Reporting


class Which(StrEnum):
    OVERRIDES = "overrides"
    CORRECTIONS = "corrections"
    RELEASES = "releases"
    ASSIGNMENTS = "assignments"


VIEWS = {
    Which.OVERRIDES: "persons_overrides",
    Which.CORRECTIONS: "persons_corrections",
    Which.ASSIGNMENTS: "persons_assignments",
}
WANTED = f"""
FROM {{view}}($known)
WHERE ($year IS NULL OR year(occurred_on) = $year OR year(of_day) = $year)
    AND (NOT $persons OR {BY_A_PERSON.format(actor="actor")})
"""
"""The year is of the day it happened on, or of the fact that it corrects; never of its noting."""
COUNT = f"SELECT count(*) {WANTED}"
SELECT = f"""
SELECT service::VARCHAR AS service, position, type, subject::VARCHAR AS subject, actor,
       recorded_at, occurred_on, withdrawn, corrects, kind, step, reason, amount_cents, of_day,
       first_recorded_at, undone
{WANTED} ORDER BY recorded_at DESC, service, position DESC LIMIT $limit OFFSET $skipped
"""


CAME_BEFORE = """
SELECT type, subject::VARCHAR, recorded_at FROM fact WHERE service = ? AND position = ?
"""


class Intervention(TypedDict):
    """One decision. `kind` says what of its list it is; `fact` is where it was noted, of a release
    the fact that was set aside; `because` is what an operator wrote. `of_day` and
    `first_recorded_at` are those of the fact that `corrects` names. `undone`: taken back since.
    """

    fact: str
    kind: str
    type: str
    subject: str
    actor: str
    recorded_at: datetime
    occurred_on: date | None
    step: str | None
    reason: str | None
    because: str | None
    amount_cents: int | None
    corrects: str | None
    of_day: date | None
    first_recorded_at: datetime | None
    undone: bool


class Interventions(Told):
    """One page of a list. `counts`: of each list, under the same year, moment and choice."""

    which: str
    year: int | None
    persons: bool
    counts: dict[str, int]
    page: int
    pages: int
    rows: list[Intervention]


@dataclass(frozen=True)
class Choice:
    """What is looked at: `year` None is every year; `persons` leaves out what a service noted."""

    which: Which
    year: int | None = None
    known: str | None = None
    persons: bool = False


def interventions(
    reporting: "Reporting", choice: Choice, page: int = 1, limit: int | None = SHOWN_MAX
) -> Interventions:
    """Errors: Malformed for a moment to come, or a year that had not begun."""
    known = known_on(choice.known, reporting.now())
    with reporting.store.read() as cursor:
        period = _period(cursor, choice.year, known)
        told = _with_lacking(reporting, choice.which, reporting.told(cursor, period, known, ()))
        wanted = {"known": utc(known.before), "year": choice.year, "persons": choice.persons}
        counts = {name.value: _count(cursor, view, wanted) for name, view in VIEWS.items()}
        since, before = _between(choice.year, known)
        decided = select_decided(reporting.datastore, since, before, limit, page)
        counts[Which.RELEASES.value] = decided.count
        slug = reporting.company.slug
        if choice.which is Which.RELEASES:
            rows = [_of_operator(slug, _known(cursor, row)) for row in decided.rows]
        else:
            limits = {"limit": limit, "skipped": (page - 1) * (limit or 0)}
            rows = list(_rows(cursor, slug, VIEWS[choice.which], wanted | limits))
    return {
        **told,
        "which": choice.which.value,
        "year": choice.year,
        "persons": choice.persons,
        "counts": counts,
        "page": page,
        "pages": max(1, -(-counts[choice.which] // SHOWN_MAX)),
        "rows": rows,
    }


def _with_lacking(reporting: "Reporting", which: Which, told: Told) -> Told:
    """After an upgrade rows may lack what this list reads, until they have been made anew."""
    if which is Which.RELEASES or not words_read(VIEWS[which]) & reporting.store.lacking:
        return told
    missing = [*told["missing"], "Cette liste peut ne pas être juste d'ici là."]
    return {**told, "complete": False, "missing": missing}


def _period(cursor: DuckDBPyConnection, year: int | None, known: KnownOn) -> Period:
    if year is not None:
        return period_of(year, known)
    began = log_from(cursor, known) or known.last_seen
    return Period(min(began, known.last_seen), known.last_seen)


def _between(year: int | None, known: KnownOn) -> tuple[datetime, datetime]:
    if year is None:
        return moment_on(date(1990, 1, 1), 0), known.before
    return moment_on(date(year, 1, 1), 0), min(end_of(date(year, 12, 31)), known.before)


def _count(cursor: DuckDBPyConnection, view: str, wanted: dict[str, Any]) -> int:
    ((count,),) = cursor.execute(COUNT.format(view=view), wanted).fetchall()
    return int(count)


def _rows(
    cursor: DuckDBPyConnection, slug: str, view: str, wanted: dict[str, Any]
) -> Iterator[Intervention]:
    found = cursor.execute(SELECT.format(view=view), wanted)
    names = [column[0] for column in found.description or ()]
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        log, corrects, first = f"{slug}/{row['service']}", row["corrects"], row["first_recorded_at"]
        yield {
            "fact": f"{log}/{row['position']}",
            "kind": row["kind"],
            "type": row["type"],
            "subject": row["subject"],
            "actor": row["actor"],
            "recorded_at": row["recorded_at"].replace(tzinfo=UTC),
            "occurred_on": row["occurred_on"],
            "step": row["step"],
            "reason": row["reason"],
            "because": None,
            "amount_cents": row["amount_cents"],
            "corrects": f"{log}/{corrects}" if corrects else None,
            "of_day": row["of_day"],
            "first_recorded_at": first.replace(tzinfo=UTC) if first else None,
            "undone": row["undone"],
        }


def _known(cursor: DuckDBPyConnection, row: dict[str, Any]) -> dict[str, Any]:
    """A fact that came again was taken before: then its kind, its subject and its moment stand."""
    found = cursor.execute(CAME_BEFORE, [row["publisher"], row["position"]]).fetchall()
    if row["type"] or not found:
        return row
    ((fact_type, subject, since),) = found
    return {**row, "type": fact_type, "subject": subject, "since": since.replace(tzinfo=UTC)}


def _of_operator(slug: str, row: dict[str, Any]) -> Intervention:
    return {
        "fact": f"{slug}/{row['publisher']}/{row['position']}",
        "kind": row["state"],
        "type": row["type"],
        "subject": row["subject"],
        "actor": row["decided_by"],
        "recorded_at": row["decided_at"],
        "occurred_on": day_of(row["decided_at"]),
        "step": None,
        "reason": row["reason"],
        "because": row["decided_because"],
        "amount_cents": None,
        "corrects": None,
        "of_day": day_of(row["since"]),
        "first_recorded_at": row["since"],
        "undone": False,
    }
