"""What must hold at the end of a campaign: each check gives what it found wrong, in words."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from folded import folded_differences
from psycopg.rows import dict_row
from tally import TABLES, Tally

from contracts.envelope import FIRST_HASH, hash_of, read_envelope
from services.chassis.facts import read_facts
from services.chassis.host import Host
from services.chassis.position_rule import Delivery
from services.chassis.topics import make_consumer, read_topic
from services.embedded.composition import Home
from services.intake.service import Intake
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Decisions, Ingestion, ReportingReceiver
from services.reporting.service import Reporting

TAKEN = "SELECT position FROM inbox_position WHERE publisher = 'intake'"


@dataclass(frozen=True)
class Checks:
    """The log, the topic and the two consumers of one company."""

    home: Home
    slug: str
    intake: Intake

    def database(self, service: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self.home.admin_url,
            dbname=service,
            options=f"-c search_path={self.intake.datastore.schema}",
            row_factory=dict_row,
        )

    def caught_up(self) -> bool:
        with self.database("intake") as intake, self.database("followup") as followup:
            head = intake.execute("SELECT position FROM head").fetchone()
            taken = followup.execute(TAKEN).fetchone()
        return bool(head and taken and head["position"] == taken["position"])

    def found(self) -> list[str]:
        """What is wrong with the log, the topic and the tally."""
        return [*self.log(), *self.topic(), *self.tally()]

    def figures(self) -> list[str]:
        """What reporting has kept, read on to the end, is what the log gives in one go."""
        host = Host(
            self.home.settings("reporting", pool_connections_max=4),
            Reporting,
            ("intake",),
            ReportingReceiver,
        )
        host.ownership.claim = lambda _: frozenset({self.slug})  # type: ignore[method-assign]
        host.start()
        reporting = host.service(self.slug)
        facts = list(read_facts(self.intake.datastore))
        done = host.wait_until(lambda: reporting.store.positions()["intake"] == len(facts), 20)
        kept = reporting.store.digest()
        host.stop()
        store = FactStore(self.home.folder / "reporting" / f"{self.slug}-once.duckdb")
        Ingestion(self.slug, store, lambda _: Decisions(), lambda *_: None).take(
            "intake", [Delivery(n, content) for n, content in enumerate(facts)]
        )
        right = store.digest()
        store.close()
        return [] if done and kept == right else ["figures: the store is not what the log gives"]

    def log(self) -> list[str]:
        """Positions without holes, hashes chained, time never back."""
        wrong, previous, recorded_at = [], FIRST_HASH, None
        with self.database("intake") as intake:
            rows = intake.execute("SELECT * FROM facts ORDER BY position").fetchall()
        for place, row in enumerate(rows, 1):
            fact = read_envelope(bytes(row["content"]))
            if row["position"] != place or fact.position != place:
                wrong.append(f"log: position {row['position']} at place {place}")
            if fact.previous != previous.hex():
                wrong.append(f"log: {place} does not follow")
            if recorded_at is not None and fact.recorded_at < recorded_at:
                wrong.append(f"log: {place} is recorded before the one before")
            previous, recorded_at = hash_of(bytes(row["content"])), fact.recorded_at
        return wrong[:5]

    def topic(self) -> list[str]:
        """Bytes on Kafka are the bytes of `facts`, once repeated positions are dropped."""
        seen: dict[int, bytes] = {}
        wrong = []
        with closing(make_consumer(self.home.kafka_bootstrap_servers)) as consumer:
            for _, content in read_topic(consumer, self.intake.company.topic("intake")):
                position = read_envelope(content).position
                if seen.setdefault(position, content) != content:
                    wrong.append(f"topic: {position} came again with other bytes")
        with self.database("intake") as intake:
            rows = intake.execute("SELECT position, content FROM facts").fetchall()
        facts = {row["position"]: bytes(row["content"]) for row in rows}
        missing = sorted(set(facts) - set(seen))
        if missing:
            wrong.append(f"topic: {len(missing)} facts never arrived, first {missing[0]}")
        wrong += [f"topic: {p} differs" for p in seen if facts.get(p) != seen[p]][:3]
        return wrong

    def tally(self) -> list[str]:
        """Every fact counted once, and what is shown is a fold of what was recorded."""
        with self.database("intake") as intake, self.database("followup") as followup:
            head = intake.execute("SELECT position FROM head").fetchone()
            tally = followup.execute("SELECT * FROM tally").fetchone()
            parked = followup.execute("SELECT count(*) AS n FROM parked").fetchone()
        assert head is not None
        assert parked is not None
        n = head["position"]
        wrong = []
        counted = (tally["facts"], tally["positions"]) if tally else (0, 0)
        if counted != (n, n * (n + 1) // 2):
            wrong.append(f"tally: {counted[0]} of {n} facts counted")
        if parked["n"]:
            wrong.append(f"tally: {parked['n']} parked")
        return wrong + self.fold()

    def fold(self) -> list[str]:
        tally = Tally(self.intake.company, self.intake.datastore.shared_pool, self.intake.keyring)
        return folded_differences(self.home, tally, TABLES)
