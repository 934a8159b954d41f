"""What must come out: the generator's own books added up, slowly and plainly.

Nothing here has passed through a service; the services' figures are held against it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from services.demonstration.books import (
    Assigned,
    Charged,
    LeaseBegun,
    LeaseNeverWas,
    LeaseOver,
    Note,
    Paid,
    TakenBack,
)
from services.demonstration.steps import Day


class Truth:
    """The books of some days. `known_on` asks what they said at the end of an earlier day.

    Units: integer cents. An account counts the money whose structured communication names it, and
           what an officer assigned to it; other money counts nowhere (BR-02).
    """

    def __init__(self, days: Iterable[Day]) -> None:
        self._notes: list[tuple[date, Note]] = [
            (page.day, note) for page in days for note in page.notes
        ]

    def _known(self, known_on: date | None) -> list[Note]:
        return [note for day, note in self._notes if known_on is None or day <= known_on]

    def arrears_on(self, day: date, known_on: date | None = None) -> dict[str, int]:
        """Arrears of each lease that owes anything, present and departed tenants alike.

        Source: BR-02: charges due by the day, less money valued by it, plus what was taken back by
                it; never below zero.
        """
        owed = self.charged(date.min, day, known_on)
        for lease, _, cents in self.money(known_on, day):
            owed[lease] = owed.get(lease, 0) - cents
        return {lease: cents for lease, cents in owed.items() if cents > 0}

    def charges(self, known_on: date | None = None) -> dict[tuple[str, str], Charged]:
        """The charge of each lease and month, as last corrected; none of a lease that never was."""
        charges: dict[tuple[str, str], Charged] = {}
        for note in self._known(known_on):
            if isinstance(note, Charged):
                charges[note.lease, note.month] = note
        undone = self._undone(known_on)
        return {key: charge for key, charge in charges.items() if charge.lease not in undone}

    def charged(self, after: date, until: date, known_on: date | None = None) -> dict[str, int]:
        """What each lease was charged with a due day after one day and up to another."""
        charged: dict[str, int] = {}
        for charge in self.charges(known_on).values():
            if after < charge.due_on <= until:
                charged[charge.lease] = charged.get(charge.lease, 0) + charge.cents
        return charged

    def money(self, known_on: date | None, until: date) -> list[tuple[str, date, int]]:
        """(lease, value date, cents) of all money on an account, what was taken back below zero."""
        notes, undone = self._known(known_on), self._undone(known_on)
        assigned = {note.payment: note.lease for note in notes if isinstance(note, Assigned)}
        money = []
        for note in notes:
            if isinstance(note, Paid) and note.value_date <= until:
                lease = assigned.get(note.payment, note.named)
                if lease is not None and lease not in undone:
                    money.append((lease, note.value_date, note.cents))
            elif isinstance(note, TakenBack) and note.value_date <= until:
                money.append((note.lease, note.value_date, -note.cents))
        return money

    def unmatched_on(self, day: date) -> dict[str, int]:
        """Payments that are on no account at the end of a day, in cents by the payer's number."""
        notes, undone = self._known(day), self._undone(day)
        assigned = {note.payment for note in notes if isinstance(note, Assigned)}
        return {
            note.payment: note.cents
            for note in notes
            if isinstance(note, Paid)
            and note.payment not in assigned
            and (note.named is None or note.named in undone)
        }

    def month_cents(self, day: date, known_on: date | None = None) -> dict[str, int]:
        """Rent and charges of the last month charged by a day, by lease (BR-03)."""
        last: dict[str, Charged] = {}
        for charge in self.charges(known_on).values():
            seen = last.get(charge.lease)
            if charge.due_on <= day and (seen is None or charge.due_on > seen.due_on):
                last[charge.lease] = charge
        return {lease: charge.cents for lease, charge in last.items()}

    def leases(self, known_on: date | None = None) -> dict[str, LeaseBegun]:
        """Every lease that was taken over or signed and not withdrawn."""
        undone = self._undone(known_on)
        begun = [note for note in self._known(known_on) if isinstance(note, LeaseBegun)]
        return {note.lease: note for note in begun if note.lease not in undone}

    def ends(self, known_on: date | None = None) -> dict[str, LeaseOver]:
        return {note.lease: note for note in self._known(known_on) if isinstance(note, LeaseOver)}

    def leases_in_force(self, day: date, known_on: date | None = None) -> dict[str, LeaseBegun]:
        """L(D): begun by the day, and not ended or ended after it. Source: domain section 12."""
        ends = self.ends(known_on)
        return {
            lease: begun
            for lease, begun in self.leases(known_on).items()
            if begun.start_on <= day and (lease not in ends or ends[lease].ended_on > day)
        }

    def entries(self, after: date, until: date) -> list[LeaseBegun]:
        """Leases that begin after one day and up to another, transfers included."""
        return [
            begun
            for begun in self.leases().values()
            if after < begun.start_on <= until and not begun.imported
        ]

    def _undone(self, known_on: date | None) -> set[str]:
        return {note.lease for note in self._known(known_on) if isinstance(note, LeaseNeverWas)}


def month_ends(year: int) -> list[date]:
    """The last day of each month of a year."""
    starts = [date(year, month, 1) for month in range(2, 13)] + [date(year + 1, 1, 1)]
    return [start - timedelta(days=1) for start in starts]
