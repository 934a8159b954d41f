"""One bank file as large as they come: how fast, how much memory, and who waits meanwhile."""

import resource
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

from measuring import show, show_seconds, timed

from contracts.arrears import MatchedBy
from services.arrears.bank_file import import_bank_file
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.letting import payment_reference_of

ME = Caller("bench")
RENT, CHARGES = 30_000, 5_000
MONTHS = [(year, month) for year in (2024, 2025) for month in range(1, 13)]
ACCOUNTS_AN_ACT = 500
MONTHS_BEFORE = 14
DAY = date(2025, 12, 31)
BANK_ACCOUNT = "BE68539007547034"
WAIT_S = 1.0


def open_accounts(arrears: Arrears, accounts: int) -> None:
    """Accounts of two years' standing, charged each month; of what was due in the first fourteen,
    three in four have paid all in advance, the others all of it when it was over.
    """
    for start in range(0, accounts, ACCOUNTS_AN_ACT):

        def decide(act: Act, start: int = start) -> None:
            for number in range(start, min(start + ACCOUNTS_AN_ACT, accounts)):
                _open(arrears, act, number)

        arrears.perform(ME, decide)


def _open(arrears: Arrears, act: Act, number: int) -> None:
    lease_id, since = UUID(int=number + 1), date(2024, 1, 1)
    account = RentAccount.open_account(lease_id, lease_id, since)
    account.trigger_event(
        RentAccount.LeaseKnown,
        reference=f"L{number}",
        dwelling_reference="D",
        start_on=since,
        rent_cents=RENT,
        charges_cents=CHARGES,
        payment_reference=payment_reference_of(arrears.company.slug, f"L{number}"),
        leaseholders=[],
        because="bench",
        occurred_on=since,
    )
    for year, month in MONTHS:
        due_on = date(year, month, 10)
        arrears.charge(act, account, f"{year}-{month:02d}", due_on, RENT, CHARGES)
    paid_on = date(2025, 2, 28) if is_late(number) else since
    cents = MONTHS_BEFORE * (RENT + CHARGES)
    account.receive_payment(uuid5(lease_id, "before"), cents, paid_on, MatchedBy.OFFICER)
    act.save(account)


def owe_a_month(arrears: Arrears, accounts: int) -> None:
    """Charge every account what is not paid."""
    for start in range(0, accounts, ACCOUNTS_AN_ACT):
        ids = [UUID(int=n + 1) for n in range(start, min(start + ACCOUNTS_AN_ACT, accounts))]

        def charge(act: Act, ids: list[UUID] = ids) -> None:
            for account in act.find_all(RentAccount, ids).values():
                arrears.charge(act, account, "2026-01", date(2026, 1, 10), RENT, CHARGES)
                act.save(account)

        arrears.perform(ME, charge)


def is_late(number: int) -> bool:
    """Every fourth account pays a month late."""
    return number % 4 == 0


def _bookings(references: list[str], movements: int) -> Iterator[Booking]:
    """Month after month since March 2025, the rent of every account, with all that a bank tells."""
    for n in range(movements):
        month, number = divmod(n, len(references))
        due_on = date(2025, min(3 + month, 12), 10)
        yield Booking(
            RENT + CHARGES,
            DAY,
            structured=references[number],
            value_date=due_on + timedelta(days=25) if is_late(number) else due_on,
            customer_reference=f"L{number}",
            counterparty_account=f"BE{number:014d}",
            counterparty_name=f"LOCATAIRE {number}",
        )


def bank_file(arrears: Arrears, accounts: int, movements: int, bare: float) -> None:
    """One CODA statement, matched and posted, while somebody else has something small to record.

    It is a backlog: ten months' due days are judged when it is there.
    """
    references = [payment_reference_of(arrears.company.slug, f"L{n}") for n in range(accounts)]
    content = write_statement(BANK_ACCOUNT, 2, DAY, 0, list(_bookings(references, movements)))
    _judge_earlier_days(arrears)
    before = _peak_mb()
    somebody = Somebody(arrears)
    seconds = timed(lambda: import_bank_file(arrears, ME, "coda", "bench.cod", content))
    grown = _peak_mb() - before
    waits = somebody.stop()
    show(f"bank file of {movements} movements", movements / seconds, bare, 0.3)
    size = len(content) / 1e6
    print(f"{'  its size, and memory above it':<34} {size:9.0f} MB  {grown:.0f} MB at its peak")
    show_seconds("  another command waits at most", max(waits), WAIT_S, f"of {len(waits)}")


def _judge_earlier_days(arrears: Arrears) -> None:
    """Every due day before the file's first movement."""
    quiet_day = write_statement(BANK_ACCOUNT, 1, date(2025, 3, 1), 0, [])
    import_bank_file(arrears, ME, "coda", "earlier.cod", quiet_day)


class Somebody:
    """Takes the log's turn again and again, as whoever has something to record; how long each
    waited, in seconds.
    """

    def __init__(self, arrears: Arrears) -> None:
        self._arrears = arrears
        self._over = threading.Event()
        self._waits: list[float] = []
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while True:
            started = time.perf_counter()
            self._arrears.perform(ME, lambda act: act.find(RentAccount, UUID(int=1)))
            self._waits.append(time.perf_counter() - started)
            if self._over.wait(0.05):
                return

    def stop(self) -> list[float]:
        self._over.set()
        self._thread.join()
        return self._waits


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
