"""Figures of several years, each reckoned once: the same facts and period give the same figure.

A page that follows five years asks for dozens of figures, of which nearly all are those of a moment
ago. What is known stands for exactly the facts it was reckoned from: how many of each service, and
up to which position. A fact that comes, or is taken late, makes another key.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from itertools import groupby
from operator import itemgetter

import duckdb

from services.reporting.answers import Figure
from services.reporting.figures import Counted, KnownOn, Period, counted, figure_of, utc
from services.reporting.indicators.definition import Indicator
from services.reporting.laid_views import laid_down, laid_down_at_end

KEPT_MAX = 2_000
Key = tuple[object, ...]

FACTS = """
SELECT service::VARCHAR, count(*), max(position) FROM fact WHERE recorded_at < ?
GROUP BY service ORDER BY service
"""


class Reckoned:
    """What was reckoned from one store; another store begins anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Counted] = OrderedDict()
        self._lock = threading.Lock()

    def figures(
        self,
        cursor: duckdb.DuckDBPyConnection,
        wanted: Collection[Indicator],
        periods: Iterable[Period],
        known: KnownOn,
    ) -> dict[Period, list[Figure]]:
        """The figures of each period as known at a moment, in the order they are wanted."""
        facts = tuple(cursor.execute(FACTS, [utc(known.before)]).fetchall())
        keys = {
            (period, chosen.id): (facts, period, chosen.id, chosen.version)
            for period in periods
            for chosen in wanted
        }
        taken: dict[tuple[Period, str], Counted | None] = {
            place: self._take(key) for place, key in keys.items()
        }
        missing = [place for place, found in taken.items() if found is None]
        by_id = {chosen.id: chosen for chosen in wanted}
        if missing:
            with laid_down(cursor, known, (by_id[identity].sql for _, identity in missing)):
                for period, places in groupby(missing, key=itemgetter(0)):
                    ids = [identity for _, identity in places]
                    sides = [
                        side for i in ids for side in (by_id[i].numerator, by_id[i].denominator)
                    ]
                    with laid_down_at_end(cursor, period, known, sides):
                        for identity in ids:
                            fresh = counted(cursor, by_id[identity], period, known)
                            taken[period, identity] = fresh
                            self._keep(keys[period, identity], fresh)
        told: dict[Period, list[Figure]] = {period: [] for period, _ in taken}
        for (period, identity), found in taken.items():
            assert found is not None
            told[period].append(figure_of(by_id[identity], found))
        return told

    def _take(self, key: Key) -> Counted | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Key, found: Counted) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
