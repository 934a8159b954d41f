"""The lines of a case in their order, and what of them had happened and was known at a moment."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from operator import itemgetter
from typing import NamedTuple, TypeVar, cast

from services.arrears.ladder.case import Balance, Case, Line, Send

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
        self._sort_by_kind()

    def _sort_by_kind(self) -> None:
        self._by_kind: dict[type[Line], list[Line]] = {}
        for _, line in self._dated:
            self._by_kind.setdefault(type(line), []).append(line)

    @classmethod
    def _in_order(cls, dated: list[tuple[Moment, Line]]) -> "Lines":
        lines = cls(())
        lines._dated = dated
        lines._sort_by_kind()
        return lines

    @classmethod
    def of(cls, case: Case, known_on: date | None = None) -> "Lines":
        """What was recorded by the end of `known_on`."""
        known = known_on or date.max
        return cls(line for line in case.happenings if line.known_on <= known)

    def happened_by(self, moment: Moment) -> "Lines":
        """What had happened by a moment, whenever it was recorded."""
        # The day's end balance tells of every moment of it, once the lines after it are undone.
        return self._in_order(
            [
                (at, line)
                for at, line in self._dated
                if at <= moment or (isinstance(line, Balance) and line.on <= moment.day)
            ]
        )

    def known_by(self, moment: Moment) -> "Lines":
        """What was recorded by a moment, or may have been: of that day, what happened later too."""
        return self._in_order(
            [(at, line) for at, line in self._dated if line.known_on <= moment.day]
        )

    def dated(self) -> list[tuple[Moment, Line]]:
        """Each line with the moment that it counts from."""
        return self._dated

    def __iter__(self) -> Iterator[Line]:
        return (line for _, line in self._dated)

    def of_kind(self, kind: type[L]) -> list[L]:
        """Those of exactly one kind."""
        return cast("list[L]", self._by_kind.get(kind, []))
