"""One act: everything that one command, one reaction or one chunk of a file changes, or nothing.

An act is one PostgreSQL transaction under the library's own lock of the company's events table,
taken first. So at any moment at most one act works on a company's log: what it reads is true until
it commits, positions have no holes, `recorded_at` never goes back, and no command ever has to be
tried again because another was quicker. Readers are not held up.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection, Cursor
from psycopg.rows import DictRow

from contracts.envelope import Envelope, fact_id, hash_of, read_envelope, write_envelope
from services.chassis.aggregate import Aggregate, Event
from services.chassis.caller import Caller, Receipt, Recorded
from services.chassis.clock import Clock
from services.chassis.facts import EVENTS_TABLE, READ_HEAD, insert_log, insert_rows, move_head
from services.chassis.failpoint import failpoint
from services.chassis.publication import Publication
from services.chassis.refusal import Diverged, KeyReused, NotFound

if TYPE_CHECKING:
    from services.chassis.service import Service

A = TypeVar("A", bound=Aggregate)

SELECT_EVENTS = f"""
SELECT originator_id, originator_version, topic, state FROM {EVENTS_TABLE}
WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""
ROWS_A_STATEMENT = 200
NO_SUCH = "Ce dossier n'existe pas dans cette société."


class Act:
    """See the module. Made by `Service.perform` and `Service.receive` only."""

    def __init__(self, service: "Service", connection: Connection[DictRow], caller: Caller) -> None:
        self.service = service
        self.connection = connection
        self.caller = caller
        self.cause: Envelope | None = None
        self._known: dict[UUID, Aggregate] = {}
        self._absent: set[UUID] = set()
        self._events: list[StoredEvent] = []
        self._facts: list[tuple[Any, ...]] = []
        self._recorded = False
        self._inserted: dict[str, list[tuple[Any, ...]]] = {}

    def begin(self) -> Receipt | None:
        """Take the lock, read where the log stands; a receipt if this was answered before."""
        for statement in self.service.lock_statements:
            self.connection.execute(statement)
        head = self.connection.execute(READ_HEAD, prepare=True)
        known = self._look_up_key()
        row = head.fetchone()
        assert row is not None, "the company is not provisioned"
        self.clock = Clock.of(row)
        self.now, self.today = self.clock.now, self.clock.today
        self._acts = row["acts"]
        self.position: int = row["position"]
        self._hash = bytes(row["hash"])
        self._recorded_at: datetime = row["recorded_at"]
        self.service.cache.trust(self._acts)
        if row["diverged"]:
            raise Diverged(
                "Le journal de cette société ne correspond plus à ce qui a été publié ; rien n'est "
                "enregistré tant que l'exploitant ne l'a pas réparé (« referent mend »)."
            )
        return known() if known else None

    def _look_up_key(self) -> Callable[[], Receipt | None] | None:
        caller = self.caller
        if caller.key is None:
            return None
        cursor = self.connection.execute(
            "SELECT route, body_hmac, result, version FROM idempotency"
            " WHERE actor = %s AND key = %s",
            (caller.actor, caller.key),
            prepare=True,
        )

        def receipt() -> Receipt | None:
            row = cursor.fetchone()
            if row is None:
                return None
            if row["route"] != caller.route or bytes(row["body_hmac"]) != caller.body_hmac:
                raise KeyReused(
                    "Cette clé d'idempotence a déjà servi pour une demande différente. "
                    "Utilisez une nouvelle clé."
                )
            return Receipt(row["result"], row["version"], repeated=True)

        return receipt

    # Reading

    def rows(self, query: Any, params: Any = ()) -> list[DictRow]:
        """Rows of the read models, as this act would leave them."""
        return self.query(query, params).fetchall()

    def query(self, query: Any, params: Any = ()) -> Cursor[DictRow]:
        """As `rows`, fetched later: several questions in one round trip."""
        self._flush()
        return self.connection.execute(query, params, prepare=True)

    def write(self, query: Any, params: Any = ()) -> None:
        """Queue a statement on the service's own tables; it fails with the act or not at all."""
        self._flush()
        self.connection.execute(query, params, prepare=True)

    def insert(self, statement: str, row: tuple[Any, ...]) -> None:
        """Queue a row for `INSERT … {values} …`; rows of one statement go in together."""
        rows = self._inserted.setdefault(statement, [])
        rows.append(row)
        if len(rows) == ROWS_A_STATEMENT:
            self._flush()

    def _flush(self) -> None:
        for statement, rows in self._inserted.items():
            insert_rows(self.connection, statement, rows)
        self._inserted.clear()

    def load(self, kind: type[A], aggregate_id: UUID) -> A:
        """Errors: NotFound."""
        found = self.find(kind, aggregate_id)
        if found is None:
            raise NotFound(NO_SUCH)
        return found

    def find(self, kind: type[A], aggregate_id: UUID) -> A | None:
        return self.find_all(kind, [aggregate_id]).get(aggregate_id)

    def find_all(self, kind: type[A], ids: Iterable[UUID]) -> dict[UUID, A]:
        """The aggregates of this kind among `ids`; one query for those not in memory yet.

        Errors: NotFound for an id of another kind: ids come in from addresses that anybody can
        type, and what is not found may be opened next.
        """
        ids = list(ids)
        if not all(self.service.may_be(kind, identity) for identity in ids):
            raise NotFound(NO_SUCH)
        missing = []
        for identity in ids:
            if identity not in self._known and identity not in self._absent:
                cached = self.service.cache.take(identity)
                if cached is None:
                    missing.append(identity)
                else:
                    self._known[identity] = cached
        if missing:
            self._replay(missing)
            self._absent.update(identity for identity in missing if identity not in self._known)
        known = {identity: self._known[identity] for identity in ids if identity in self._known}
        if not all(isinstance(found, kind) for found in known.values()):
            raise NotFound(NO_SUCH)
        return cast("dict[UUID, A]", known)

    def _replay(self, ids: list[UUID]) -> None:
        cursor = self.connection.execute(SELECT_EVENTS, (ids,), prepare=True, binary=True)
        for row in cursor.fetchall():
            event = self.service.event_of(row)
            identity = row["originator_id"]
            self._known[identity] = event.mutate(self._known.get(identity))

    # Recording

    def save(self, aggregate: Aggregate) -> UUID:
        """Record what `aggregate` decided, in order, with its facts and read-model rows."""
        self._known[aggregate.id] = aggregate
        for event in aggregate.collect_events():
            self.record(event)
        return aggregate.id

    def record(self, event: Any, fact: bytes | None = None) -> None:
        """Record one event, and its fact if it has one (`fact`: mending gives the bytes)."""
        publication = self.service.publications.of(event)
        envelope = None
        if fact is not None:
            envelope = read_envelope(fact)
            self._recorded_at = envelope.recorded_at
        else:
            # A reaction is known from its cause's time on, not from when we got round to it.
            known_at = self.cause.recorded_at if self.cause else self.now
            self._recorded_at = max(known_at, self._recorded_at)
            if publication is not None:
                envelope = self._envelope(event, publication)
                fact = write_envelope(envelope)
        object.__setattr__(event, "timestamp", self._recorded_at)
        self._events.append(self.service.mapper.to_stored_event(event))
        if envelope is not None and fact is not None:
            self._append_fact(event, envelope, fact)
        if len(self._events) >= ROWS_A_STATEMENT:
            self._send_log()  # the server writes these while we go on
        recorded = Recorded(
            event=event,
            fact=envelope.id if envelope else None,
            recorded_at=self._recorded_at,
            actor=self._actor() if envelope is None else envelope.actor,
        )
        self.service.fold(self, recorded)

    def _append_fact(self, event: Any, envelope: Envelope, content: bytes) -> None:
        self.position = envelope.position
        self._hash = hash_of(content)
        self._facts.append(
            (
                envelope.position,
                event.originator_id,
                event.originator_version,
                envelope.type,
                envelope.recorded_at,
                self._hash,
                content,
            )
        )

    def _envelope(self, event: Event, publication: Publication) -> Envelope:
        company, name, cause = self.service.company, self.service.name, self.cause
        return Envelope(
            id=fact_id(company.slug, name, self.position + 1),
            source=company.source(name),
            type=publication.fact.TYPE,
            version=publication.fact.VERSION,
            subject=str(event.originator_id),
            recorded_at=self._recorded_at,
            position=self.position + 1,
            previous=self._hash.hex(),
            occurred_on=event.occurred_on,
            actor=self._actor(),
            corrects=self._corrected(event) if publication.corrects else None,
            withdrawn=publication.withdraws,
            correlation_id=(cause.correlation_id or cause.id)
            if cause
            else self.caller.correlation_id,
            causation_id=cause.id if cause else None,
            data=publication.data(event),
        )

    def _actor(self) -> str:
        return f"service:{self.service.name}" if self.cause else self.caller.actor

    def _corrected(self, event: Any) -> str:
        """The id of the fact that `event` corrects: the one of its aggregate's earlier version."""
        company, name = self.service.company.slug, self.service.name
        version = event.corrects_version
        for position, subject, of_version, *_ in self._facts:
            if subject == event.originator_id and of_version == version:
                return fact_id(company, name, position)
        found = self.rows(
            "SELECT position FROM facts WHERE subject = %s AND version = %s",
            (event.originator_id, version),
        )
        return fact_id(company, name, found[0]["position"])

    def finish(self, result: UUID | str | None) -> Receipt:
        """Write what was recorded; the transaction's commit makes it true."""
        failpoint("act.before-write")
        self._flush()
        self._write_log()
        main = self._known.get(result) if isinstance(result, UUID) else None
        version = main.version if main else 0
        receipt = Receipt(str(result or ""), version, recorded=self._recorded)
        if (caller := self.caller).key is not None:
            asked = (caller.key, caller.actor, caller.route, caller.body_hmac)
            self.write(
                "INSERT INTO idempotency (key, actor, route, body_hmac, result, version)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (*asked, receipt.id, receipt.version),
            )
        failpoint("act.before-commit")
        return receipt

    def _write_log(self) -> None:
        if self._events:
            self._send_log()
        if self._recorded:
            head = (self.position, self._hash, self._recorded_at, self._acts)
            move_head(self.connection, head, self.service.company.slug)
            self._acts += 1

    def _send_log(self) -> None:
        events = [(e.originator_id, e.originator_version, e.topic, e.state) for e in self._events]
        insert_log(self.connection, events, self._facts)
        self._events, self._facts, self._recorded = [], [], True

    def remember(self) -> None:
        """After the commit: what is in memory is what is stored."""
        self.service.cache.keep(self._acts, self._known)

    def forget(self) -> None:
        """After a failure: aggregates were changed in memory and not stored."""
        self.service.cache.drop(self._known)
