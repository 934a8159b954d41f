"""What pages and the JSON API read of dwellings: how each stands today."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.chassis.amounts import format_day
from services.chassis.refusal import NotFound
from services.intake.history import SUSPENSIONS
from services.intake.service import Intake
from services.intake.vacant_dwellings import select_dwelling, select_vacant


class DwellingRow(BaseModel):
    """A dwelling today. `state`: `let`, `lettable` or `unlettable`; `because` says it in words.

    `lease_id`, `lease`: of today, else of the next one, else the last that is over. `left_from`:
    the first day after that one; `let_from`: when the lease of today or the next one begins.
    `unlettable_from` to `lettable_from`: the last time it could not be let.
    """

    dwelling_id: UUID
    reference: str
    registered_on: date
    bedrooms: int | None
    state: str
    because: str
    lease_id: UUID | None
    lease: str | None
    left_from: date | None
    let_from: date | None
    unlettable_from: date | None
    unlettable_reason: str | None
    lettable_from: date | None


class VacantDwellings(BaseModel):
    """`count` dwellings that nobody rents, `unlettable` of them not lettable; longest empty first.

    As of a day.
    """

    count: int
    unlettable: int
    as_of: date
    rows: list[DwellingRow]


def vacant(intake: Intake, today: date) -> VacantDwellings:
    with intake.datastore.reading() as cursor:
        rows = [_standing(row, today) for row in select_vacant(cursor, today)]
    unlettable = sum(row.state == "unlettable" for row in rows)
    return VacantDwellings(count=len(rows), unlettable=unlettable, as_of=today, rows=rows)


def dwelling(intake: Intake, dwelling_id: UUID, today: date) -> DwellingRow:
    """Errors: NotFound."""
    with intake.datastore.reading() as cursor:
        row = select_dwelling(cursor, dwelling_id, today)
    if row is None:
        raise NotFound("Ce logement n'existe pas dans cette société.")
    return _standing(row, today)


def _standing(row: dict[str, Any], today: date) -> DwellingRow:
    state = "let" if row["is_let"] else "unlettable" if row["is_suspended"] else "lettable"
    return DwellingRow(**row, state=state, because=_because(row, today))


def _because(row: dict[str, Any], today: date) -> str:
    if row["is_let"]:
        return f"Loué depuis le {format_day(row['let_from'])}."
    empty = f"Vide depuis le {format_day(row['left_from'] or row['registered_on'])}"
    if row["is_suspended"]:
        why = SUSPENSIONS[row["unlettable_reason"]]
        back = row["lettable_from"]
        until = f", jusqu'au {format_day(back)}" if back else ""
        return f"{empty} ; {why} depuis le {format_day(row['unlettable_from'])}{until}."
    if row["unlettable_from"] and row["unlettable_from"] > today:
        why = SUSPENSIONS[row["unlettable_reason"]]
        return f"{empty} ; {why} à partir du {format_day(row['unlettable_from'])}."
    if row["let_from"]:
        return f"{empty} ; loué à partir du {format_day(row['let_from'])}."
    return f"{empty}."
