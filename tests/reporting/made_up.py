"""Facts that are made up for a test: of one type, chained like a log."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.envelope import FIRST_HASH, Envelope, fact_id, hash_of, write_envelope

START = datetime(2024, 1, 1, 8, tzinfo=UTC)


def charge(number: int, **changes: Any) -> Envelope:
    """A month's rent charged to one of seven leases; `changes` are of the envelope."""
    lease = UUID(int=number % 7 + 1)
    due_on = date(2024, number % 12 + 1, 10)
    fact = Envelope(
        id="",
        source="urn:referent:alpha:arrears",
        type="arrears.rent-charged",
        version=1,
        subject=str(lease),
        recorded_at=START + timedelta(minutes=number),
        position=0,
        previous="",
        occurred_on=due_on,
        actor="officer",
        corrects=None,
        withdrawn=False,
        correlation_id=None,
        causation_id=None,
        data={
            "charge_id": str(UUID(int=1000 + number)),
            "lease_id": str(lease),
            "household_id": str(lease),
            "month": f"{due_on:%Y-%m}",
            "due_on": due_on.isoformat(),
            "rent_cents": 30_000 + number,
            "charges_cents": 5_000,
        },
    )
    return replace(fact, **changes)


def chained(facts: list[Envelope], service: str = "arrears", company: str = "alpha") -> list[bytes]:
    """The bytes of a log: positions from 1, each fact naming the hash of the one before."""
    contents: list[bytes] = []
    for position, fact in enumerate(facts, 1):
        previous = hash_of(contents[-1]) if contents else FIRST_HASH
        placed = replace(
            fact,
            id=fact_id(company, service, position),
            position=position,
            previous=previous.hex(),
        )
        contents.append(write_envelope(placed))
    return contents
