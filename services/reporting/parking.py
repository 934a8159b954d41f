"""What reporting set aside and what an operator decided of it: kept in PostgreSQL.

The store is disposable, decisions are not: a rebuild takes the same ones and stops at a new poison
only to park it like the live view would.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.envelope import hash_of, position_of
from services.chassis.clock import Clock
from services.chassis.datastore import CompanyDatastore
from services.chassis.facts import READ_HEAD
from services.chassis.inbox_standing import PARK
from services.chassis.log import warn
from services.chassis.parking import KEEP_HELD
from services.chassis.position_rule import Standing, fingerprint
from services.chassis.refusal import NotFound
from services.reporting.ingestion import Decisions, ParkedFact

logger = logging.getLogger("referent.reporting")


class Parking:
    """The parked facts of one company's reporting."""

    def __init__(self, datastore: CompanyDatastore) -> None:
        self.datastore = datastore
        self._known: dict[str, Decisions] = {}
        self._changing = threading.RLock()

    def decisions(self, publisher: str) -> Decisions:
        """What was decided of a publisher's facts up to now; a copy.

        Kept in memory: whoever holds the company's store is the only one who decides.
        """
        with self._changing:
            known = self._known.get(publisher)
            if known is None:
                known = self._known[publisher] = self._read(publisher)
            return deepcopy(known)

    def _read(self, publisher: str) -> Decisions:
        with self.datastore.reading() as rows:
            found = rows.execute(
                "SELECT position, subject, state, content FROM parked WHERE publisher = %s"
                " ORDER BY position DESC",
                (publisher,),
            ).fetchall()
            refused = rows.execute(
                "SELECT position, fingerprint FROM inbox_refused WHERE publisher = %s",
                (publisher,),
            ).fetchall()
        decisions = Decisions(refused={(row["position"], row["fingerprint"]) for row in refused})
        for row in found:
            of_fact = row["position"], fingerprint(hash_of(bytes(row["content"])))
            if row["state"] == "retried":
                decisions.retried.add(of_fact)
                continue
            decisions.aside.add(of_fact)
            if row["state"] == "parked":
                decisions.waiting[row["subject"]] = row["position"]
        return decisions

    def park(self, publisher: str, parked: ParkedFact) -> None:
        """Keep a fact aside; once, however often it is met."""
        if parked.behind is None:
            warn(logger, "parked", fact=parked.fact.id)
        with self._changes(publisher) as connection:
            connection.execute(
                PARK.format(again="NOTHING"),
                (
                    publisher,
                    parked.fact.position,
                    parked.fact.subject,
                    parked.fact.type,
                    parked.content,
                    parked.reason,
                    _now(connection),
                    parked.behind,
                ),
            )

    def decide_held(
        self, publisher: str, standing: Standing, state: str, decided_by: str, because: str
    ) -> None:
        """Keep what was decided of a fact that came again; released, these other bytes are passed
        over from now on, in a rebuild too.
        """
        assert standing.held_fact is not None
        position = position_of(standing.held_fact)
        with self._changes(publisher) as connection:
            decision = (state, decided_by, _now(connection), because)
            connection.execute(KEEP_HELD, (publisher, position, standing.held, *decision))
            if state == "released":
                connection.execute(
                    "INSERT INTO inbox_refused VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    (publisher, position, standing.held_fingerprint),
                )

    @contextmanager
    def _changes(self, publisher: str) -> Iterator[Connection[DictRow]]:
        """A transaction after which what is in memory is read again."""
        with self._changing:
            try:
                with self.datastore.act() as connection:
                    yield connection
            finally:
                self._known.pop(publisher, None)

    def waiting(self, identity: str, *, release: bool) -> list[tuple[int, bytes]]:
        """The parked fact and those behind it, in order; one that waits itself, to be released.

        Errors: NotFound.
        """
        publisher, position = identity.split("/")[1], position_of(identity)
        with self.datastore.reading() as rows:
            found = rows.execute(
                "SELECT position, content FROM parked WHERE publisher = %s AND state = 'parked'"
                " AND (position = %s AND (behind IS NULL OR %s) OR behind = %s) ORDER BY position",
                (publisher, position, release, position),
            ).fetchall()
        if not found or found[0]["position"] != position:
            raise NotFound(f"{identity} n'est pas mis de côté, ou attend derrière un autre fait.")
        return [(row["position"], bytes(row["content"])) for row in found]

    def decide(
        self, publisher: str, position: int, state: str, decided_by: str, because: str
    ) -> None:
        with self._changes(publisher) as connection:
            connection.execute(
                "UPDATE parked SET state = %s, decided_by = %s, decided_because = %s,"
                " decided_at = %s WHERE publisher = %s AND position = %s",
                (state, decided_by, because, _now(connection), publisher, position),
            )


def _now(connection: Connection[DictRow]) -> datetime:
    """The company's time, which a demonstration's clock shows."""
    head = connection.execute(READ_HEAD).fetchone()
    assert head is not None
    return Clock.of(head).now
