"""What became of a promise to pay: reckoned from the money that came, never typed."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from psycopg import Cursor
from psycopg.rows import DictRow

from services.arrears.casework.arrears_case import ArrearsCase
from services.chassis.act import Act

SHOWN_DAYS = 30
"""So long after its day a promise is shown on the list."""


class PromiseState(StrEnum):
    """`bank-awaited`: its day is over, and the bank has not told of it yet."""

    KEPT = "kept"
    AWAITED = "awaited"
    BANK_AWAITED = "bank-awaited"
    PASSED = "passed"


STATES = {
    PromiseState.KEPT: "tenue",
    PromiseState.AWAITED: "attendue",
    PromiseState.BANK_AWAITED: "le jour est passé, la banque n'a pas encore tout dit",
    PromiseState.PASSED: "pas tenue",
}
PAID = """
(SELECT coalesce(-sum(l.cents), 0)::bigint FROM account_line l WHERE l.lease_id = p.lease_id
 AND l.kind NOT IN ('charge', 'write-off') AND l.on_day BETWEEN p.promised_on AND p.pay_by)
 AS paid_cents
"""
LAST = """
SELECT DISTINCT ON (lease_id) * FROM promise ORDER BY lease_id, version DESC
"""
SELECT_LAST = f"SELECT p.*, {PAID} FROM ({LAST}) p WHERE p.lease_id = ANY(%s)"
SELECT_SHOWN = f"""
SELECT p.*, {PAID}, a.reference, a.leaseholders, a.household_id
FROM ({LAST}) p JOIN account a USING (lease_id) WHERE p.pay_by >= %s
ORDER BY p.pay_by, a.reference
"""
NOTE = """
INSERT INTO promise (promise_id, lease_id, promised_on, promised_cents, pay_by, version)
VALUES (%s, %s, %s, %s, %s, %s)
"""


def fold(act: Act, event: Any) -> None:
    """One row a promise that was not withdrawn."""
    if isinstance(event, ArrearsCase.PromiseWithdrawn):
        act.write("DELETE FROM promise WHERE promise_id = %s", (event.promise_id,))
    elif isinstance(event, ArrearsCase.PromiseNoted):
        said = (event.lease_id, event.promised_on, event.promised_cents, event.pay_by)
        act.write(NOTE, (event.promise_id, *said, event.originator_version))


def state_of(
    promised_cents: int, paid_cents: int, pay_by: date, bank_until: date | None, today: date
) -> PromiseState:
    """What became of a promise. `paid_cents`: what came from its day on and by its last day,
    less what the bank took back then; what is written off never came. Facts: it is kept once the
    money is there, however early.
    """
    if paid_cents >= promised_cents:
        return PromiseState.KEPT
    if today <= pay_by:
        return PromiseState.AWAITED
    if bank_until is None or bank_until < pay_by:
        return PromiseState.BANK_AWAITED
    return PromiseState.PASSED


def last_promises(
    rows: Cursor[DictRow], leases: list[Any], bank_until: date | None, today: date
) -> dict[Any, dict[str, Any]]:
    """The last promise of each household, by lease, with its state."""
    found = rows.execute(SELECT_LAST, (leases,)).fetchall()
    return {row["lease_id"]: told(row, bank_until, today) for row in found}


def shown_promises(
    rows: Cursor[DictRow], bank_until: date | None, today: date
) -> list[dict[str, Any]]:
    """Every household's last promise whose day is ahead or not long past, the next day first."""
    found = rows.execute(SELECT_SHOWN, (today - timedelta(days=SHOWN_DAYS),)).fetchall()
    return [row | told(row, bank_until, today) for row in found]


def told(row: Mapping[str, Any], bank_until: date | None, today: date) -> dict[str, Any]:
    names = ("promise_id", "promised_on", "promised_cents", "pay_by", "paid_cents")
    said = {name: row[name] for name in names}
    state = state_of(said["promised_cents"], said["paid_cents"], said["pay_by"], bank_until, today)
    return said | {"state": state.value}
