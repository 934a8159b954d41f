"""A store that takes what a test gives it, with nobody to ask for decisions."""

from pathlib import Path
from typing import Any

from contracts.envelope import hash_of
from services.chassis.position_rule import Delivery, fingerprint
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Decisions, Ingestion, ParkedFact
from services.reporting.rebuilding import Source
from services.reporting.shape import HEARD


class Taker:
    """A store of its own that takes deliveries, and what it parked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parked: list[ParkedFact] = []
        self.open()

    def open(self) -> None:
        self.store = FactStore(self.path)
        self.ingestion = Ingestion("alpha", self.store, self.decisions, self.park)

    def reopen(self) -> None:
        self.store.close()
        self.open()

    def decisions(self, publisher: str) -> Decisions:
        aside = {self._identity(parked) for parked in self.parked}
        waiting = {p.fact.subject: p.fact.position for p in reversed(self.parked)}
        return Decisions(aside=aside, waiting=waiting)

    def park(self, publisher: str, parked: ParkedFact) -> None:
        if self._identity(parked) not in self.decisions(publisher).aside:
            self.parked.append(parked)

    @staticmethod
    def _identity(parked: ParkedFact) -> tuple[int, int]:
        return parked.fact.position, fingerprint(hash_of(parked.content))

    def take(self, contents: list[Any], size: int = 10_000, first_offset: int = 0) -> None:
        deliveries = [Delivery(first_offset + n, content) for n, content in enumerate(contents)]
        for start in range(0, len(deliveries), size):
            self.ingestion.take("arrears", deliveries[start : start + size])

    def feed(self, source: Source) -> None:
        for publisher in HEARD:
            offset = self.store.standing(publisher).next_offset
            source.feed(self.ingestion, publisher, offset)

    @property
    def position(self) -> int:
        return self.store.standing("arrears").last.position

    def count(self) -> int:
        with self.store.rows() as cursor:
            ((count,),) = cursor.execute("SELECT count(*) FROM fact").fetchall()
        return int(count)
