"""Figures and their parts, each reckoned once: the same facts and period give the same figure.

A page that follows five years asks for dozens of figures, of which nearly all are those of a moment
ago. What is known stands for exactly the facts it was reckoned from: how many of each service, and
up to which position. A fact that comes, or is taken late, makes another key.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, TypeVar

import duckdb

from services.reporting.answers import Figure
from services.reporting.figures import Counted, KnownOn, Period, counted, figure_of, utc
from services.reporting.indicators.register import in_force
from services.reporting.laid_views import laid_down, laid_down_at_end

KEPT_MAX = 2_000
FOUND_MAX = 8
"""Each of the largest company up to 7 MB."""
SLOW_S, REMEMBERED_S, SLOW_MAX = 0.1, 86_400, 8
Key = tuple[object, ...]
Found = TypeVar("Found")

FACTS = """
SELECT service::VARCHAR, count(*), max(position) FROM fact WHERE recorded_at < ?
GROUP BY service ORDER BY service
"""


@dataclass(frozen=True)
class Ask:
    """What somebody asked for of the facts as they were then, by names; `today`: the day it was."""

    wanted: tuple[str, ...]
    periods: tuple[Period, ...]
    today: date

    @property
    def key(self) -> Key:
        """The same from one day to the next."""
        lasts = (None if p.last == self.today else p.last for p in self.periods)
        return (*self.wanted, *(p.first for p in self.periods), *lasts)

    def on(self, today: date) -> "Ask":
        """The same on another day: what went up to its day goes up to that one, unless its year is
        over.
        """
        periods = (
            replace(p, last=min(today, date(p.first.year, 12, 31))) if p.last == self.today else p
            for p in self.periods
        )
        return Ask(self.wanted, tuple(periods), today)


class Latest(Generic[Found]):
    """What was asked for last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Found] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Key) -> Found | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, value: Found) -> None:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Reckoned:
    """What was reckoned from one store; another store begins anew."""

    def __init__(self) -> None:
        self._counted = Latest[Counted](KEPT_MAX)
        self._found = Latest[Any](FOUND_MAX)
        self._slow: OrderedDict[Key, tuple[Ask, float]] = OrderedDict()
        self._lock = threading.Lock()

    def asked_lately(self) -> list[Ask]:
        """What somebody asked for within a day that once took longer than a page should."""
        since = time.monotonic() - REMEMBERED_S
        with self._lock:
            return [ask for ask, moment in reversed(self._slow.values()) if moment >= since]

    def figures(
        self,
        cursor: duckdb.DuckDBPyConnection,
        wanted: Iterable[str],
        periods: Iterable[Period],
        known: KnownOn,
    ) -> dict[Period, list[Figure]]:
        """The figures of each period as known at a moment, in the order they are wanted, less what
        no version counts yet.

        Errors: UnknownIndicator.
        """
        ask = Ask(tuple(wanted), tuple(periods), known.last_seen)
        started = time.monotonic()
        found = self.reckon(cursor, ask, known)
        if known.is_now:
            self._remember(ask, time.monotonic() - started)
        return found

    def _remember(self, ask: Ask, seconds: float) -> None:
        key = ask.key
        with self._lock:
            if seconds > SLOW_S or key in self._slow:
                self._slow[key] = ask, time.monotonic()
                self._slow.move_to_end(key)
            while len(self._slow) > SLOW_MAX:
                self._slow.popitem(last=False)

    def reckon(
        self, cursor: duckdb.DuckDBPyConnection, ask: Ask, known: KnownOn
    ) -> dict[Period, list[Figure]]:
        """The same, when nobody waits for it."""
        facts = facts_known(cursor, known)
        places = {
            (period, chosen.name): chosen
            for period in ask.periods
            for chosen in in_force(ask.wanted, period.last)
        }
        taken = {place: self._counted.take((facts, *place)) for place in places}
        missing = [place for place, found in taken.items() if found is None]
        if missing:
            sql = [places[place].sql for place in missing]
            ends = {period.last for period, _ in missing}
            with laid_down(cursor, known, sql, ends) as at_ends:
                for period, of_period in groupby(missing, key=itemgetter(0)):
                    wanted = [places[place] for place in of_period]
                    sides = [side for one in wanted for side in (one.numerator, one.denominator)]
                    with laid_down_at_end(
                        cursor, period, known, sides, with_facts=False, but=at_ends
                    ):
                        for chosen in wanted:
                            fresh = counted(cursor, chosen, period, known)
                            taken[period, chosen.name] = fresh
                            self._counted.keep((facts, period, chosen.name), fresh)
        told: dict[Period, list[Figure]] = {period: [] for period in ask.periods}
        for (period, name), found in taken.items():
            assert found is not None
            told[period].append(figure_of(places[period, name], found))
        return told

    def once(self, key: Key, find: Callable[[], Found]) -> Found:
        """What `find` gives; `key` says of which facts, and what."""
        found: Found | None = self._found.take(key)
        if found is None:
            found = find()
            self._found.keep(key, found)
        return found


def facts_known(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> Key:
    """Which facts these are: how many of each service, and up to which position."""
    return tuple(cursor.execute(FACTS, [utc(known.before)]).fetchall())
