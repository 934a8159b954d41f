"""What pages and the JSON API read: leases with their names unsealed."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.chassis import names
from services.chassis.amounts import format_day
from services.chassis.refusal import NotFound
from services.intake.leaseholders import (
    ADDRESS_FIELD,
    CONTACT_FIELD,
    NAME_FIELD,
    Person,
    opened,
)
from services.intake.new_tenants_to_welcome import (
    search_leases,
    select_following,
    select_lease,
    select_to_welcome,
)
from services.intake.service import Intake

WELCOMED_IN_TIME = timedelta(days=30)
"""Within which a welcome counts as in time (indicator I19)."""


class LeaseRow(BaseModel):
    """A lease as it is now. Amounts in cents a month, or a `rent_period` if
    there is one; `names` are unsealed for whoever may read.
    """

    lease_id: UUID
    reference: str
    household_id: UUID
    dwelling_id: UUID
    dwelling_reference: str
    start_on: date
    rent_cents: int
    charges_cents: int
    payment_reference: str
    names: list[str]
    contacts: list[str]
    addresses: list[str]
    language: str | None
    imported: bool
    transfer_of: UUID | None
    welcomed_on: date | None
    ended_on: date | None
    end_reason: str | None
    withdrawn: bool
    rent_period: str | None


class ToWelcome(LeaseRow):
    """A new tenant not welcomed yet: `days` since the lease began, `because` why it is here."""

    days: int
    because: str


class ToWelcomeList(BaseModel):
    """`count` rows, oldest start first, as of a day."""

    count: int
    as_of: date
    rows: list[ToWelcome]


class LeaseList(BaseModel):
    """At most 50 leases, those in force first, then by number."""

    count: int
    as_of: date
    rows: list[LeaseRow]


def to_welcome(intake: Intake, today: date) -> ToWelcomeList:
    with intake.datastore.reading() as cursor:
        rows = select_to_welcome(cursor, today)
    found = [
        ToWelcome(**row, because=_because(row["days"], row["start_on"]))
        for row in _with_names(intake, rows)
    ]
    return ToWelcomeList(count=len(found), as_of=today, rows=found)


def _because(days: int, start_on: date) -> str:
    began = "commence aujourd'hui"
    if days > 0:
        began = f"a commencé il y a {days} jour{'s' if days > 1 else ''}"
    due = format_day(start_on + WELCOMED_IN_TIME)
    return f"Le bail {began} ; aucun accueil n'est noté. À faire avant le {due} pour être à temps."


def leases(intake: Intake, text: str, today: date) -> LeaseList:
    """By lease or dwelling number, or by name."""

    def select(part: str, limit: int | None) -> list[dict[str, Any]]:
        with intake.datastore.reading() as cursor:
            return search_leases(cursor, part, limit)

    numbers = ("reference", "dwelling_reference")
    rows = names.find(text, numbers, select, lambda found: _with_names(intake, found))
    return LeaseList(count=len(rows), as_of=today, rows=[LeaseRow(**row) for row in rows])


def lease(intake: Intake, lease_id: UUID) -> LeaseRow:
    """Errors: NotFound."""
    return LeaseRow(**_with_names(intake, [_row(intake, lease_id)])[0])


def leaseholders(intake: Intake, lease_id: UUID) -> list[Person]:
    """The persons of a lease, to be corrected.   Errors: NotFound, NameUnavailable."""
    row = _row(intake, lease_id)
    return opened(intake.keyring, intake.company, row["leaseholders"])


def _row(intake: Intake, lease_id: UUID) -> dict[str, Any]:
    with intake.datastore.reading() as cursor:
        row = select_lease(cursor, lease_id)
    if row is None:
        raise NotFound("Ce bail n'existe pas dans cette société.")
    return row


def around(intake: Intake, found: LeaseRow) -> dict[str, LeaseRow]:
    """The leases that this one follows and is followed by, under those words."""
    with intake.datastore.reading() as cursor:
        rows = {
            "Fait suite au bail": select_lease(cursor, found.transfer_of),
            "Suivi du bail": select_following(cursor, found.lease_id),
        }
    return {words: LeaseRow(**_with_names(intake, [row])[0]) for words, row in rows.items() if row}


def _with_names(intake: Intake, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = {}
    members = {"names": NAME_FIELD, "contacts": CONTACT_FIELD, "addresses": ADDRESS_FIELD}
    for member, field in members.items():
        sealed = [holder.get(field) for row in rows for holder in row["leaseholders"]]
        opened = iter(intake.keyring.show_all(intake.company, sealed, field))
        shown[member] = [[next(opened) for _ in row["leaseholders"]] for row in rows]
    return [
        {
            **row,
            "names": names_shown,
            "contacts": [contact for contact in contacts if contact],
            "addresses": list(dict.fromkeys(address for address in addresses if address)),
            "language": row["leaseholders"][0].get("language") if row["leaseholders"] else None,
        }
        for row, names_shown, contacts, addresses in zip(rows, *shown.values(), strict=True)
    ]
