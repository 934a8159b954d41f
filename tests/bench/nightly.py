"""The nightly round over every account, the list of the morning, a policy run over two years."""

from datetime import date

from large_bank_file import owe_a_month
from measuring import show_seconds, timed

from services.arrears.casework.agreeing import adopt_policy
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.promises import shown_promises
from services.arrears.casework.rehearsing import rehearse
from services.arrears.casework.work_list import count_by_step, told, work_list_on
from services.arrears.casework.work_list_pages import SHOWN_MAX
from services.arrears.ladder.policy import read_policy
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.clock import Clock
from services.chassis.facts import READ_HEAD
from services.chassis.written import read_file

ROUND_S, ROUND_ACCOUNTS, LIST_S, HISTORY_S = 30.0, 10_000, 0.3, 60.0


def nightly_round(arrears: Arrears, accounts: int) -> None:
    """The first round after a policy is adopted: every account owes a month and is looked at.

    The limit is that of 10,000 accounts in their proportion.
    """
    owe_a_month(arrears, accounts)
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
            shown_promises(rows, until, today)
        work = work_list_on(arrears, today)
        count_by_step(work.every)
        told(arrears, work, work.every[:SHOWN_MAX], until, today)
        found = len(work.every)

    seconds = timed(read)
    assert found, "nothing is proposed: an empty list is no measure"
    show_seconds(f"work list, {found} rows", seconds, LIST_S)


def history(arrears: Arrears, accounts: int) -> None:
    """What a policy would have proposed in two years, each account on each day."""
    policy = read_policy(read_file(SHIPPED / "wallonie.yaml"))
    first, last = date(2024, 1, 1), date(2025, 12, 31)
    seconds = timed(lambda: rehearse(arrears, policy, first, last))
    limit_s = HISTORY_S * accounts / ROUND_ACCOUNTS
    show_seconds(f"two years of {accounts} accounts", seconds, limit_s)
