"""Read models of arrears: accounts and their lines, who owes how much, since when."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.arrears.due_days import DueDays
from services.arrears.ladder.rent_conversion import MONTHS, convert
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.chassis.facts import EVENTS_TABLE

ADD_CHARGE = """
INSERT INTO account_line (line_id, lease_id, kind, on_day, month, period_start, period_end,
    periods_a_year, rent_cents, charges_cents, cents, fact) {values}
"""
CORRECT_CHARGE = """
UPDATE account_line SET on_day = %s, rent_cents = %s, charges_cents = %s, cents = %s, fact = %s,
    periods_a_year = %s
WHERE line_id = %s
"""
ADD_CANCELLED = "INSERT INTO cancelled_month VALUES (%s, %s) ON CONFLICT DO NOTHING"
ADD_MONEY = """
INSERT INTO account_line (line_id, lease_id, kind, on_day, cents, fact) {values}
"""
ADD_PAYER = "INSERT INTO payer_account (payment_id, lease_id, sealed) {values}"
ADD_MISSED = """
INSERT INTO missed_month (lease_id, month, period_start, due_on, unpaid_cents) {values}
"""
CORRECT_MISSED = """
UPDATE missed_month SET due_on = %s, unpaid_cents = %s
WHERE lease_id = %s AND month = %s AND period_start IS NOT DISTINCT FROM %s
"""
REMOVE_MISSED = """
DELETE FROM missed_month
WHERE lease_id = %s AND month = %s AND period_start IS NOT DISTINCT FROM %s
"""


def fold(act: Act, recorded: Recorded) -> None:
    """One row an account, one a charge, a payment, a reversal, one a month stated as missed."""
    event = recorded.event
    match event:
        # The two of which a bank file makes thousands come first; the second has no row here.
        case RentAccount.PaymentReceived():
            money = (event.payment_id, event.originator_id, "payment", event.value_date)
            act.insert(ADD_MONEY, (*money, -event.amount_cents, recorded.fact))
        case RentAccount.PaymentAllocated():
            pass
        case RentAccount.Opened():
            act.write(
                "INSERT INTO account (lease_id, household_id) VALUES (%s, %s)",
                (event.originator_id, event.household_id),
            )
        case RentAccount.LeaseKnown():
            _know(act, event)
        case RentAccount.LeaseEndKnown():
            _set(act, event, "ended_on = %s", event.ended_on)
        case RentAccount.Closed():
            _set(act, event, "closed = true")
        case RentAccount.RentCharged():
            _charge(act, event, recorded.fact)
        case RentAccount.ChargeCorrected():
            cents = event.rent_cents + event.charges_cents
            new = (event.due_on, event.rent_cents, event.charges_cents, cents, recorded.fact)
            act.write(CORRECT_CHARGE, (*new, event.periods_a_year, event.charge_id))
        case RentAccount.ChargeCancelled():
            act.write("DELETE FROM account_line WHERE line_id = %s", (event.charge_id,))
            if event.period_start is None:
                act.write(ADD_CANCELLED, (event.originator_id, event.month))
        case RentAccount.PaymentWithdrawn():
            act.write("DELETE FROM account_line WHERE line_id = %s", (event.payment_id,))
            act.write("DELETE FROM payer_account WHERE payment_id = %s", (event.payment_id,))
        case (
            RentAccount.PaymentMissed() | RentAccount.MissCorrected() | RentAccount.MissWithdrawn()
        ):
            _fold_miss(act, event)
        case DueDays.DueDayJudged():
            act.write(
                "INSERT INTO judged_due_day VALUES (%s, %s, %s)",
                (event.due_on, event.judged_on, event.missed),
            )
        case _:
            _fold_decision(act, recorded)


def _fold_miss(act: Act, event: Any) -> None:
    missed = (event.originator_id, event.month, event.period_start)
    match event:
        case RentAccount.PaymentMissed():
            act.insert(ADD_MISSED, (*missed, event.due_on, event.unpaid_cents))
        case RentAccount.MissCorrected():
            act.write(CORRECT_MISSED, (event.due_on, event.unpaid_cents, *missed))
        case _:
            act.write(REMOVE_MISSED, missed)


def _fold_decision(act: Act, recorded: Recorded) -> None:
    event = recorded.event
    match event:
        case RentAccount.PaymentReversalWithdrawn():
            act.write("DELETE FROM account_line WHERE line_id = %s", (event.reversal_id,))
        case RentAccount.PaymentReversed():
            money = (event.reversal_id, event.originator_id, "reversal", event.value_date)
            act.insert(ADD_MONEY, (*money, event.amount_cents, recorded.fact))
        case RentAccount.PayerAccountKnown():
            act.insert(ADD_PAYER, (event.payment_id, event.originator_id, event.sealed))
        case RentAccount.WriteOffWithdrawn():
            act.write("DELETE FROM account_line WHERE line_id = %s", (event.write_off_id,))
        case RentAccount.CreditReturnWithdrawn():
            act.write("DELETE FROM account_line WHERE line_id = %s", (event.credit_return_id,))
        case RentAccount.ArrearsWrittenOff():
            gone = (event.write_off_id, event.originator_id, "write-off", event.written_off_on)
            act.insert(ADD_MONEY, (*gone, -event.amount_cents, recorded.fact))
        case RentAccount.CreditReturned():
            kind = "credit-moved" if event.to_lease_id else "credit-returned"
            gone = (event.credit_return_id, event.originator_id, kind, event.returned_on)
            act.insert(ADD_MONEY, (*gone, event.amount_cents, recorded.fact))


def _know(act: Act, event: Any) -> None:
    act.write(
        "UPDATE account SET reference = %s, dwelling_reference = %s, payment_reference = %s,"
        " leaseholders = %s, start_on = %s, rent_period = %s, rent_cents = %s, charges_cents = %s"
        " WHERE lease_id = %s",
        (
            event.reference,
            event.dwelling_reference,
            event.payment_reference,
            Jsonb(event.leaseholders),
            event.start_on,
            event.rent_period,
            event.rent_cents,
            event.charges_cents,
            event.originator_id,
        ),
    )


def _set(act: Act, event: Any, assignment: str, *values: object) -> None:
    act.write(
        f"UPDATE account SET {assignment} WHERE lease_id = %s", (*values, event.originator_id)
    )


def _charge(act: Act, event: Any, fact: str | None) -> None:
    act.insert(
        ADD_CHARGE,
        (
            event.charge_id,
            event.originator_id,
            "charge",
            event.due_on,
            event.month,
            event.period_start,
            event.period_end,
            event.periods_a_year,
            event.rent_cents,
            event.charges_cents,
            event.rent_cents + event.charges_cents,
            fact,
        ),
    )


OWED_SINCE = """
SELECT lease_id, max(on_day) FILTER (WHERE newest_cents >= owed_cents) AS since FROM (
    SELECT lease_id, kind, on_day, sum(cents) OVER (PARTITION BY lease_id) AS owed_cents,
           sum(cents) FILTER (WHERE kind = 'charge') OVER (PARTITION BY lease_id
               ORDER BY on_day DESC, month DESC, period_start DESC) AS newest_cents
    FROM account_line WHERE on_day <= %(day)s AND lease_id = ANY({leases})
) AS line WHERE kind = 'charge' GROUP BY lease_id
"""
"""The due day of the oldest charge not fully paid: money pays the oldest first."""
SELECT_IN_ARREARS = f"""
WITH owed AS (
    SELECT lease_id, sum(cents)::bigint AS cents FROM account_line WHERE on_day <= %(day)s
    GROUP BY lease_id HAVING sum(cents) > %(over)s
), last_charge AS (
    SELECT DISTINCT ON (lease_id) lease_id, cents AS last_cents, periods_a_year FROM account_line
    WHERE kind = 'charge' AND on_day <= %(day)s ORDER BY lease_id, on_day DESC
), since AS ({OWED_SINCE.format(leases="ARRAY(SELECT lease_id FROM owed)")})
SELECT a.*, o.cents AS owed_cents, l.last_cents, l.periods_a_year, s.since,
       (SELECT count(*) FROM missed_month m WHERE m.lease_id = a.lease_id) AS missed_months
