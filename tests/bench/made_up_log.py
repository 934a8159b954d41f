"""Logs as long as ten years of the largest company, made up as fast as they can be written.

The facts are written like `write_envelope` writes them, by templates: to make millions of them with
the contracts would take longer than what is measured.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from contracts.envelope import FIRST_HASH

SLUG = "bench"
FIRST_YEAR = 2015
RENT, CHARGES = 30_000, 5_000


class Log:
    """One publisher's facts, chained; `write` gives the bytes of the next one."""

    def __init__(self, publisher: str, slug: str = SLUG) -> None:
        self.publisher = publisher
        self.slug = slug
        self.position = 0
        self.previous = FIRST_HASH.hex()

    def write(self, kind: str, subject: UUID, day: date, data: str) -> bytes:
        self.position += 1
        content = (
            f'{{"specversion":"1.0","id":"{self.slug}/{self.publisher}/{self.position}",'
            f'"source":"urn:referent:{self.slug}:{self.publisher}","type":"{self.publisher}.{kind}",'
            f'"datacontenttype":"application/json",'
            f'"dataschema":"urn:referent:{self.publisher}.{kind}.v1","subject":"{subject}",'
            f'"time":"{day}T08:00:00.000000+00:00","position":{self.position},'
            f'"previous":"{self.previous}","occurredon":"{day}","actor":"officer",'
            f'"data":{{{data}}}}}'
        ).encode()
        self.previous = hashlib.sha256(content).hexdigest()
        return content


def leases(log: Log, count: int) -> Iterator[bytes]:
    """A lease an account, from the first day on."""
    day = date(FIRST_YEAR, 1, 1)
    for number in range(1, count + 1):
        lease = UUID(int=number)
        yield log.write(
            "lease-signed",
            lease,
            day,
            f'"lease_id":"{lease}","reference":"L{number}","household_id":"{lease}",'
            f'"dwelling_id":"{lease}","dwelling_reference":"D{number}","start_on":"{day}",'
            f'"rent_cents":{RENT},"charges_cents":{CHARGES},"payment_reference":"000000000000",'
            '"leaseholders":[],"origin":"imported"',
        )


def money(log: Log, count: int, months: int) -> Iterator[bytes]:
    """Each month: every lease charged, all but one in twenty paid, every payment allocated."""
    for month in range(months):
        year, of_year = FIRST_YEAR + month // 12, month % 12 + 1
        due_on, shown = date(year, of_year, 10), f"{year}-{of_year:02d}"
        for number in range(1, count + 1):
            lease, charge = UUID(int=number), UUID(int=(month + 1) << 64 | number)
            yield log.write(
                "rent-charged",
                lease,
                due_on - timedelta(days=9),
                f'"charge_id":"{charge}","lease_id":"{lease}","household_id":"{lease}",'
                f'"month":"{shown}","due_on":"{due_on}","rent_cents":{RENT},'
                f'"charges_cents":{CHARGES}',
            )
        for number in range(1, count + 1):
            if (number + month) % 20 == 0:
                continue
            lease, charge = UUID(int=number), UUID(int=(month + 1) << 64 | number)
            paid_on = due_on - timedelta(days=number % 5)
            yield log.write(
                "payment-received",
                lease,
                due_on,
                f'"payment_id":"{charge}","lease_id":"{lease}","household_id":"{lease}",'
                f'"amount_cents":{RENT + CHARGES},"value_date":"{paid_on}",'
                '"matched_by":"structured-communication"',
            )
            yield log.write(
                "payment-allocated",
                lease,
                due_on,
                f'"payment_id":"{charge}","lease_id":"{lease}",'
                f'"lines":[{{"charge_id":"{charge}","cents":{RENT + CHARGES}}}]',
            )
