"""Read models of the bank: statements, until when they are complete, money that matched nothing."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from services.arrears.bank_statement import BankStatement
from services.arrears.unmatched_payment import UnmatchedPayment
from services.arrears.waiting_charge import WaitingCharge
from services.chassis.act import Act
from services.chassis.caller import Recorded

STANDING = """
WITH statement AS (
    SELECT account, on_day, number, opening_cents, closing_cents,
        CASE WHEN number ~ '^[0-9]+$' THEN number::numeric ELSE 0 END AS place
    FROM bank_statement {which}
), paired AS (
    SELECT *, on_day = max(on_day) OVER (PARTITION BY account) AS is_newest,
        lag(on_day) OVER one AS last_day, lag(place) OVER one AS last_place,
        lag(closing_cents) OVER one AS closed_cents
    FROM statement WINDOW one AS (PARTITION BY account ORDER BY on_day, number)
), judged AS (
    SELECT *, CASE
        WHEN closed_cents <> opening_cents THEN 'opening-balance'
        -- Some banks give every statement the number 000: then only the balances can tell.
        WHEN extract(year FROM last_day) = extract(year FROM on_day)
            AND last_place > 0 AND place > last_place + 1 THEN 'number-missing'
        END AS reason
    FROM paired
)
SELECT account, on_day, last_day, reason FROM judged WHERE is_newest OR reason IS NOT NULL
ORDER BY account, on_day, number
"""
"""Of each account its newest statements, and every one that does not follow the one before it: it
opens where that one closed, and within a year its number follows on.
"""
SELECT_STANDING = STANDING.format(which="")


def fold(act: Act, recorded: Recorded) -> None:
    """One row a statement, an unmatched payment, a waiting charge."""
    event = recorded.event
    match event:
        case BankStatement.Imported():
            _keep_statement(act, event)
        case UnmatchedPayment.Unmatched():
            act.write(
                "INSERT INTO unmatched_payment (payment_id, amount_cents, value_date, reason,"
                " payment_reference, version) VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    event.originator_id,
                    event.amount_cents,
                    event.value_date,
                    event.reason.value,
                    event.payment_reference,
                    event.originator_version,
                ),
            )
        case UnmatchedPayment.PayerKnown():
            act.write(
                "UPDATE unmatched_payment SET payer = %s, communication = %s, payer_account = %s,"
                " version = %s WHERE payment_id = %s",
                (
                    event.payer,
                    event.communication,
                    event.payer_account,
                    event.originator_version,
                    event.originator_id,
                ),
            )
        case UnmatchedPayment.Matched():
            _assign(act, event, event.lease_id)
        case UnmatchedPayment.MatchWithdrawn():
            _assign(act, event, None)
        case WaitingCharge.Kept():
            _keep_charge(act, event)
        case WaitingCharge.Joined():
            act.write(
                "UPDATE waiting_charge SET joined = true WHERE charge_id = %s",
                (event.originator_id,),
            )


def _keep_charge(act: Act, event: Any) -> None:
    act.write(
        "INSERT INTO waiting_charge (charge_id, reference, month, period_start, rent_cents,"
        " charges_cents) VALUES (%s, %s, %s, %s, %s, %s)",
        (
            event.originator_id,
            event.reference,
            event.month,
            event.period_start,
            event.rent_cents,
            event.charges_cents,
        ),
    )


def _keep_statement(act: Act, event: Any) -> None:
    act.write(
        "INSERT INTO bank_statement VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            event.originator_id,
            event.account,
            event.number,
            event.date,
            event.opening_cents,
            event.closing_cents,
            event.movements,
        ),
    )


def _assign(act: Act, event: Any, lease_id: UUID | None) -> None:
    act.write(
        "UPDATE unmatched_payment SET lease_id = %s, version = %s WHERE payment_id = %s",
        (lease_id, event.originator_version, event.originator_id),
    )


@dataclass(frozen=True)
class Gap:
    """Between two statements of an account something is missing; `after` and `before` are days."""

    account: str
    after: date
    before: date
    reason: str


@dataclass(frozen=True)
class BankData:
    """Until when bank data is complete over all accounts (None: nothing yet), and its gaps."""

    complete_until: date | None
    gaps: list[Gap]


def completeness(standing: list[dict[str, Any]], listed: tuple[str, ...]) -> BankData:
    """Until when bank data is complete: until the first gap of the account furthest back.

    `standing`: rows of `STANDING`; `listed` are the company's accounts, each of which must have
    statements.
    """
    until: list[date | None] = []
    gaps: list[Gap] = []
    seen = set()
    for account, group in groupby(standing, key=itemgetter("account")):
        own = list(group)
        seen.add(plain(account))
        found = [
            Gap(account, row["last_day"], row["on_day"], row["reason"])
            for row in own
            if row["reason"]
        ]
        gaps += found
        until.append(found[0].after if found else own[-1]["on_day"])
    until += [None for account in listed if plain(account) not in seen]
    known = [day for day in until if day is not None]
    return BankData(min(known) if known and len(known) == len(until) else None, gaps)


def plain(account: str) -> str:
    """An account as 12 Belgian digits when it is one, else as written without spaces."""
    text = "".join(account.split()).upper()
    if text.startswith("BE") and len(text) == 16:
        return text[4:]
    return text.replace("-", "")


def select_statements_on(act: Act, days: list[date]) -> list[DictRow]:
    return act.rows(
        "SELECT * FROM bank_statement WHERE on_day = ANY(%s) ORDER BY account, on_day, number",
        (days,),
    )


def select_unmatched(
    rows: Cursor[DictRow],
    limit: int = 200,
    value_date: date | None = None,
    amount_cents: int | None = None,
) -> list[DictRow]:
    """Money that still matches nothing, oldest first; of one day or amount if asked."""
    return rows.execute(
        "SELECT * FROM unmatched_payment WHERE lease_id IS NULL"
        " AND value_date = coalesce(%s, value_date) AND amount_cents = coalesce(%s, amount_cents)"
        " ORDER BY value_date, payment_id LIMIT %s",
        (value_date, amount_cents, limit),
    ).fetchall()


def count_unmatched(rows: Cursor[DictRow]) -> tuple[int, int]:
    """How many payments match nothing, and how many cents they are."""
    row = rows.execute(
        "SELECT count(*) AS n, coalesce(sum(amount_cents), 0)::bigint AS cents"
        " FROM unmatched_payment WHERE lease_id IS NULL"
    ).fetchone()
    assert row is not None
    return row["n"], row["cents"]


def select_unmatched_payment(rows: Cursor[DictRow], payment_id: UUID) -> DictRow | None:
    return rows.execute(
        "SELECT * FROM unmatched_payment WHERE payment_id = %s", (payment_id,)
    ).fetchone()


def select_waiting_charges(rows: Cursor[DictRow]) -> list[DictRow]:
    """Months and first days of the rent roll that wait, by their lease: nobody has told of it yet,
    or its rent is not asked for by such periods (`known`). `cents`: what they come to, None where
    one was kept before amounts were.
    """
    return rows.execute(
        "SELECT reference, array_agg(coalesce(to_char(period_start, 'DD/MM/YYYY'), month)"
        " ORDER BY month, period_start) AS months, CASE WHEN bool_and(rent_cents IS NOT NULL)"
        " THEN sum(rent_cents + charges_cents)::bigint END AS cents,"
        " EXISTS (SELECT 1 FROM account a"
        " WHERE a.reference = w.reference AND NOT a.closed) AS known FROM waiting_charge w"
        " WHERE NOT joined GROUP BY reference ORDER BY reference"
    ).fetchall()
