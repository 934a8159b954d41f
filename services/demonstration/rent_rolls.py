"""The company's CSV files: dwellings, leases and rent rolls, as its rental software exports them.

UTF-8, semicolons, CR LF; days as 31/12/2025, amounts as 1.234,56.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from services.demonstration.addresses import address_of
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Bill
from services.demonstration.steps import FileKind, ImportFile
from services.demonstration.stock import Dwelling
from services.demonstration.tenancies import Tenancy

DWELLING_HEADER: Final = (
    "reference",
    "bedrooms",
    "registered_on",
    "unlettable_from",
    "unlettable_reason",
)
LEASE_HEADER: Final = (
    "reference",
    "dwelling",
    "start_on",
    "rent",
    "charges",
    "payment_reference",
    "welcomed_on",
    "name",
    "contact",
    "address",
    "language",
)
RENT_ROLL_HEADER: Final = ("lease", "month", "rent", "charges")


def dwellings_file(dwellings: Iterable[Dwelling], first_day: date) -> ImportFile:
    """The dwellings of the first day; those that could not be let before it say so."""
    rows = []
    for dwelling in dwellings:
        known = (dwelling.reference, str(dwelling.bedrooms), _day(dwelling.registered_on))
        out = dwelling.unlettable_from is not None and dwelling.unlettable_from < first_day
        since = _day(dwelling.unlettable_from if out else None)
        rows.append((*known, since, dwelling.reason.value if out else ""))
    return ImportFile(FileKind.DWELLINGS, "dwellings.csv", _csv(DWELLING_HEADER, rows))


def leases_file(parameters: Parameters, tenancies: Iterable[Tenancy]) -> ImportFile:
    """The leases in force on the first day, with the day of the welcome where it is known.

    Two leaseholders share a line, as rental software has it: « Anne Dubois et Luc Martin ».
    """
    rows = [
        (
            tenancy.reference,
            tenancy.dwelling,
            _day(tenancy.start_on),
            _amount(tenancy.rent_cents),
            _amount(tenancy.charges_cents),
            tenancy.payment_reference(parameters.slug),
            _day(tenancy.welcomed_on),
            " et ".join(name for name, _ in tenancy.names),
            tenancy.names[0][1],
            address_of(tenancy.dwelling),
            tenancy.language,
        )
        for tenancy in tenancies
    ]
    return ImportFile(FileKind.LEASES, "leases.csv", _csv(LEASE_HEADER, rows))


def rent_rolls(bills: Mapping[str, Sequence[Bill]]) -> dict[date, list[ImportFile]]:
    """Every rent roll by the day of its import; `bills` by lease.

    Facts: a month's roll has no column `due_on` (the 10th, BR-01); a supplementary one has.
    """
    lines: dict[tuple[date, bool, str], list[tuple[str, Bill]]] = {}
    for lease in sorted(bills):
        for bill in bills[lease]:
            roll = bill.known_on, bill.supplementary, bill.month
            lines.setdefault(roll, []).append((lease, bill))
    files: dict[date, list[ImportFile]] = {}
    for roll in sorted(lines):
        known_on, supplementary, month = roll
        file = _roll(known_on, month, lines[roll], supplementary)
        files.setdefault(known_on, []).append(file)
    return files


def _roll(
    known_on: date, month: str, lines: Iterable[tuple[str, Bill]], supplementary: bool
) -> ImportFile:
    header = (*RENT_ROLL_HEADER, "due_on") if supplementary else RENT_ROLL_HEADER
    rows = []
    for lease, bill in lines:
        row = (lease, month, _amount(bill.rent_cents), _amount(bill.charges_cents))
        rows.append((*row, _day(bill.due_on)) if supplementary else row)
    suffix = f"-supplement-{known_on:%m%d}" if supplementary else ""
    return ImportFile(FileKind.RENT_ROLL, f"rent-roll-{month}{suffix}.csv", _csv(header, rows))


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    lines = [header, *rows]
    return "".join(f"{';'.join(line)}\r\n" for line in lines).encode()


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _amount(cents: int) -> str:
    euros, rest = divmod(cents, 100)
    return f"{euros:,}".replace(",", ".") + f",{rest:02d}"
