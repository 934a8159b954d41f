"""The persons of a lease: as typed, and as they may be recorded."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.aggregate import natural_id
from services.chassis.companies import Company
from services.chassis.keyring import Keyring

NAME_FIELD = "name"
CONTACT_FIELD = "contact"


@dataclass(frozen=True)
class Person:
    """A leaseholder as typed; sealed before anything is recorded."""

    name: str
    contact: str = ""


def sealed(
    keyring: Keyring, company: Company, household_id: UUID, persons: list[Person]
) -> list[dict[str, Any]]:
    """Leaseholders as they may be recorded: names and contacts sealed, a key a person."""
    holders = []
    for number, person in enumerate(persons, 1):
        person_id = natural_id(company.slug, "person", f"{household_id}/{number}")
        seal = keyring.seal
        holder = {
            "person_id": str(person_id),
            "name": seal(company, person_id, NAME_FIELD, person.name),
        }
        if person.contact:
            holder["contact"] = seal(company, person_id, CONTACT_FIELD, person.contact)
        holders.append(holder)
    return holders
