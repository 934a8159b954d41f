"""The nightly round over every account, and the list that people open in the morning."""

from measuring import show_seconds, timed

from services.arrears import shown
from services.arrears.casework.agreeing import adopt_policy
from services.arrears.casework.case_rows import count_by_step, select_work
from services.arrears.casework.pages import SHOWN_MAX
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.promises import last_promises, shown_promises
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.clock import Clock
from services.chassis.facts import READ_HEAD

ROUND_S, ROUND_ACCOUNTS, LIST_S = 30.0, 10_000, 0.3


def nightly_round(arrears: Arrears, accounts: int) -> None:
    """The first round after a policy is adopted: every account is looked at, none is passed over.

    The limit is that of 10,000 accounts in their proportion.
    """
    adopt_policy(arrears, Caller("bench"), (SHIPPED / "wallonie.yaml").read_text("utf-8"))
    arrears.judge_due_days()
    seconds, limit_s = timed(arrears.tick), ROUND_S * accounts / ROUND_ACCOUNTS
    show_seconds(f"nightly round, {accounts} accounts", seconds, limit_s)


def work_list(arrears: Arrears) -> None:
    """What the page reads: all rows, the steps, the promises, the names of those that it shows."""
    found = 0

    def read() -> None:
        nonlocal found
        until = arrears.bank_data().complete_until
        with arrears.datastore.reading() as rows:
            today = Clock.of(rows.execute(READ_HEAD).fetchone() or {}).today
            cases = select_work(rows, today)
            count_by_step(rows)
            last_promises(rows, [row["lease_id"] for row in cases], until, today)
            shown_promises(rows, until, today)
        shown.with_names(arrears, cases[:SHOWN_MAX])
        found = len(cases)

    seconds = timed(read)
    show_seconds(f"work list, {found} rows", seconds, LIST_S)
