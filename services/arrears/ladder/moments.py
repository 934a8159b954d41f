"""The lines of a case in their order, and what of them had happened and was known at a moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from services.arrears.ladder.case import Balance, Case, Line, Send

L = TypeVar("L", bound=Line)
END, BEGINNING = time.max, time.min


@dataclass(frozen=True, order=True, slots=True)
class Moment:
    """A time of a day; the end of the day unless told."""

    day: date
    at: time = END

    @property
    def words(self) -> str:
        return self.day.isoformat() + ("" if self.at == END else f"T{self.at:%H:%M:%S}")


def moment_of(line: Line) -> Moment:
    """When a line counts from: a stated balance, and a sending without a time, at the day's end."""
    late = isinstance(line, Balance) or (isinstance(line, Send) and line.at is None)
    return Moment(line.on, END if late else line.at or BEGINNING)


class Lines:
    """Lines in the order in which they happened; of one moment, in that of the file."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._all = sorted(lines, key=moment_of)

    @classmethod
    def of(cls, case: Case, known_on: date | None = None) -> "Lines":
        """What was recorded by the end of `known_on`."""
        known = known_on or date.max
        return cls(line for line in case.happenings if line.known_on <= known)

    def happened_by(self, moment: Moment) -> "Lines":
        """What had happened by a moment, whenever it was recorded."""
        return Lines(line for line in self._all if _has_happened(line, moment))

    def known_by(self, moment: Moment) -> "Lines":
        """What was recorded by a moment, or may have been: of that day, what happened later too."""
        return Lines(line for line in self._all if line.known_on <= moment.day)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._all)

    def of_kind(self, kind: type[L]) -> list[L]:
        return [line for line in self._all if isinstance(line, kind)]


def _has_happened(line: Line, moment: Moment) -> bool:
    # The day's end balance tells of every moment of the day, once the lines after it are undone.
    return line.on <= moment.day if isinstance(line, Balance) else moment_of(line) <= moment
