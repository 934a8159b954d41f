"""The persons of a lease: as typed, and as they may be recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID, uuid4

from contracts.intake import Language
from services.chassis.aggregate import natural_id
from services.chassis.companies import Company
from services.chassis.keyring import Keyring
from services.chassis.refusal import Malformed

Holder = dict[str, Any]
"""A leaseholder as recorded: `person_id`, `language`; `name`, `contact`, `address` sealed."""

NAME_FIELD = "name"
CONTACT_FIELD = "contact"
ADDRESS_FIELD = "address"


@dataclass(frozen=True)
class Person:
    """A leaseholder as typed; sealed before anything is recorded."""

    name: str
    contact: str = ""
    address: str = ""
    language: Language | None = None


def sealed(
    keyring: Keyring, company: Company, household_id: UUID, persons: list[Person]
) -> list[Holder]:
    """Leaseholders as they may be recorded: names and contacts sealed, a key a person."""
    numbered = {
        natural_id(company.slug, "person", f"{household_id}/{number}"): person
        for number, person in enumerate(persons, 1)
    }
    return [_sealed(keyring, company, *one) for one in numbered.items()]


def opened(keyring: Keyring, company: Company, holders: Sequence[Holder]) -> list[Person]:
    """Leaseholders as they were typed, to be corrected.

    Errors: NameUnavailable, rather than words that would be taken for a name.
    """
    keyring.unwrap(company, [UUID(holder["person_id"]) for holder in holders])
    names = keyring.show_all(company, [holder["name"] for holder in holders], NAME_FIELD)
    contacts = keyring.show_all(company, [h.get("contact") for h in holders], CONTACT_FIELD)
    addresses = keyring.show_all(company, [h.get("address") for h in holders], ADDRESS_FIELD)
    languages = [Language(h["language"]) if h.get("language") else None for h in holders]
    told = zip(names, contacts, addresses, languages, strict=True)
    return [Person(*each) for each in told]


def corrected(
    keyring: Keyring, company: Company, before: Sequence[Holder], persons: Sequence[Person | None]
) -> list[Holder]:
    """What replaces `before`: a person for each, None leaves one out, those beyond are new.

    Who stays as they were keeps what was sealed; who is corrected keeps their key.
    Refuses: Malformed when one is not told of or nobody is left; PersonErased (409).
    """
    if len(persons) < len(before):
        raise Malformed(f"Ce bail a {len(before)} locataires : redites-les tous, dans leur ordre.")
    if not any(persons):
        raise Malformed("Un bail a au moins un locataire : indiquez son nom.")
    after = []
    known = opened(keyring, company, before)
    for holder, was, person in zip_longest(before, known, persons):
        if person is not None and person == was:
            after.append(holder)
        elif person is not None:
            person_id = UUID(holder["person_id"]) if holder else uuid4()
            after.append(_sealed(keyring, company, person_id, person))
    return after


def _sealed(keyring: Keyring, company: Company, person_id: UUID, person: Person) -> Holder:
    holder = {
        "person_id": str(person_id),
        "name": keyring.seal(company, person_id, NAME_FIELD, person.name),
    }
    if person.contact:
        holder["contact"] = keyring.seal(company, person_id, CONTACT_FIELD, person.contact)
    if person.address:
        holder["address"] = keyring.seal(company, person_id, ADDRESS_FIELD, person.address)
    if person.language:
        holder["language"] = person.language.value
    return holder


def moved(
    keyring: Keyring, company: Company, holders: Sequence[Holder], address: str
) -> list[Holder]:
    """The same persons at another address; without one, nobody knows yet where they are written to.

    Refuses: PersonErased (409), NameUnavailable (503).
    """
    after = []
    for holder in holders:
        kept = {name: value for name, value in holder.items() if name != "address"}
        if address:
            person_id = UUID(holder["person_id"])
            kept["address"] = keyring.seal(company, person_id, ADDRESS_FIELD, address)
        after.append(kept)
    return after
