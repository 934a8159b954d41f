"""What is wrong with the lines of a stock file: alone, among each other, and with what is known."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from stdnum.be import ogm_vcs

from contracts.intake import SuspensionReason
from contracts.words import RentPeriod
from services.chassis.imports import Reading
from services.chassis.tabular import Refused
from services.intake.dwelling import Dwelling
from services.intake.history import SUSPENSIONS
from services.intake.lease import Lease
from services.intake.lease_terms import EARLIEST_START, SIGNED_AHEAD_MAX
from services.intake.letting import payment_reference_of
from services.intake.service import Intake
from services.intake.vacant_dwellings import select_known

Row = dict[str, Any]
_REASONS = [f"{reason.value} ({words})" for reason, words in SUSPENSIONS.items()]
REASONS_ALLOWED = f"Le motif est {', '.join(_REASONS)}."
KNOWN_OTHERWISE = "Déjà enregistré autrement : il est laissé tel quel."


class Judgement:
    """What is wrong with which line, found one after the other."""

    def __init__(self, refused: Iterable[Refused], numbered: Iterable[Row] = ()) -> None:
        """`numbered`: rows whose references may be met again, of lines that are refused too."""
        self.refused = list(refused)
        self.flagged: list[Refused] = []
        self._seen: dict[tuple[str, str], int] = {}
        for row in numbered:
            self._seen.setdefault(("reference", row["reference"]), row["line"])

    def first(self, field: str, row: Row, what: str, value: str | None = None) -> bool:
        """Whether the value is met for the first time; a second line with it is refused."""
        key = (field, value or str(row[field]))
        own: int = row["line"]
        line = self._seen.setdefault(key, own)
        if line != own:
            self.refuse_if(True, row, field, f"{what} est déjà à la ligne {line}.")
        return line == own

    def refuse_if(self, wrong: object, row: Row, field: str, reason: str) -> None:
        if wrong:
            self.refused.append(Refused(row["line"], field, reason))

    def flag(self, row: Row, field: str, reason: str) -> None:
        self.flagged.append(Refused(row["line"], field, reason))

    def reading(self, rows: list[Row]) -> Reading:
        bad = {refused.line for refused in self.refused}
        good = [row for row in rows if row["line"] not in bad]
        return Reading(good, self.refused, self.flagged)


class Stock:
    """What is known already of the dwellings and leases that a file names."""

    def __init__(self, intake: Intake, rows: list[Row]) -> None:
        slug = intake.company.slug
        dwellings = list({Dwelling.id_of(slug, row["dwelling"]) for row in rows})
        leases = list({Lease.id_of(slug, row["reference"]) for row in rows})
        with intake.datastore.reading() as cursor:
            self.dwellings = select_known(cursor, dwellings)
            known = cursor.execute(
                "SELECT * FROM lease WHERE lease_id = ANY(%s)", (leases,)
            ).fetchall()
            self.leases = {row["reference"]: row for row in known}
            let = cursor.execute(
                "SELECT dwelling_id, reference FROM lease WHERE dwelling_id = ANY(%s)"
                " AND NOT withdrawn AND ended_on IS NULL",
                (dwellings,),
            ).fetchall()
            self.let = {row["dwelling_id"]: row["reference"] for row in let}
            paid = cursor.execute(
                "SELECT payment_reference, reference FROM lease WHERE NOT withdrawn"
            ).fetchall()
            self.payments = {row["payment_reference"]: row["reference"] for row in paid}


def known_dwellings(intake: Intake, references: list[str]) -> dict[UUID, Row]:
    """How each of these dwellings is recorded, if it is."""
    with intake.datastore.reading() as cursor:
        return select_known(
            cursor, [Dwelling.id_of(intake.company.slug, reference) for reference in references]
        )


def reason_of(text: str | None) -> str | None:
    """The reason that was written, by its name or in French; what is neither stays as it is."""
    return next((r for r, words in SUSPENSIONS.items() if text and text.casefold() == words), text)


def judge_suspension(judged: Judgement, row: Row, today: date) -> None:
    """A dwelling that cannot be let says since when and why, or neither."""
    since, why = row["unlettable_from"], row["unlettable_reason"]
    judged.refuse_if(
        why and why not in set(SuspensionReason), row, "unlettable_reason", REASONS_ALLOWED
    )
    judged.refuse_if(
        why and not since, row, "unlettable_from", "Un motif est donné sans sa date : ajoutez-la."
    )
    judged.refuse_if(
        since and not why, row, "unlettable_reason", f"La date est sans motif. {REASONS_ALLOWED}"
    )
    judged.refuse_if(
        since and since < (row["registered_on"] or today),
        row,
        "unlettable_from",
        "Ce jour précède l'entrée au patrimoine (registered_on, à défaut aujourd'hui).",
    )
    judged.refuse_if(
        since and since > today + SIGNED_AHEAD_MAX,
        row,
        "unlettable_from",
        "Ce jour est à plus d'un an d'ici.",
    )


def judge_days(judged: Judgement, row: Row, today: date) -> None:
    start_on, welcomed_on = row["start_on"], row["welcomed_on"]
    judged.refuse_if(start_on < EARLIEST_START, row, "start_on", "Le début est antérieur à 1950.")
    judged.refuse_if(
        start_on > today + SIGNED_AHEAD_MAX, row, "start_on", "Le début est à plus d'un an d'ici."
    )
    judged.refuse_if(
        welcomed_on and welcomed_on > today, row, "welcomed_on", "L'accueil n'a pas encore eu lieu."
    )


def judge_amounts(judged: Judgement, row: Row) -> None:
    for field in ("rent", "charges"):
        judged.refuse_if(row[field] < 0, row, field, "Le montant ne peut pas être négatif.")


def judge_payment_reference(judged: Judgement, row: Row, stock: Stock, slug: str) -> None:
    given, field = row["payment_reference"], "payment_reference"
    digits = digits_of(given) or payment_reference_of(slug, row["reference"])
    if not re.fullmatch(r"\d{12}", digits, re.ASCII):
        judged.refuse_if(True, row, field, "Douze chiffres sont attendus, ou +++…+++.")
    elif not ogm_vcs.is_valid(digits):
        judged.refuse_if(True, row, field, f"« {given} » : les chiffres de contrôle sont faux.")
    elif judged.first(field, row, "Cette communication", digits):
        user = stock.payments.get(digits, row["reference"])
        judged.refuse_if(
            user != row["reference"], row, field, f"Le bail {user} a déjà cette communication."
        )


def judge_dwelling(judged: Judgement, row: Row, stock: Stock, dwelling_id: UUID) -> None:
    name = row["dwelling"]
    if dwelling_id not in stock.dwellings:
        reason = f"Le logement {name} n'est pas enregistré. Importez d'abord les logements."
        judged.refuse_if(True, row, "dwelling", reason)
    elif dwelling_id in stock.let:
        reason = f"Le logement {name} est déjà loué par le bail {stock.let[dwelling_id]}."
        judged.refuse_if(True, row, "dwelling", reason)
    elif _is_suspended(stock.dwellings[dwelling_id], row["start_on"]):
        reason = f"Le logement {name} est retiré de la location : remettez-le d'abord en location."
        judged.refuse_if(True, row, "dwelling", reason)
    else:
        judged.first("dwelling", row, f"Le logement {name}")


def _is_suspended(dwelling: Row, start_on: date) -> bool:
    back = dwelling["lettable_from"]
    return dwelling["unlettable_from"] is not None and (back is None or start_on < back)


def flag_difference(judged: Judgement, row: Row, known: Row) -> None:
    same = {
        "dwelling": known["dwelling_reference"],
        "start_on": known["start_on"],
        "rent": known["rent_cents"],
        "charges": known["charges_cents"],
    }
    if row["rent_period"]:
        same["rent_period"] = known["rent_period"] or RentPeriod.MONTHLY
    for field, value in same.items():
        if row[field] != value:
            judged.flag(row, field, KNOWN_OTHERWISE)


def digits_of(text: str | None) -> str | None:
    return re.sub(r"[+*/ .-]", "", text) if text else None
