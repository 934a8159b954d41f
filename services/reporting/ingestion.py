"""Taking facts into a company's store: one path for Kafka, a publisher's log and an archive.

A large batch that continues what was read, unbroken and readable, goes in as it is: no fact is
looked at in Python. Anything else is judged fact by fact by the same rule as everywhere, and what
may be taken of it becomes rows by the same statement.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from contracts.catalogue import CONTRACTS
from contracts.envelope import Envelope, UnreadableFact, hash_of, log_of, read_envelope
from services.chassis.facts import read_head
from services.chassis.failpoint import failpoint
from services.chassis.position_rule import Delivery, LastTaken, Standing, Verdict, fingerprint
from services.chassis.received import read_data
from services.chassis.receiving import Progress, highest
from services.reporting import shape
from services.reporting.fact_column import FactColumn
from services.reporting.fact_store import FactStore

if TYPE_CHECKING:
    from services.reporting.service import Reporting

FEW = 500
"""Up to so many facts are judged one by one: a statement that judges them costs more."""


@dataclass(frozen=True)
class ParkedFact:
    """A fact that is not to be taken: unreadable itself, or of a subject that waits behind one."""

    fact: Envelope
    content: bytes
    reason: str
    behind: int | None


@dataclass
class Decisions:
    """What was decided of facts before: set aside for good, retried, or its subject waits.

    A fact is its (position, fingerprint): a decision is of the bytes that were there, and not of
    what else a log tells at their position. `refused`: other bytes of a taken fact, passed over for
    ever.
    """

    aside: set[tuple[int, int]] = field(default_factory=set)
    retried: set[tuple[int, int]] = field(default_factory=set)
    waiting: dict[str, int] = field(default_factory=dict)
    refused: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class _Judged:
    """What a batch comes to: bytes to take, facts to park, where it ends."""

    last: LastTaken
    next_offset: int
    passed_over: int = 0
    held: str | None = None
    held_fact: str | None = None
    held_fingerprint: int | None = None
    taken: list[bytes] = field(default_factory=list)
    parked: list[ParkedFact] = field(default_factory=list)
    hashes: dict[int, int] = field(default_factory=dict)


class Ingestion:
    """Feeds one store. `park` keeps a decision where it survives the store (PostgreSQL)."""

    def __init__(
        self,
        company: str,
        store: FactStore,
        decisions: Callable[[str], Decisions],
        park: Callable[[str, ParkedFact], None],
    ) -> None:
        self.company = company
        self.store = store
        self.decisions = decisions
        self.park = park

    def take(
        self, publisher: str, deliveries: Sequence[Delivery], column: FactColumn | None = None
    ) -> Progress:
        """Take what may be taken of `deliveries`; the position moves with the rows.

        `column`: of them all, where it is made already.
        """
        with self.store.writing:
            standing = self.store.standing(publisher)
            if standing.held_fact is not None or not deliveries:
                last = standing.last.position
                return Progress(0, last, standing.held, last)
            facts = column or column_of(deliveries)
            return self._take(publisher, deliveries, standing, facts)

    def _take(
        self,
        publisher: str,
        deliveries: Sequence[Delivery],
        standing: Standing,
        facts: FactColumn | None,
    ) -> Progress:
        decisions = self.decisions(publisher)
        if facts is not None:
            end = deliveries[-1].offset + 1
            if progress := self._append(publisher, facts, end, standing, decisions):
                return progress
        return self._take_one_by_one(publisher, deliveries, standing, decisions)

    def take_column(self, publisher: str, facts: FactColumn) -> Progress:
        """The same of facts that lie in a file, where a position is as good a place as an offset:
        on the topic a fact lies there or later.
        """
        with self.store.writing:
            standing, decisions = self.store.standing(publisher), self.decisions(publisher)
            offset = standing.last.position
            return self._append(
                publisher, facts, offset + len(facts), standing, decisions
            ) or self._take_one_by_one(publisher, facts.deliveries(offset), standing, decisions)

    def _append(
        self,
        publisher: str,
        facts: FactColumn,
        next_offset: int,
        standing: Standing,
        decisions: Decisions,
    ) -> Progress | None:
        """Take all as they are; None, and nothing is taken, where they must be judged."""
        first, last = standing.last.position + 1, standing.last.position + len(facts)
        if any(first <= position <= last for position, _ in decisions.aside):
            return None
        if self._read(publisher, facts.first) is None:
            return None  # not of this log, and then neither is what follows it
        failpoint("reporting.before-commit")
        after = self.store.append(publisher, facts, standing, next_offset, decisions.waiting)
        failpoint("reporting.after-commit")
        return None if after is None else Progress(len(facts), last, None, last)

    def _take_one_by_one(
        self,
        publisher: str,
        deliveries: Sequence[Delivery],
        standing: Standing,
        decisions: Decisions,
    ) -> Progress:
        facts = [(delivery, self._read(publisher, delivery.content)) for delivery in deliveries]
        judged = self._judge_all(publisher, facts, standing, decisions)
        for parked in judged.parked:
            self.park(publisher, parked)
        after = Standing(
            judged.last,
            judged.next_offset,
            standing.passed_over + judged.passed_over,
            judged.held,
            judged.held_fact,
            judged.held_fingerprint,
        )
        failpoint("reporting.before-commit")
        self.store.keep(publisher, judged.taken, after)
        failpoint("reporting.after-commit")
        return Progress(
            after.last.position - standing.last.position,
            after.last.position,
            after.held,
            highest(after.last, facts),
        )

    def _read(self, publisher: str, content: bytes) -> Envelope | None:
        try:
            return read_envelope(content, log_of(self.company, publisher))
        except UnreadableFact:
            return None

    def take_parked(self, publisher: str, position: int, content: bytes) -> None:
        """Take a fact that was parked; once, whatever was interrupted before."""
        with self.store.writing:
            if not self.store.fingerprints(publisher, [position]):
                self.store.keep(publisher, [content], self.store.standing(publisher))

    def _judge_all(
        self,
        publisher: str,
        facts: Sequence[tuple[Delivery, Envelope | None]],
        standing: Standing,
        decisions: Decisions,
    ) -> _Judged:
        last = standing.last.position
        known = self.store.fingerprints(
            publisher, [fact.position for _, fact in facts if fact and fact.position <= last]
        )
        judged = _Judged(standing.last, standing.next_offset, held=standing.held, hashes=known)
        for delivery, fact in facts:
            if fact is None:
                judged.passed_over += 1
            elif not self._judge(judged, delivery, fact, decisions):
                break
        return judged

    def _judge(
        self, judged: _Judged, delivery: Delivery, fact: Envelope, decisions: Decisions
    ) -> bool:
        """Judge one fact; False when a repeat with other bytes stops everything."""
        content_hash = hash_of(delivery.content)
        came = fingerprint(content_hash)
        of_fact = fact.position, came
        verdict = judged.last.judge(fact.position, fact.previous)
        if verdict is Verdict.REPEAT:
            known = judged.hashes.get(fact.position)
            if known in (None, came) or of_fact in decisions.refused:
                return True
            judged.held = f"position {fact.position} came again with other bytes"
            judged.held_fact, judged.held_fingerprint = fact.id, came
            return False
        if verdict is not Verdict.TAKE:
            judged.held = f"position {judged.last.position + 1} is missing or does not follow"
            return True
        if of_fact in decisions.retried:
            judged.taken.append(delivery.content)
        elif of_fact not in decisions.aside:
            self._sort(judged, delivery, fact, decisions)
        judged.last = LastTaken(fact.position, content_hash)
        judged.hashes[fact.position] = came
        if judged.held is None:
            judged.next_offset = delivery.offset + 1
        judged.held = None
        return True

    def _sort(
        self, judged: _Judged, delivery: Delivery, fact: Envelope, decisions: Decisions
    ) -> None:
        """Take it, or park it."""
        if (behind := decisions.waiting.get(fact.subject, fact.position)) < fact.position:
            # What came before it was taken when it came, and is taken again by a rebuild.
            reason = f"derrière la position {behind}"
            judged.parked.append(ParkedFact(fact, delivery.content, reason, behind))
        elif (reason_not := why_unreadable(fact)) is not None:
            judged.parked.append(ParkedFact(fact, delivery.content, reason_not, None))
            decisions.waiting[fact.subject] = fact.position
        else:
            judged.taken.append(delivery.content)


def why_unreadable(fact: Envelope) -> str | None:
    """Why reporting cannot read a fact; None when it can, or when its type is not known."""
    contract = CONTRACTS.get(fact.type)
    if contract is None:
        return None
    try:
        read_data(fact, shape.reading(contract))
    except UnreadableFact as error:
        return str(error)
    return None


def column_of(deliveries: Sequence[Delivery]) -> FactColumn | None:
    """None of a few, and where one is no text: these are judged one by one."""
    if len(deliveries) <= FEW:
        return None
    with suppress(pa.ArrowInvalid):
        return FactColumn.of([delivery.content for delivery in deliveries])
    return None


class ReportingReceiver:
    """What the inbox hands records to, in place of the reactions of the other services."""

    def __init__(self, reporting: "Reporting") -> None:
        self.reporting = reporting

    def standing(self, publisher: str) -> Standing:
        return self.reporting.store.standing(publisher)

    def stands(self) -> tuple[int, dict[str, int]]:
        return read_head(self.reporting.datastore)["position"], self.reporting.store.positions()

    def receive(self, publisher: str, deliveries: Sequence[Delivery]) -> Progress:
        return self.reporting.ingestion.take(publisher, deliveries)
