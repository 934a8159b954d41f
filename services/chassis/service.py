"""A service at work for one company: commands, reactions, files, timers."""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import EventStore, InfrastructureFactory, Mapper, StoredEvent
from eventsourcing.utils import Environment
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg_pool import ConnectionPool

from services.chassis.act import Act
from services.chassis.aggregate import Aggregate, JsonMapper
from services.chassis.caller import Caller, Receipt, Recorded
from services.chassis.companies import Company
from services.chassis.datastore import CompanyDatastore
from services.chassis.day_book import DayBook
from services.chassis.facts import FactRecorder
from services.chassis.failpoint import failpoint
from services.chassis.keyring import Keyring
from services.chassis.publication import Publications

Fold = Callable[[Act, Recorded], None]
Reaction = Callable[[Any, Act, Any], None]
LEFT_ALONE = 500


class Service(Application[UUID]):
    """Base of `Intake`, `Followup`, `Arrears`: the library's application over our datastore.

    A command method calls `perform` with a function that loads, tells and saves. Subclasses state
    `name`, `publications`, `reactions` (fact type → function) and `folds` (read models).
    """

    publications: ClassVar[Publications]
    reactions: ClassVar[Mapping[str, Reaction]] = {}
    folds: ClassVar[tuple[Fold, ...]] = ()

    def __init__(
        self, company: Company, pool: ConnectionPool[Connection[DictRow]], keyring: Keyring
    ) -> None:
        self.company = company
        self.keyring = keyring
        self.datastore = CompanyDatastore(pool, company, type(self).name)
        self.cache = AggregateCache()
        super().__init__(env={})

    @cached_property
    def _day_book_id(self) -> UUID:
        return DayBook.id_of(self.company.slug, self.name)

    def may_be(self, kind: type[Aggregate], identity: UUID) -> bool:
        """Whether an id may be one of this kind: the day book's is taken before there is one."""
        return kind is DayBook or identity != self._day_book_id

    def construct_env(self, name: str, env: Any = None) -> Environment:
        return Environment(name, {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        return InfrastructureFactory.construct(Environment("", {}))

    def construct_mapper(self) -> Mapper[UUID]:
        return JsonMapper()

    @property
    def lock_statements(self) -> list[Any]:
        """The library's own lock of the events table."""
        assert isinstance(self.recorder, FactRecorder)
        return list(self.recorder.lock_table_statements)

    def construct_recorder(self) -> FactRecorder:
        return FactRecorder(self.datastore)

    def construct_event_store(self) -> EventStore[UUID]:
        return EventStore(mapper=self.mapper, recorder=self.recorder)

    def perform(self, caller: Caller, decide: Callable[[Act], UUID | str | None]) -> Receipt:
        """Do one command as one act; a repeat with the same key is answered as the first was."""
        act = None
        with ExitStack() as remembering:
            try:
                with self.datastore.act() as connection:
                    act = Act(self, connection, caller)
                    before = act.begin()
                    if before is not None:
                        return before
                    receipt = act.finish(decide(act))
                    remembering.enter_context(self.cache.settling)
                failpoint("act.after-commit")
            except BaseException:
                if act is not None:
                    act.forget()
                raise
            act.remember()
        return receipt

    def event_of(self, row: Mapping[str, Any]) -> Any:
        """The domain event that a row of the events table holds."""
        return self.mapper.to_domain_event(
            StoredEvent(
                row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"])
            )
        )

    def fold(self, act: Act, recorded: Recorded) -> None:
        for fold in self.folds:
            fold(act, recorded)

    def tick(self) -> None:
        """What the passing of time makes this service do; called by the timer of the worker."""

    def close(self) -> None:
        """Nothing is owned here: pool and keyring are the process's."""


class AggregateCache:
    """Aggregates as last stored, in memory, at most `size` of them.

    Valid while nobody else wrote: under the lock an act compares the log's count of acts with the
    one kept, and an unknown count empties it. `settling` is held from a commit until all is kept.
    What is kept has no cycles: the collector, which stops everybody for a second to look through
    ten thousand accounts, is told to leave it alone.
    """

    def __init__(self, size: int = 20_000) -> None:
        self.size = size
        self.settling = threading.Lock()
        self._acts = -1
        self._kept: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._left_alone = 0

    def trust(self, acts: int) -> None:
        with self.settling:
            if acts != self._acts:
                self._kept.clear()
                self._acts = acts

    def take(self, identity: UUID) -> Aggregate | None:
        return self._kept.get(identity)

    def keep(self, acts: int, aggregates: Mapping[UUID, Aggregate]) -> None:
        if acts not in (self._acts, self._acts + 1):
            self._kept.clear()
        self._acts = acts
        for identity, aggregate in aggregates.items():
            self._kept[identity] = aggregate
            self._kept.move_to_end(identity)
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)
        if len(self._kept) >= self._left_alone + LEFT_ALONE:
            self._left_alone = len(self._kept)
            gc.collect(0)
            gc.freeze()

    def drop(self, identities: Iterable[UUID]) -> None:
        for identity in identities:
            self._kept.pop(identity, None)
