"""The rent roll as CSV: what leases are charged, a line a lease and month, or period.

rent-roll.csv: lease, rent, charges; month (YYYY-MM) or, for a rent that is not monthly, the first
day of the period (period_start); due_on (optional, the policy's due day).
"""

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from contracts.words import RentPeriod
from services.arrears.accounts_in_arrears import select_lease_ids
from services.arrears.policy import due_on
from services.arrears.rent_account import RentAccount
from services.arrears.rent_period import (
    MONTH_LENGTH,
    ChargedPeriod,
    PeriodDoesNotFit,
    PeriodOverlaps,
    charged_period,
    key_of,
)
from services.arrears.waiting_charge import WaitingCharge
from services.chassis.act import Act
from services.chassis.amounts import format_cents
from services.chassis.imports import Reading, ignored
from services.chassis.tabular import Column, Kind, Refused, read_table

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
Fault = tuple[str, str]
"""A field and why it is refused, or what somebody should look at."""
MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])", re.ASCII)
COLUMNS = (
    Column("lease", max_length=40),
    Column("month", max_length=40, required=False),
    Column("period_start", Kind.DAY, required=False),
    Column("rent", Kind.CENTS),
    Column("charges", Kind.CENTS),
    Column("due_on", Kind.DAY, required=False),
)
HEADERS = {
    "bail": "lease",
    "premier jour": "period_start",
}
DUE_NEAR_DAYS = 92
"""A charge that falls due in ten years, by a slip of the pen, is owed by nobody until then: in its
due day, or in its month.
"""
_ONE_OF_BOTH = (
    "Une ligne donne un mois (month, AAAA-MM) ou, pour un loyer qui n'est pas mensuel, le premier "
    "jour de la période (period_start) : l'un des deux."
)
_WAITS = (
    "Le bail {lease} n'est pas encore connu : cette ligne attend qu'il soit signé. "
    "Vérifiez son numéro."
)
_WAITS_OTHERWISE = (
    "Un loyer attend déjà ce bail pour un autre montant : {known}. Reprenez ce montant, et "
    "corrigez-le à la page du compte quand le bail sera signé."
)
SELECT_WAITING = """
SELECT reference, month, period_start, rent_cents, charges_cents FROM waiting_charge
WHERE reference = ANY(%s) AND NOT joined AND rent_cents IS NOT NULL
"""
SELECT_CANCELLED = """
SELECT a.reference, c.month FROM cancelled_month c JOIN account a USING (lease_id)
WHERE a.reference = ANY(%s) AND NOT a.closed
"""
SELECT_CHARGED = """
SELECT a.reference, l.month, l.period_start, l.period_end, l.periods_a_year, l.rent_cents,
    l.charges_cents, l.on_day
FROM account_line l JOIN account a USING (lease_id)
WHERE l.kind = 'charge' AND a.reference = ANY(%s)
"""


class RentRoll:
    """See the module. A lease not known yet is not a fault: the line waits."""

    def __init__(self, arrears: "Arrears") -> None:
        self.arrears = arrears

    def read(self, content: bytes) -> Reading:
        table = read_table(content, COLUMNS)
        refused = list(table.refused)
        found: list[Row] = table.rows
        if found and all(row["month"] is row["period_start"] is None for row in found):
            return Reading([], [*refused, Refused(1, "month", _ONE_OF_BOTH)], ignored(table))
        rows: list[Row] = []
        flagged = ignored(table)
        judged = _Judged(self.arrears, [row["lease"] for row in found])
        for row in found:
            fault = judged.fault(row)
            if fault is not None:
                refused.append(Refused(row["line"], *fault))
                continue
            rows.append(row)
            doubt = judged.doubt(row)
            if doubt is not None:
                flagged.append(Refused(row["line"], *doubt))
        return Reading(rows, refused, flagged)

    def post(self, act: Act, rows: list[Row]) -> int:
        """Charge each line; one whose lease is not known waits under its reference."""
        leases = select_lease_ids(act, [row["lease"] for row in rows])
        accounts = act.find_all(RentAccount, leases.values())
        for row in rows:
            key = _key(row)
            due = row["due_on"] or due_on(key)
            lease_id = leases.get(row["lease"])
            if lease_id is None:
                self._wait(act, row, due)
            else:
                self.arrears.charge(act, accounts[lease_id], key, due, row["rent"], row["charges"])
        return len(rows)

    def _wait(self, act: Act, row: Row, due: Any) -> None:
        slug, key = self.arrears.company.slug, _key(row)
        charge_id = WaitingCharge.id_of(slug, row["lease"], key)
        if act.find(WaitingCharge, charge_id) is None:
            act.save(
                WaitingCharge.open(
                    WaitingCharge.Kept,
                    charge_id,
                    reference=row["lease"],
                    month=key[:MONTH_LENGTH],
                    period_start=row["period_start"],
                    due_on=due,
                    rent_cents=row["rent"],
                    charges_cents=row["charges"],
                    occurred_on=due,
                )
            )


def _key(row: Row) -> str:
    return key_of(row["month"], row["period_start"])


def _named_by(row: Row) -> str:
    """The column that says which charge it is."""
    return "month" if row["month"] else "period_start"


def _amounts(row: Row) -> tuple[int, int]:
    return row["rent_cents"], row["charges_cents"]


def _said(amounts: tuple[int, int]) -> str:
    return f"{format_cents(amounts[0])} et {format_cents(amounts[1])} de charges"


