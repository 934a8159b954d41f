"""Importing the stock: which dwellings there are, and the leases in force as they are taken over.

dwellings.csv: reference; registered_on, bedrooms, unlettable_from, unlettable_reason (optional).
leases.csv: reference, dwelling, start_on, rent, charges, name; contact, payment_reference,
household, welcomed_on, address, language, rent_period (optional). `HEADERS` gives the French names
that are read as well.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.intake import Language, SuspensionReason
from contracts.words import Origin, RentPeriod
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller
from services.chassis.clock import Clock
from services.chassis.facts import read_head
from services.chassis.imports import ImportReport, Reading, ignored, rename_header, run_import
from services.chassis.tabular import Column, Kind, Refused, Table, read_table
from services.intake.dwelling import Dwelling
from services.intake.file_columns import COLUMN_WORDS
from services.intake.judging import (
    KNOWN_OTHERWISE,
    Judgement,
    Row,
    Stock,
    digits_of,
    flag_difference,
    judge_amounts,
    judge_days,
    judge_dwelling,
    judge_payment_reference,
    judge_suspension,
    known_dwellings,
    reason_of,
)
from services.intake.lease import Lease
from services.intake.leaseholders import Person, sealed
from services.intake.letting import terms_of
from services.intake.service import Intake

REFERENCE_MAX = 40
BEDROOMS_MAX = 20

REFERENCE = Column("reference", max_length=REFERENCE_MAX)
DWELLING_COLUMNS = (
    REFERENCE,
    Column("registered_on", Kind.DAY, required=False),
    Column("bedrooms", Kind.INTEGER, required=False),
    Column("unlettable_from", Kind.DAY, required=False),
    Column("unlettable_reason", required=False, max_length=20),
)
OF_LEASES = "dwelling"
LEASES_INSTEAD = "Ce fichier contient des baux : choisissez « Baux », et importez-le à nouveau."
FLAGGED = ("registered_on", "bedrooms", "unlettable_from", "unlettable_reason")
LEASE_COLUMNS = (
    REFERENCE,
    Column("dwelling", max_length=REFERENCE_MAX),
    Column("start_on", Kind.DAY),
    Column("rent", Kind.CENTS),
    Column("charges", Kind.CENTS),
    Column("name", max_length=200),
    Column("contact", required=False, max_length=200),
    Column("payment_reference", required=False, max_length=40),
    Column("household", required=False, max_length=REFERENCE_MAX),
    Column("welcomed_on", Kind.DAY, required=False),
    Column("address", required=False, max_length=200),
    Column("language", required=False, max_length=2),
    Column("rent_period", Kind.CHOICE, required=False, choices=tuple(RentPeriod)),
)
HEADERS = {words.casefold(): name for name, words in COLUMN_WORDS.items()} | {
    "référence": "reference",
    "numero": "reference",
    "numéro": "reference",
    "bail": "reference",
    "enregistré le": "registered_on",
    "chambres": "bedrooms",
    "non louable depuis": "unlettable_from",
    "motif": "unlettable_reason",
    "logement": "dwelling",
    "début": "start_on",
    "debut": "start_on",
    "loyer": "rent",
    "nom": "name",
    "communication": "payment_reference",
    "ménage": "household",
    "menage": "household",
    "accueilli le": "welcomed_on",
    "adresse": "address",
    "langue": "language",
    "période du loyer": "rent_period",
}


class FileKind(StrEnum):
    DWELLINGS = "dwellings"
    LEASES = "leases"


KINDS = {FileKind.DWELLINGS: "Logements", FileKind.LEASES: "Baux"}


def import_file(
    intake: Intake,
    caller: Caller,
    kind: FileKind,
    filename: str,
    content: bytes,
    *,
    dry_run: bool = False,
    partial: bool = False,
) -> ImportReport:
    """Import one file of a kind of `KINDS`. See `chassis.imports.run_import`."""
    part = DwellingFile(intake) if kind is FileKind.DWELLINGS else LeaseFile(intake)
    return run_import(
        intake,
        caller,
        kind,
        filename,
        content,
        read=lambda file: part.read(rename_header(file, HEADERS)),
        post=part.post,
        dry_run=dry_run,
        partial=partial,
    )


class DwellingFile:
    def __init__(self, intake: Intake) -> None:
        self.intake = intake

    def read(self, content: bytes) -> Reading:
        table = read_table(content, DWELLING_COLUMNS)
        if OF_LEASES in map(str.casefold, table.unknown_columns):
            return Reading([], [Refused(1, OF_LEASES, LEASES_INSTEAD)])
        judged = Judgement(table.refused, _numbered(content, table))
        today = Clock.of(read_head(self.intake.datastore)).today
        rows: list[Row] = table.rows
        for row in rows:
            if judged.first("reference", row, "Ce logement"):
                judged.refuse_if(
                    row["registered_on"] and row["registered_on"] > today,
                    row,
                    "registered_on",
                    "Cette date n'est pas encore passée.",
                )
                judged.refuse_if(
                    row["bedrooms"] is not None and not 0 <= row["bedrooms"] <= BEDROOMS_MAX,
                    row,
                    "bedrooms",
                    f"Le nombre de chambres va de 0 à {BEDROOMS_MAX}.",
                )
                row["unlettable_reason"] = reason_of(row["unlettable_reason"])
                judge_suspension(judged, row, today)
        judged.flagged += ignored(table)
        self._flag_known(judged, rows)
        return judged.reading(rows)

    def _flag_known(self, judged: Judgement, rows: list[Row]) -> None:
        """A dwelling that is registered stays as it is; whoever says otherwise is told so."""
        known = known_dwellings(self.intake, [row["reference"] for row in rows])
        for row in rows:
            registered = known.get(Dwelling.id_of(self.intake.company.slug, row["reference"]))
            for field in FLAGGED:
                if registered and row[field] is not None and row[field] != registered[field]:
                    judged.flag(row, field, KNOWN_OTHERWISE)

    def post(self, act: Act, rows: list[Row]) -> int:
        lines = [
            {**row, "unlettable_reason": SuspensionReason(row["unlettable_reason"])}
            if row["unlettable_reason"]
            else row
            for row in rows
        ]
        return self.intake.import_dwellings(act, lines)


class LeaseFile:
    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.slug = intake.company.slug

    def read(self, content: bytes) -> Reading:
        table = read_table(content, LEASE_COLUMNS)
        judged = Judgement(table.refused, _numbered(content, table))
        today = Clock.of(read_head(self.intake.datastore)).today
        rows: list[Row] = table.rows
        stock = Stock(self.intake, rows)
        for row in rows:
            if not judged.first("reference", row, "Ce bail"):
                continue
            judge_days(judged, row, today)
            judge_amounts(judged, row)
            judged.refuse_if(
                row["language"] and row["language"].lower() not in set(Language),
                row,
                "language",
                "La langue est fr, nl, de ou en.",
            )
            judge_payment_reference(judged, row, stock, self.slug)
            if row["reference"] in stock.leases:
                flag_difference(judged, row, stock.leases[row["reference"]])
            else:
                judge_dwelling(judged, row, stock, Dwelling.id_of(self.slug, row["dwelling"]))
        judged.flagged += ignored(table)
        return judged.reading(rows)

    def post(self, act: Act, rows: list[Row]) -> int:
        """Seal and sign what is not known yet: a lease known before is left as it is."""
        ids = [Lease.id_of(self.slug, row["reference"]) for row in rows]
        known = act.find_all(Lease, ids)
        new = [row for row, lease_id in zip(rows, ids, strict=True) if lease_id not in known]
        households = [
            natural_id(self.slug, "household", row["household"] or row["reference"]) for row in new
        ]
        self._make_keys(households)
        lines = [
            {**row, "terms": self._terms(row, household)}
            for row, household in zip(new, households, strict=True)
        ]
        return self.intake.import_leases(act, lines)

    def _make_keys(self, households: list[UUID]) -> None:
        persons = [natural_id(self.slug, "person", f"{household}/1") for household in households]
        keyring, company = self.intake.keyring, self.intake.company
        keyring.make_keys(company, persons)
        # Unwrapped in one query; sealing would otherwise ask for each on its own.
        keyring.unwrap(company, persons)

    def _terms(self, row: Row, household_id: UUID) -> Any:
        return terms_of(
            self.slug,
            row["reference"],
            household_id,
            row["dwelling"],
            row["start_on"],
            row["rent"],
            row["charges"],
            sealed(
                self.intake.keyring,
                self.intake.company,
                household_id,
                [_person(row)],
            ),
            digits_of(row["payment_reference"]),
            origin=Origin.IMPORTED,
            welcomed_on=row["welcomed_on"],
            rent_period=RentPeriod(row["rent_period"]) if row["rent_period"] else None,
        )


def _numbered(content: bytes, table: Table) -> list[Row]:
    """The reference of every line, of one that is refused for a cell too."""
    return read_table(content, [REFERENCE]).rows if table.refused else table.rows


def _person(row: Row) -> Person:
    language = Language(row["language"].lower()) if row["language"] else None
    return Person(row["name"], row["contact"] or "", row["address"] or "", language)
