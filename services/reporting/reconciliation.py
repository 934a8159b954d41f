"""Checks that a year's figures hold together: parts make a whole, a year opens as the last closed.

A check is data: two sides, each a sum over the views or over figures that were signed. One that
fails is shown with both sides, and the return is signed only with a written reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection

from services.chassis.amounts import format_cents
from services.chassis.templating import counted
from services.reporting.figures import KnownOn, Period, parameters
from services.reporting.indicators.definition import COUNTED, Amounts
from services.reporting.laid_views import laid_down

if TYPE_CHECKING:
    from services.reporting.service import Reporting

Side = tuple[str, str]
"""An indicator's id, and `numerator` or `denominator`."""
EVE = "($first - INTERVAL 1 DAY)::DATE"


@dataclass(frozen=True)
class Check:
    """`left` and `right` come to the same: SQL with one sum, or figures of the last signed return
    of the year before (`signed_before`), which stand on the left then.
    """

    id: str
    words: str
    left_words: str
    right_words: str
    amounts: Amounts
    right: str
    left: str = ""
    signed_before: tuple[Side, ...] = ()


CHECKS = (
    Check(
        "C01",
        "Les arriérés des présents et des partis font tous les arriérés",
        "présents et partis",
        "tous les comptes",
        Amounts.CENTS,
        left="SELECT sum(o.arrears_cents) FROM leases($known) l"
        " JOIN owed($last, $known) o USING (lease_id) WHERE l.start_on <= $last",
        right="SELECT sum(arrears_cents) FROM owed($last, $known)",
    ),
    Check(
        "C02",
        "Les baux d'avant l'année, plus ceux qui commencent, moins ceux qui finissent, font les "
        "baux en cours à la fin",
        "reportés, commencés et finis",
        "en cours à la fin",
        Amounts.LEASES,
        left="SELECT count(*) FILTER (WHERE start_on < $first AND (ended_on IS NULL OR ended_on >="
        " $first)) + count(*) FILTER (WHERE start_on BETWEEN $first AND $last)"
        " - count(*) FILTER (WHERE start_on <= $last AND ended_on BETWEEN $first AND $last)"
        " FROM leases($known)",
        right="SELECT count(*) FROM leases_on($last, $known)",
    ),
    Check(
        "C03",
        "Les arriérés à l'ouverture sont ceux de la déclaration de l'année précédente",
        "déclarés à la clôture précédente",
        "à l'ouverture, tels que connus",
        Amounts.CENTS,
        signed_before=(("I01", "numerator"), ("I02", "numerator")),
        right=f"SELECT sum(o.arrears_cents) FROM leases($known) l JOIN owed({EVE}, $known) o"
        f" USING (lease_id) WHERE l.start_on <= {EVE}",
    ),
    Check(
        "C04",
        "Les baux à l'ouverture sont ceux de la déclaration de l'année précédente",
        "déclarés à la clôture précédente",
        "à l'ouverture, tels que connus",
        Amounts.LEASES,
        signed_before=(("I03", "denominator"),),
        right=f"SELECT count(*) FROM leases_on({EVE}, $known)",
    ),
    Check(
        "C05",
        "Les baux en cours, les logements vides louables et les logements retirés de la location "
        "font tous les logements",
        "loués, louables et non louables",
        "au patrimoine",
        Amounts.DWELLINGS,
        left="SELECT (SELECT count(*) FROM leases_on($last, $known))"
        " + count(*) FILTER (NOT coalesce(let, false) AND NOT unlettable)"
        " + count(*) FILTER (unlettable) FROM dwellings_on($last, $known)",
        right="SELECT count(*) FROM dwellings($known) WHERE registered_on <= $last",
    ),
)
SELECT_BEFORE = """
SELECT figures FROM return_version WHERE year = %s ORDER BY return_version DESC LIMIT 1
"""


@dataclass(frozen=True)
class Checked:
    """`left` is None where there is nothing to check against: the year before is not signed."""

    check: Check
    left: int | None
    right: int

    @property
    def fails(self) -> bool:
        return self.left is not None and self.left != self.right

    @property
    def sentence(self) -> str:
        """What does not hold, with both sides."""
        return (
            f"Contrôle {self.check.id} en échec\u00a0: {self.check.words.lower()}, or "
            f"{self.shown(self.left or 0)} ({self.check.left_words}) ne font pas "
            f"{self.shown(self.right)} ({self.check.right_words})."
        )

    def shown(self, number: int) -> str:
        if self.check.amounts is Amounts.CENTS:
            return format_cents(number)
        return counted(number, *COUNTED[self.check.amounts])


def reconciled(
    reporting: "Reporting", cursor: DuckDBPyConnection, period: Period, known: KnownOn
) -> Iterator[Checked]:
    """Every check of a year, as known at a moment."""
    with reporting.datastore.reading() as rows:
        before = rows.execute(SELECT_BEFORE, (period.first.year - 1,)).fetchone()
    signed = {figure["indicator"]: figure for figure in before["figures"]} if before else {}
    with laid_down(cursor, known, [f"{check.left} {check.right}" for check in CHECKS]):
        found = []
        for check in CHECKS:
            left = _signed(check, signed)
            if not check.signed_before:
                left = _sum(cursor, check.left, period, known)
            found.append(Checked(check, left, _sum(cursor, check.right, period, known)))
    yield from found


def _signed(check: Check, signed: dict[str, Any]) -> int | None:
    if any(identity not in signed for identity, _ in check.signed_before):
        return None
    return sum(int(signed[identity][side]) for identity, side in check.signed_before)


def _sum(cursor: DuckDBPyConnection, sql: str, period: Period, known: KnownOn) -> int:
    ((total,),) = cursor.execute(sql, parameters(sql, period, known)).fetchall()
    return int(total or 0)