FROM owed o JOIN account a USING (lease_id) LEFT JOIN last_charge l USING (lease_id)
LEFT JOIN since s USING (lease_id)
WHERE NOT a.closed ORDER BY o.cents DESC, a.reference
"""
"""Shape: one row a lease in arrears on :day, largest debt first."""


def select_in_arrears(rows: Cursor[DictRow], day: date, over_cents: int = 0) -> list[DictRow]:
    """Accounts that owe more than `over_cents` on `day` (BR-02), present and departed tenants."""
    found = rows.execute(SELECT_IN_ARREARS, {"day": day, "over": over_cents}).fetchall()
    return [_with_band(row) for row in found]


def select_since(rows: Cursor[DictRow], leases: Sequence[UUID], day: date) -> dict[UUID, date]:
    """Since when these leases owe what they owe on `day`; who owes nothing is left out."""
    query = OWED_SINCE.format(leases="%(leases)s")
    found = rows.execute(query, {"day": day, "leases": list(leases)}).fetchall()
    return {row["lease_id"]: row["since"] for row in found if row["since"]}


def _with_band(row: DictRow) -> DictRow:
    """`month_cents`: of the last charge, what it comes to a month if its rent is not monthly."""
    last, a_year = row.pop("last_cents"), row.pop("periods_a_year")
    month = last if a_year is None else convert(last, a_year, MONTHS)
    return row | {"month_cents": month, "band": band(row["owed_cents"], month)}


def band(owed_cents: int, month_cents: int | None) -> str:
    """Months in arrears by BR-03: `<1`, `1-3` or `3+`; `?` when no month was ever charged."""
    if not month_cents:
        return "?"
    if owed_cents < month_cents:
        return "<1"
    return "1-3" if owed_cents < 3 * month_cents else "3+"


def select_account(rows: Cursor[DictRow], lease_id: UUID) -> DictRow | None:
    return rows.execute("SELECT * FROM account WHERE lease_id = %s", (lease_id,)).fetchone()


SELECT_LINES = """
SELECT l.*, sum(l.cents) OVER (ORDER BY l.on_day, l.kind, l.line_id)::bigint AS balance_cents,
       convert_from(f.content, 'UTF8')::json #>> '{data,paid_by}' AS paid_by
