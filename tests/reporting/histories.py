"""Random histories of a company: facts late, corrected, withdrawn; people who move and who die.

A seed gives the same history each time. What may happen once a subject happens once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from told import Told

LEASES = 10
ENDS = ("notice", "death", "transfer", "eviction", "abandoned")
BEGINS, LAST = date(2022, 9, 1), date(2025, 11, 30)


@dataclass
class Entry:
    """A fact to be recorded at a moment; `root` is the one that it corrects or withdraws."""

    kind: str
    said: dict[str, Any]
    at: datetime
    root: "Entry | None" = None
    withdrawn: bool = False
    position: int = 0


@dataclass
class History:
    chance: Random
    entries: list[Entry] = field(default_factory=list)

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.chance.randint(least, most))

    def note(self, on: date, kind: str, /, **said: Any) -> Entry:
        """Recorded on its day or, one in four, up to months later."""
        late = self.days(1, 150) if self.often(0.25) else timedelta()
        morning = datetime(on.year, on.month, on.day, 9, self.chance.randint(0, 59), tzinfo=UTC)
        entry = Entry(kind, said | {"on": on}, max(morning, _first_moment()) + late)
        self.entries.append(entry)
        return entry

    def correct(self, root: Entry, share: float, **changes: Any) -> None:
        if self.often(share):
            at = root.at + self.days(1, 200)
            self.entries.append(Entry(root.kind, root.said | changes, at, root))

    def withdraw(self, root: Entry, share: float) -> None:
        if self.often(share):
            at = root.at + self.days(1, 200)
            self.entries.append(Entry(root.kind, root.said, at, root, withdrawn=True))

    def tell(self, told: Told) -> Told:
        for entry in sorted(self.entries, key=lambda e: e.at):
            corrects = {"corrects": entry.root.position} if entry.root else {}
            entry.position = told.say(
                entry.kind, **entry.said, at=entry.at, withdrawn=entry.withdrawn, **corrects
            )
        return told


def _first_moment() -> datetime:
    return datetime(BEGINS.year, BEGINS.month, BEGINS.day, 8, tzinfo=UTC)


def history(seed: int) -> History:
    found = History(Random(seed))
    for lease in range(1, LEASES + 1):
        _life(found, lease)
    return found


def _life(h: History, lease: int) -> None:
    start_on = BEGINS + h.days(0, 700)
    h.note(
        date(2010, 1, 1), "intake.dwelling-registered", dwelling=lease, registered_on="2010-01-01"
    )
    moved = {"transfer_of": str(UUID(int=99))} if h.often(0.2) else {}
    known = {"origin": "imported", "welcomed_on": str(start_on)} if h.often(0.2) else {}
    signed = h.note(
        start_on,
        "intake.lease-signed",
        lease=lease,
        dwelling=lease,
        start_on=start_on,
        **moved,
        **known,
    )
    h.correct(signed, 0.15, start_on=start_on + h.days(1, 25))
    h.withdraw(signed, 0.07)
    if h.often(0.5):
        ended_on = start_on + h.days(60, 800)
        reason = h.chance.choice(ENDS)
        end = h.note(ended_on, "intake.lease-ended", lease=lease, ended_on=ended_on, reason=reason)
        h.withdraw(end, 0.2)
    if h.often(0.8):
        held_on = start_on + h.days(0, 50)
        welcome = h.note(held_on, "intake.tenant-welcomed", lease=lease, held_on=held_on)
        h.correct(welcome, 0.2, held_on=start_on + h.days(0, 50))
        h.withdraw(welcome, 0.1)
    if h.often(0.6):
        since = start_on + h.days(-300, 700)
        out = h.note(since, "intake.letting-suspended", dwelling=lease, unlettable_from=since)
        h.withdraw(out, 0.2)
        if h.often(0.6):
            again = since + h.days(1, 200)
            resumed = h.note(again, "intake.letting-resumed", dwelling=lease, lettable_from=again)
            # Nothing is resumed before it is known to be suspended.
            resumed.at = max(resumed.at, out.at + timedelta(1))
    _money(h, lease, start_on)
    _visits(h, lease, start_on)
    _trouble(h, lease, start_on)
    _decided(History(Random(f"{lease} {start_on}"), h.entries), lease, start_on)
    _supported(History(Random(f"{start_on} {lease}"), h.entries), lease, start_on)
    _apart(History(Random(f"apart {lease} {start_on}"), h.entries), lease, start_on)


def _months(start_on: date, count: int) -> Iterator[date]:
    for n in range(count):
        month = start_on.month + n
        yield date(start_on.year + month // 12, month % 12 + 1, 10)


def _money(h: History, lease: int, start_on: date) -> None:
    """One in three pays every month to the cent."""
    pays = h.often(0.35)
    for n, due_on in enumerate(_months(start_on, h.chance.randint(6, 20))):
        if due_on > LAST:
            return
        number, cents = lease * 1000 + n, h.chance.randint(200, 500) * 100
        said = {"lease": lease, "charge": number, "rent_cents": cents, "charges_cents": 0}
        month = f"{due_on:%Y-%m}"
        charge = h.note(due_on, "arrears.rent-charged", **said, due_on=due_on, month=month)
        if pays:
            day = {"amount_cents": cents, "value_date": due_on}
            h.note(due_on, "arrears.payment-received", lease=lease, payment=number, **day)
            continue
        h.correct(charge, 0.1, rent_cents=cents + 50_00)
        h.withdraw(charge, 0.05)
        if h.often(0.65):
            _paid(h, lease, number, due_on, cents)
        if h.often(0.35):
            missed = {"lease": lease, "charge": number, "due_on": due_on, "month": month}
            told = h.note(due_on + timedelta(5), "arrears.payment-missed", **missed)
            h.withdraw(told, 0.15)
    for _ in range(h.chance.randint(0, 3)):
        day = start_on + h.days(10, 500)
        h.note(day, "arrears.arrears-cleared", lease=lease, cleared_on=day)
    for _ in range(h.chance.randint(0, 5)):
        day = start_on + h.days(10, 500)
        step = h.note(day, "arrears.step-taken", lease=lease, taken_on=day)
        h.withdraw(step, 0.15)


def _paid(h: History, lease: int, number: int, due_on: date, cents: int) -> None:
    day, paid = due_on + h.days(-5, 60), h.chance.choice((cents, cents // 2, cents + 20_00))
    said = {"lease": lease, "payment": number}
    payment = {"amount_cents": paid, "value_date": day}
    received = h.note(day, "arrears.payment-received", **said, **payment)
    line = {"charge_id": str(UUID(int=number)), "cents": min(paid, cents)}
    allocated = h.note(day, "arrears.payment-allocated", **said, lines=[line])
    if h.often(0.1):
        back = day + h.days(1, 60)
        taken = {"amount_cents": paid, "value_date": back}
        reversal = h.note(back, "arrears.payment-reversed", **said, **taken)
        h.correct(allocated, 1, lines=[])
        h.withdraw(reversal, 0.2)
    else:
        h.correct(allocated, 0.1, lines=[line | {"cents": 1_00}])
        h.withdraw(received, 0.05)


def _visits(h: History, lease: int, start_on: date) -> None:
    for n, kind in enumerate(("m1", "m6", "m12", "arrears")):
        said = {"lease": lease, "visit": lease * 100 + n, "kind": kind}
        day = start_on + h.days(20, 400)
        planned = h.note(start_on, "followup.visit-planned", **said, planned_on=day)
        h.correct(planned, 0.15, planned_on=day + h.days(1, 40))
        if h.often(0.6):
            done_on = day + h.days(-10, 40)
            place = h.chance.choice(("home", "home", "office"))
            made = h.note(done_on, "followup.visit-recorded", **said, done_on=done_on, place=place)
            h.correct(made, 0.1, done_on=done_on + h.days(1, 30))
            h.withdraw(made, 0.1)
        elif h.often(0.3):
            gone = day + h.days(-30, 30)
            h.note(gone, "followup.visit-withdrawn", **said, withdrawn_on=gone)


def _trouble(h: History, lease: int, start_on: date) -> None:
    said = {"lease": lease}
    if h.often(0.5):
        _plan(h, lease, start_on + h.days(60, 400))
    for _ in range(h.chance.randint(0, 2)):
        day, answer = start_on + h.days(30, 600), h.chance.choice(("accepted", "refused"))
        h.note(day, f"arrears.budget-guidance-{answer}", **said, answered_on=day)
    if h.often(0.5):
        filed_on = start_on + h.days(90, 500)
        filed = h.note(filed_on, "arrears.court-petition-filed", **said, filed_on=filed_on)
        given_on = filed_on + h.days(20, 120)
        more = {"judgment": "j", "given_on": given_on, "eviction_authorised": h.often(0.7)}
        h.note(given_on, "arrears.judgment-given", **said, **more)
        if h.often(0.6):
            day = given_on + h.days(30, 450)
            h.note(day, "arrears.eviction-executed", **said, judgment="j", executed_on=day)
        assert filed.position == 0


def _plan(h: History, lease: int, agreed_on: date) -> None:
    said = {"lease": lease, "plan": lease}
    count, first = h.chance.randint(2, 9), agreed_on + h.days(5, 40)
    terms = {"first_due_on": first, "frequency": "monthly", "count": count, "lump_sum_on": None}
    terms["ends_on"] = first + timedelta(45 * (lease % 5)) if lease % 3 == 0 else None
    terms["instalment_cents"] = 0 if lease % 10 == 0 else 100_00
    h.note(agreed_on, "arrears.repayment-plan-agreed", **said, agreed_on=agreed_on, **terms)
    for number, due_on in enumerate(_months(first, count)):
        if h.often(0.25):
            missed = {"number": number + 1, "due_on": due_on}
            h.note(due_on + timedelta(10), "arrears.instalment-missed", **said, **missed)
    if h.often(0.6):
        how, on = h.chance.choice(("completed", "broken", "cancelled")), first + h.days(10, 200)
        h.note(on, f"arrears.repayment-plan-{how}", **said, **{f"{how}_on": on})


def _decided(h: History, lease: int, start_on: date) -> None:
    """What people decide about money, and calls."""
    said = {"lease": lease}
    if h.often(0.3):
        day = start_on + h.days(10, 500)
        h.withdraw(h.note(day, "arrears.contact-noted", **said, contacted_on=day), 0.2)
    if h.often(0.4):
        day, cents = start_on + h.days(100, 600), h.chance.randint(1, 900) * 100
        gone = {"amount_cents": cents, "written_off_on": day}
        h.withdraw(h.note(day, "arrears.arrears-written-off", **said, **gone), 0.3)
    if h.often(0.3):
        day, cents = start_on + h.days(100, 600), h.chance.randint(1, 90) * 100
        back = {"amount_cents": cents, "returned_on": day}
        h.withdraw(h.note(day, "arrears.credit-returned", **said, **back), 0.3)


def _supported(h: History, household: int, start_on: date) -> None:
    """Periods of any axis, some of six months, that overlap, are closed, corrected, taken back."""
    for number in range(h.chance.randint(0, 4)):
        said = {"household": household, "period": household * 100 + number}
        opened_on, intensive = start_on + h.days(60, 600), h.often(0.5)
        terms = {"intensive": intensive, "opened_on": opened_on}
        terms["ends_on"] = opened_on + timedelta(182) if intensive else None
        opened = h.note(opened_on, "followup.support-period-opened", **said, **terms)
        h.correct(opened, 0.2, opened_on=opened_on + h.days(1, 60))
        h.withdraw(opened, 0.1)
        if h.often(0.6):
            day = opened_on + h.days(0, 182)
            closed = h.note(day, "followup.support-period-closed", **said, closed_on=day)
            h.correct(closed, 0.2, closed_on=opened_on + h.days(0, 182))
            h.withdraw(closed, 0.2)


def _apart(h: History, lease: int, start_on: date) -> None:
    """What is owed besides rent; some of a payment was for it."""
    for number in range(h.chance.randint(0, 3)):
        day, cents = start_on + h.days(10, 600), h.chance.randint(1, 900) * 100
        kind = h.chance.choice(("deposit", "repairs", "fees", "court-costs"))
        owed = {"kind": kind, "amount_cents": cents, "due_on": day}
        said = {"lease": lease, "other_charge_id": str(UUID(int=lease * 1000 + number))}
        noted = h.note(day, "arrears.other-charge-recorded", **said, **owed)
        h.correct(noted, 0.3, amount_cents=cents + 7_00)
        h.withdraw(noted, 0.2)
        if h.often(0.5):
            part = {"kind": kind, "amount_cents": cents // 2, "value_date": day}
            h.withdraw(h.note(day, "arrears.other-charge-paid", lease=lease, **part), 0.3)
