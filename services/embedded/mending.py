"""After a restore from an older backup: bring the log to what the topic says was published.

What others have seen is the truth. Facts on the topic that the restored log lacks are adopted, byte
for byte, with the domain events they were published from; acts recorded since the restore, which
nobody has seen, are set aside and counted. Read models are folded again.
"""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from eventsourcing.utils import get_topic
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from contracts.envelope import (
    FIRST_HASH,
    Envelope,
    UnreadableFact,
    hash_of,
    log_of,
    position_of,
    read_envelope,
)
from services.chassis.act import Act
from services.chassis.aggregate import Opening
from services.chassis.caller import Caller
from services.chassis.facts import EVENTS_TABLE
from services.chassis.position_rule import LastTaken
from services.chassis.publication import Publication
from services.chassis.received import read_data
from services.chassis.refusal import Refusal
from services.chassis.topics import Follower, end_offset, make_consumer, read_topic
from services.embedded.folding import refold
from services.embedded.hearing_again import hear_again

if TYPE_CHECKING:
    from services.chassis.service import Service


class NothingToMend(Refusal):
    slug = "nothing-to-mend"
    title = "Rien à réparer"


class NotOfThisLog(Refusal):
    slug = "not-of-this-log"
    title = "Fait étranger"


@dataclass(frozen=True)
class Mended:
    """What mending did.

    Units: facts `adopted` from the topic; `repaired`, whose bytes had been altered here; acts since
    the restore that were `set_aside`.
    """

    adopted: int
    repaired: int
    set_aside: int
    position: int


def mend(admin_url: str, bootstrap_servers: str, service: "Service", ddl: str) -> Mended:
    """Mend one company's log of one service, in one transaction. Services must not run meanwhile.

    `admin_url`: an administrator's connection; companies' roles may not delete anything.
    Errors: NothingToMend, NotOfThisLog.
    """
    consumer = make_consumer(bootstrap_servers)
    try:
        topic = service.company.topic(service.name)
        if topic not in consumer.topics():
            raise NothingToMend(
                f"Il n'y a pas de topic {topic}\u00a0: « referent provision » le crée."
            )
        follower = Follower(log_of(service.company.slug, service.name), LastTaken())
        facts = list(follower.follow(content for _, content in read_topic(consumer, topic)))
        end = end_offset(consumer, topic)
    finally:
        consumer.close()
    with psycopg.connect(admin_url, dbname=service.name, row_factory=dict_row) as connection:
        schema = Identifier(service.datastore.schema)
        connection.execute(SQL("SET search_path = {}").format(schema))
        connection.execute(f"LOCK TABLE {EVENTS_TABLE} IN EXCLUSIVE MODE")
        _refuse_strays(connection, follower)
        common = _common(connection, facts)
        head = _head(connection)
        repaired = _repair(connection, facts[:common])
        in_step = common == len(facts) and common <= head["position"]
        if in_step and not repaired and not _diverged(connection):
            raise NothingToMend("Le journal et ce qui a été publié se correspondent déjà.")
        # Behind but same history is the relay's work: only what contradicts the topic goes.
        set_aside = _set_aside(connection, common) if common < len(facts) else 0
        if set_aside:
            hear_again(connection, bootstrap_servers, service.company, common)
        act = _Adopting(service, connection, common)
        for content in facts[common:]:
            act.adopt(content)
        act.finish_adopting()
        refold(service, connection, ddl)
        position = _head(connection)["position"]
        connection.execute(
            "UPDATE relay_position SET position = %s, next_offset = %s, diverged = NULL",
            (len(facts), end),
        )
        connection.execute(
            "UPDATE public.news SET position = %s WHERE company = %s",
            (position, service.company.slug),
        )
    return Mended(len(facts) - common, repaired, set_aside, position)


def _refuse_strays(connection: psycopg.Connection[Any], follower: Follower) -> None:
    """A fact past a gap of the topic that is not in the log either: they would part again at once.

    Refuses: NotOfThisLog.
    """
    known = connection.execute(
        "SELECT position, hash FROM facts WHERE position = ANY(%s)", (list(follower.pending),)
    ).fetchall()
    hashes = {row["position"]: bytes(row["hash"]) for row in known}
    for position, (_, content) in sorted(follower.pending.items()):
        if hashes.get(position) != hash_of(content):
            raise NotOfThisLog(
                f"Le fait n° {position} du topic ne suit rien de ce journal. Rien n'a été "
                "changé\u00a0; cherchez qui a écrit sur ce topic."
            )


