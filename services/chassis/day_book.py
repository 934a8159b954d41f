"""Each service's book of days: it states once that a day is over, so that "known on" is exact."""

from datetime import date, timedelta
from uuid import UUID

from services.chassis.act import Act
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id

FORGET_KEYS = "DELETE FROM idempotency WHERE kept_since < now() - interval '30 days'"
"""An act's key answers its repeats for thirty days; then the same key is a new one."""


class DayBook(Aggregate):
    """One a company and service. A first look at the clock opens it at the day before."""

    TOPIC = "chassis.day-book"
    last_closed: date

    @staticmethod
    def id_of(company: str, service: str) -> UUID:
        return natural_id(company, "day-book", service)

    class Opened(Opening):
        TOPIC = "chassis.day-book-opened"

        def apply(self, book: "DayBook") -> None:
            book.last_closed = self.occurred_on

    class DayClosed(Event):
        TOPIC = "chassis.day-closed"
        day: date
        bank_complete_until: date | None

        def apply(self, book: "DayBook") -> None:
            book.last_closed = self.day

    def close_days(self, today: date, bank_complete_until: date | None = None) -> None:
        """State the last day that is over, once.   Records: DayClosed.

        After downtime one statement covers the days between: nothing was recorded on them.
        """
        yesterday = today - timedelta(days=1)
        if yesterday > self.last_closed:
            self.trigger_event(
                self.DayClosed,
                day=yesterday,
                bank_complete_until=bank_complete_until,
                occurred_on=yesterday,
            )


def close_days(act: Act, bank_complete_until: date | None = None) -> None:
    """What every service does when its clock passes midnight."""
    book_id = DayBook.id_of(act.service.company.slug, act.service.name)
    book = act.find(DayBook, book_id)
    if book is None:
        yesterday = act.today - timedelta(days=1)
        book = DayBook.open(DayBook.Opened, book_id, occurred_on=yesterday)
        assert book is not None
    closed = book.last_closed
    book.close_days(act.today, bank_complete_until)
    if book.last_closed != closed:
        act.write(FORGET_KEYS)
    act.save(book)