FROM account_line l
LEFT JOIN facts f ON l.kind = 'payment' AND f.position = split_part(l.fact, '/', 3)::bigint
WHERE l.lease_id = %s ORDER BY l.on_day, l.kind, l.line_id
"""


def select_lines(rows: Cursor[DictRow], lease_id: UUID) -> list[DictRow]:
    """By day, with the balance after each, and of a payment who paid where its fact says so."""
    return rows.execute(SELECT_LINES, (lease_id,)).fetchall()


def select_balance(rows: Cursor[DictRow], lease_id: UUID, day: date) -> int:
    """What is owed on a day, in cents; below 0 what was paid too much."""
    found = rows.execute(
        "SELECT sum(cents) AS cents FROM account_line WHERE lease_id = %s AND on_day <= %s",
        (lease_id, day),
    ).fetchall()
    return int(found[0]["cents"] or 0)


def select_leases_of(rows: Cursor[DictRow], lease_id: UUID) -> list[DictRow]:
    """The other leases of a lease's household, newest first."""
    return rows.execute(
        "SELECT o.lease_id, o.reference FROM account a JOIN account o USING (household_id)"
        " WHERE a.lease_id = %s AND o.lease_id <> a.lease_id AND NOT o.closed"
        " ORDER BY o.start_on DESC, o.reference",
        (lease_id,),
    ).fetchall()


def select_version(rows: Cursor[DictRow], lease_id: UUID) -> int:
    """The account's version, which a form shown beside it is filled in for."""
    found = rows.execute(
        f"SELECT max(originator_version) AS version FROM {EVENTS_TABLE} WHERE originator_id = %s",
        (lease_id,),
    ).fetchall()
    return int(found[0]["version"])


def search_accounts(rows: Cursor[DictRow], text: str, limit: int | None = 50) -> list[DictRow]:
    """Accounts by lease number, dwelling number or structured communication."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    digits = "".join(filter(str.isdigit, text))
    return rows.execute(
        "SELECT * FROM account WHERE reference ILIKE %s OR dwelling_reference ILIKE %s"
        " OR payment_reference = %s ORDER BY closed, ended_on IS NOT NULL, reference LIMIT %s",
        (pattern, pattern, digits, limit),
    ).fetchall()


def select_account_refs(act: Act, references: list[str]) -> dict[str, UUID]:
    """Lease ids by structured communication; accounts of withdrawn leases are left out."""
    rows = act.rows(
        "SELECT payment_reference, lease_id FROM account"
        " WHERE payment_reference = ANY(%s) AND NOT closed",
        (references,),
    )
    return {row["payment_reference"]: row["lease_id"] for row in rows}


def select_lease_ids(act: Act, references: list[str]) -> dict[str, UUID]:
    """Lease ids by the company's lease number."""
    rows = act.rows(
        "SELECT reference, lease_id FROM account WHERE reference = ANY(%s) AND NOT closed",
        (references,),
    )
    return {row["reference"]: row["lease_id"] for row in rows}