def _head(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    row = connection.execute("SELECT * FROM head").fetchone()
    assert row is not None
    return dict(row)


def _diverged(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT diverged FROM relay_position").fetchone()
    return bool(row and row["diverged"])


def _common(connection: psycopg.Connection[Any], facts: list[bytes]) -> int:
    """How many first facts the log and the topic share."""
    rows = connection.execute("SELECT position, hash FROM facts ORDER BY position").fetchall()
    common = 0
    for row, content in zip(rows, facts, strict=False):
        if bytes(row["hash"]) != hash_of(content):
            break
        common = row["position"]
    return common


def _repair(connection: psycopg.Connection[Any], facts: list[bytes]) -> int:
    """Give the facts that were altered here the bytes that were recorded; how many."""
    altered = connection.execute(
        "SELECT position FROM facts WHERE sha256(content) <> hash AND position <= %s", (len(facts),)
    ).fetchall()
    for row in altered:
        position = row["position"]
        connection.execute(
            "UPDATE facts SET content = %s WHERE position = %s", (facts[position - 1], position)
        )
    return len(altered)


def _set_aside(connection: psycopg.Connection[Any], common: int) -> int:
    """Remove what was recorded after `common`, unseen."""
    first = connection.execute(
        f"SELECT min(e.notification_id) AS cut FROM {EVENTS_TABLE} e JOIN facts f"
        " ON f.subject = e.originator_id AND f.version = e.originator_version"
        " WHERE f.position > %s",
        (common,),
    ).fetchone()
    assert first is not None
    if first["cut"] is None:
        return 0
    connection.execute(f"DELETE FROM {EVENTS_TABLE} WHERE notification_id >= %s", (first["cut"],))
    removed = connection.execute("DELETE FROM facts WHERE position > %s", (common,)).rowcount
    last = connection.execute(
        "SELECT hash, recorded_at FROM facts WHERE position = %s", (common,)
    ).fetchone()
    connection.execute(
        "UPDATE head SET position = %s, hash = %s, recorded_at = coalesce(%s, recorded_at)",
        (common, last["hash"] if last else FIRST_HASH, last["recorded_at"] if last else None),
    )
    connection.execute("DELETE FROM idempotency")
    return removed


class _Adopting(Act):
    """An act that records facts it is given. Reads the log as it stands, refuses nothing."""

    def __init__(
        self, service: "Service", connection: psycopg.Connection[Any], position: int
    ) -> None:
        super().__init__(service, connection, Caller(actor="operator:mend"))
        head = _head(connection)
        self._acts = head["acts"]
        self.position = position
        self._hash = bytes(head["hash"])
        self._recorded_at = head["recorded_at"]
        self._versions: dict[UUID, int] = {}

    def adopt(self, content: bytes) -> None:
        """Record a fact of the topic with the event it was published from.

        Refuses: NotOfThisLog, and then mending changes nothing.
        """
        fact = read_envelope(content)
        try:
            read_data(fact)
            publication = self._publication(fact)
        except (UnreadableFact, LookupError) as error:
            raise NotOfThisLog(
                f"Le fait n° {fact.position} du topic ({fact.type}) ne vient pas de ce service : "
                f"{error}. Rien n'a été changé\u00a0; cherchez qui a écrit sur ce topic."
            ) from None
        subject = UUID(fact.subject)
        version = self._version(subject)
        opening = None if version else self._opening(publication)
        if opening is not None:
            version = self._open(opening, fact, subject)
        event = publication.event_from(fact, version + 1, self._corrects_version(fact))
        if isinstance(event, Opening):
            object.__setattr__(event, "originator_topic", _topic_of(type(event)))
        self._versions[subject] = version + 1
        self.record(event, content)

    def _publication(self, fact: Envelope) -> Publication:
        return self.service.publications.of_fact(fact)[0]

    def _opening(self, publication: Publication) -> type[Opening] | None:
        if issubclass(publication.event, Opening):
            return None
        return self.service.publications.openings.get(publication.event)

    def _open(self, opening: type[Opening], fact: Envelope, subject: UUID) -> int:
        private = Publication(opening, self.service.publications.contracts()[fact.type])
        event = private.event_from(fact, 1, None)
        object.__setattr__(event, "originator_topic", _topic_of(opening))
        self._versions[subject] = 1
        self._events.append(self.service.mapper.to_stored_event(event))
        return 1

    def _version(self, subject: UUID) -> int:
        if subject not in self._versions:
            row = self.rows(
                f"SELECT coalesce(max(originator_version), 0) AS version FROM {EVENTS_TABLE}"
                " WHERE originator_id = %s",
                (subject,),
            )[0]
            self._versions[subject] = row["version"]
        return self._versions[subject]

    def _corrects_version(self, fact: Envelope) -> int | None:
        if fact.corrects is None:
            return None
        position = position_of(fact.corrects)
        for known, _, version, *_ in self._facts:
            if known == position:
                return int(version)
        row = self.rows("SELECT version FROM facts WHERE position = %s", (position,))[0]
        return int(row["version"])

    def finish_adopting(self) -> None:
        self._write_log()

    def record(self, event: Any, fact: bytes | None = None) -> None:
        # Read models are folded as a whole afterwards.
        folds, self.service.fold = self.service.fold, _fold_nothing  # type: ignore[method-assign]
        try:
            super().record(event, fact)
        finally:
            self.service.fold = folds  # type: ignore[method-assign]


def _fold_nothing(act: Act, recorded: Any) -> None:
    """See `_Adopting.record`."""


def _topic_of(event: type[Any]) -> str:
    aggregate = getattr(sys.modules[event.__module__], event.__qualname__.split(".")[0])
    return get_topic(aggregate)