class _Judged:
    """The lines of a file one after the other, beside what is known of their leases.

    `periods`: those of each lease that are charged, with those that the file adds.
    """

    def __init__(self, arrears: "Arrears", references: list[str]) -> None:
        with arrears.datastore.reading() as rows:
            known = rows.execute(
                "SELECT reference, start_on, ended_on, rent_period FROM account"
                " WHERE reference = ANY(%s) AND NOT closed",
                (references,),
            ).fetchall()
            charged = rows.execute(SELECT_CHARGED, (references,)).fetchall()
            waiting = rows.execute(SELECT_WAITING, (references,)).fetchall()
            cancelled = rows.execute(SELECT_CANCELLED, (references,)).fetchall()
        self.today = arrears.today
        self.known = {row["reference"]: row for row in known}
        self.seen: set[tuple[str, str]] = set()
        self.charged = {(row["reference"], _key(row)): _amounts(row) for row in charged}
        self.due = {(row["reference"], _key(row)): row["on_day"] for row in charged}
        self.cancelled = {(row["reference"], row["month"]) for row in cancelled}
        self.waiting = {(row["reference"], _key(row)): _amounts(row) for row in waiting}
        self.periods: dict[str, list[ChargedPeriod]] = defaultdict(list)
        for row in charged:
            if row["period_start"]:
                of_line = (row["period_start"], row["period_end"], row["periods_a_year"])
                self.periods[row["reference"]].append(ChargedPeriod(*of_line))

    def fault(self, row: Row) -> Fault | None:
        if (row["month"] is None) == (row["period_start"] is None):
            return "month", _ONE_OF_BOTH
        if row["month"] is not None and not MONTH.fullmatch(row["month"]):
            return "month", f"« {row['month']} » : un mois s'écrit AAAA-MM, par exemple 2025-03."
        if row["rent"] < 0 or row["charges"] < 0:
            return "rent", "Un loyer ou des charges ne sont pas négatifs."
        key = (row["lease"], _key(row))
        what = "ce mois" if row["month"] else "cette période"
        if key in self.seen:
            return "lease", f"Ce bail figure déjà dans le fichier pour {what}."
        self.seen.add(key)
        amounts = row["rent"], row["charges"]
        known = self.charged.get(key, amounts)
        if known != amounts:
            done = "facturé" if row["month"] else "facturée"
            return "rent", (
                f"{what.capitalize()} est déjà {done} pour un autre montant : {_said(known)}. "
                "Corrigez cette ligne, ou la facturation à la page du compte."
            )
        waits = self.waiting.get(key, amounts)
        if waits != amounts and row["lease"] not in self.known:
            return "rent", _WAITS_OTHERWISE.format(known=_said(waits))
        return self._misfit(row)

    def _misfit(self, row: Row) -> Fault | None:
        """Why a lease that is known cannot be charged so, by the rule of its account."""
        lease = self.known.get(row["lease"])
        if lease is None:
            return None
        asked = RentPeriod(lease["rent_period"]) if lease["rent_period"] else None
        try:
            period = charged_period(asked, _key(row), self.periods[row["lease"]])
        except (PeriodDoesNotFit, PeriodOverlaps) as refusal:
            return _named_by(row), refusal.detail
        if period is not None:
            self.periods[row["lease"]].append(period)
        return None

    def doubt(self, row: Row) -> Fault | None:
        """What a person should look at before or after a line is posted."""
        lease = self.known.get(row["lease"])
        if lease is None:
            return "lease", _WAITS.format(lease=row["lease"])
        begins = f"Le bail ne commence que le {lease['start_on']:%d/%m/%Y}"
        if row["month"] and row["month"] < f"{lease['start_on']:%Y-%m}":
            return "month", f"{begins} : vérifiez le mois."
        if row["period_start"] and self.periods[row["lease"]][-1].end < lease["start_on"]:
            return "period_start", f"{begins} : vérifiez le premier jour."
        first = row["period_start"] or date.fromisoformat(f"{row['month']}-01")
        ended = lease["ended_on"]
        if ended and first > ended:
            return _named_by(row), f"Le bail a pris fin le {ended:%d/%m/%Y} : vérifiez-le."
        return self._doubt_of_due(row, lease["start_on"])

    def _doubt_of_due(self, row: Row, start_on: date) -> Fault | None:
        """A due day, or the month that has it, which a slip of the pen may have made."""
        usual, known = due_on(_key(row)), self.due.get((row["lease"], _key(row)))
        due = row["due_on"] or usual
        if abs((due - usual).days) > DUE_NEAR_DAYS:
            return "due_on", (
                f"L'échéance est loin de l'habituelle, le {usual:%d/%m/%Y} : vérifiez l'année."
            )
        if (due - self.today).days > DUE_NEAR_DAYS:
            return _named_by(row), f"Ce ne sera dû que le {due:%d/%m/%Y} : vérifiez l'année."
        if known is None and (row["lease"], row["month"]) in self.cancelled:
            return "month", "Ce mois avait été annulé : il est facturé de nouveau. Vérifiez-le."
        if known is None and row["month"] and due < start_on:
            return "due_on", (
                f"L'échéance, le {due:%d/%m/%Y}, est avant le début du bail, le "
                f"{start_on:%d/%m/%Y} : vérifiez-la."
            )
        if known is not None and row["due_on"] not in (None, known):
            return "due_on", (
                f"C'est déjà facturé, et dû le {known:%d/%m/%Y} : cette ligne n'y change rien."
            )
        return None
