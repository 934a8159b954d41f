"""The two clocks that a figure is looked at by: the situation of a day, as it was known on a day.

Both are kept as they were asked for, in every link of a page and in what is downloaded from it.
"""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from services.chassis.forms import plain
from services.reporting.figures import same_day


@dataclass(frozen=True)
class Clocks:
    """What was asked for; empty: now, and as far as the year has come."""

    known_on: str = ""
    as_of: str = ""

    @property
    def asked(self) -> tuple[str | None, str | None]:
        return self.known_on or None, self.as_of or None

    def in_year(self, year: int) -> "Clocks":
        """The same day of another year. `as_of` is one that was not refused."""
        if not self.as_of:
            return self
        return self.on(same_day(date.fromisoformat(self.as_of), year))

    def on(self, day: date) -> "Clocks":
        return replace(self, as_of=day.isoformat())

    def query(self, **more: object) -> str:
        """For a link: `?as_of=…&known_on=…`, or nothing."""
        given = {"as_of": self.as_of, "known_on": self.known_on, **more}
        said = urlencode({name: value for name, value in given.items() if value})
        return f"?{said}" if said else ""


def read_clocks(known_on: str, as_of: str) -> Clocks:
    """Refuses: Malformed, for what nobody types."""
    return Clocks(plain(known_on.strip(), "known_on"), plain(as_of.strip(), "as_of"))
