"""Read model of what a lease owes besides rent: an account a kind, apart from rent (BR-04)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from contracts.other_charges import OtherChargeKind
from services.arrears.accounts_in_arrears import ADD_MONEY
from services.arrears.legal.forms import COSTS
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Recorded

Row = dict[str, Any]
KINDS = {
    OtherChargeKind.DEPOSIT: "Garantie locative",
    OtherChargeKind.COURT_COSTS: "Frais de justice",
    OtherChargeKind.REPAIRS: "Réparations",
    OtherChargeKind.FEES: "Autres frais",
}
_OF_CASE = COSTS | {"step": "Frais d'une étape"}
"""What a case charges: a kind of court costs, or the fee of a step."""
ADD = """
INSERT INTO other_charge_line (line_id, lease_id, kind, what, on_day, reference, cents, fact)
{values}
"""
CORRECT = """
UPDATE other_charge_line SET on_day = %s, cents = %s, fact = %s WHERE line_id = %s
"""
SELECT_LINES = """
SELECT line_id, kind, what, on_day, reference, cents, NULL AS cost FROM other_charge_line
WHERE lease_id = %(lease)s
UNION ALL
SELECT NULL, 'court-costs', 'charge', on_day, NULL, (said->>'cost_cents')::bigint, said->>'kind'
FROM case_entry WHERE lease_id = %(lease)s AND what = 'CourtCostsIncurred' AND NOT withdrawn
UNION ALL
SELECT NULL, 'fees', 'charge', on_day, NULL, (said->>'fee_cents')::bigint, 'step'
FROM case_entry WHERE lease_id = %(lease)s AND what = 'StepTaken' AND NOT withdrawn
    AND (said->>'fee_cents')::bigint > 0
ORDER BY on_day, what, line_id
"""
"""Court costs and the fees of steps are read where the case keeps them: once each, and taken back
there.
"""


def fold(act: Act, recorded: Recorded) -> None:
    """One row a charge, one a part of a payment, which leaves the rent account by a line there."""
    event = recorded.event
    match event:
        case RentAccount.OtherChargeCorrected():
            new = (event.due_on, event.amount_cents, recorded.fact)
            act.write(CORRECT, (*new, event.other_charge_id))
        case RentAccount.OtherChargeCancelled():
            _remove(act, event.other_charge_id)
        case RentAccount.OtherChargeRecorded():
            row = (event.other_charge_id, event.originator_id, event.kind.value, "charge")
            act.insert(
                ADD, (*row, event.due_on, event.reference, event.amount_cents, recorded.fact)
            )
        case RentAccount.OtherChargePaymentWithdrawn():
            _remove(act, event.other_charge_payment_id)
        case RentAccount.OtherChargePaid():
            line = (event.other_charge_payment_id, event.originator_id)
            paid = (event.kind.value, "payment", event.value_date, None, -event.amount_cents)
            act.insert(ADD, (*line, *paid, recorded.fact))
            left = (*line, "put-apart", event.value_date, event.amount_cents)
            act.insert(ADD_MONEY, (*left, recorded.fact))


def _remove(act: Act, line_id: UUID) -> None:
    act.write("DELETE FROM other_charge_line WHERE line_id = %s", (line_id,))
    act.write("DELETE FROM account_line WHERE line_id = %s", (line_id,))


def select_other_accounts(rows: Cursor[DictRow], lease_id: UUID, today: date) -> list[Row]:
    """One account a kind of which there is anything, in the order of the kinds.

    Shape: `kind`, `balance_cents` owed today, `lines` by day, each with `balance_cents` after it.
    """
    found = rows.execute(SELECT_LINES, {"lease": lease_id}).fetchall()
    accounts = []
    for kind in OtherChargeKind:
        lines = _with_balances([line for line in found if line["kind"] == kind.value])
        due = [line for line in lines if line["on_day"] <= today]
        balance = due[-1]["balance_cents"] if due else 0
        if lines:
            accounts.append({"kind": kind.value, "balance_cents": balance, "lines": lines})
    return accounts


def said_of(line: Row) -> str:
    """What a line is, in words: of a charge its reference, or for what the case charges it."""
    if line["what"] == "payment":
        return "Part d'un paiement"
    return str(line["reference"] or _OF_CASE[line["cost"]])


def _with_balances(lines: Sequence[Row]) -> list[Row]:
    balance, shown = 0, []
    for line in lines:
        balance += line["cents"]
        shown.append(line | {"balance_cents": balance})
    return shown
