"""The lines of a case in their order, and what of them had happened and was known at a moment."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple, TypeVar, cast

from services.arrears.ladder.case import Balance, Case, Line, Rent, Send

L = TypeVar("L", bound=Line)
END, BEGINNING = time.max, time.min


class Moment(NamedTuple):
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
        self._dated = sorted(((moment_of(line), line) for line in lines), key=itemgetter(0))

    @classmethod
    def _in_order(cls, dated: list[tuple[Moment, Line]]) -> "Lines":
        lines = cls(())
        lines._dated = dated
        return lines

    @cached_property
    def _by_kind(self) -> dict[type[Line], list[Line]]:
        found: dict[type[Line], list[Line]] = {}
        for _, line in self._dated:
            found.setdefault(type(line), []).append(line)
        return found

    @classmethod
    def of(cls, case: Case, known_on: date | None = None) -> "Lines":
        """What was recorded by the end of `known_on`."""
        known = known_on or date.max
        return cls(line for line in case.happenings if line.known_on <= known)

    def happened_by(self, moment: Moment) -> "Lines":
        """What had happened by a moment, whenever it was recorded."""
        number = bisect_right(self._dated, moment, key=itemgetter(0))
        # The day's end balance tells of every moment of it, once the lines after it are undone.
        stated = [(moment_of(line), line) for line in self.of_kind(Balance)]
        stated = [(at, line) for at, line in stated if at > moment and line.on <= moment.day]
        return self._in_order([*self._dated[:number], *stated])

    def known_by(self, moment: Moment) -> "Lines":
        """What was recorded by a moment, or may have been: of that day, what happened later too."""
        return self._in_order(
            [(at, line) for at, line in self._dated if line.known_on <= moment.day]
        )

    def days_after(self, day: date) -> list[date]:
        """The later days of which a line tells, in order."""
        return self._days[bisect_right(self._days, day) :]

    @cached_property
    def _days(self) -> list[date]:
        first_days = (rent.first_day for rent in self.of_kind(Rent))
        return sorted({*first_days, *(line.on for _, line in self._dated)})

    def dated(self) -> list[tuple[Moment, Line]]:
        """Each line with the moment that it counts from."""
        return self._dated

    def __iter__(self) -> Iterator[Line]:
        return (line for _, line in self._dated)

    def of_kind(self, kind: type[L]) -> list[L]:
        """Those of exactly one kind."""
        return cast("list[L]", self._by_kind.get(kind, []))

    def of_kinds(self, *kinds: type[Line]) -> list[Line]:
        """Those of exactly these kinds, in their order."""
        there = [self._by_kind[kind] for kind in kinds if kind in self._by_kind]
        if len(there) > 1:
            return [line for _, line in self._dated if type(line) in kinds]
        return there[0] if there else []
