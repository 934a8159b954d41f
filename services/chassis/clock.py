"""The company's clock. Real companies have the real one; a demonstration has its own.

Business days are days of Europe/Brussels. A demonstration's clock stands still while it is
played, then goes on from its last day at normal speed; it never goes backwards.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class Clock:
    """What the `clock` row of a company says; `shown_at` is None for a real company."""

    real_now: datetime
    shown_at: datetime | None = None
    set_at: datetime | None = None
    running: bool = True

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Clock":
        return cls(row["real_now"], row["shown_at"], row["set_at"], row["running"] is not False)

    @property
    def now(self) -> datetime:
        if self.shown_at is None or self.set_at is None:
            return self.real_now
        return self.shown_at + ((self.real_now - self.set_at) if self.running else timedelta())

    @property
    def today(self) -> date:
        return day_of(self.now)


def day_of(moment: datetime) -> date:
    """The business day of a moment."""
    return moment.astimezone(BRUSSELS).date()


def end_of(day: date) -> datetime:
    """The first moment after `day`, in UTC: what is recorded before it is known on the day."""
    return datetime.combine(day + timedelta(days=1), time(), BRUSSELS).astimezone(UTC)


def moment_on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BRUSSELS).astimezone(UTC)
