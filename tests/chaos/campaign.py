"""One seeded campaign: a publisher and a consumer at work while processes are killed, paused,
doubled, the broker restarted, records sent twice and sent with holes; then the whole is checked.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from folded import folded_differences
from psycopg.rows import dict_row

from contracts.envelope import FIRST_HASH, hash_of, read_envelope
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host
from services.chassis.position_rule import Delivery
from services.chassis.settings import Settings
from services.chassis.topics import make_consumer, make_producer, read_topic, send
from services.embedded.composition import Home
from services.intake.service import Intake
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Decisions, Ingestion, ReportingReceiver
from services.reporting.service import Reporting

WORKER = Path(__file__).with_name("worker.py")
RELAY_POINTS = (
    "relay.before-send",
    "relay.mid-page",
    "relay.after-flush",
    "relay.after-ack",
    "relay.after-position",
)
INBOX_POINTS = (
    "inbox.mid-batch",
    "inbox.before-position",
    "act.before-write",
    "act.between-events-and-facts",
    "act.before-commit",
    "act.after-commit",
    "inbox.after-commit",
)
REPORTING_POINTS = ("reporting.before-commit", "reporting.after-commit", "reporting.mid-typing")
SETTLED_S = 40.0
TAKEN = "SELECT position FROM inbox_position WHERE publisher = 'intake'"
FAULTS = (
    "relay-point",
    "inbox-point",
    "reporting-point",
    "kill",
    "double",
    "pause",
    "hole",
    "repeat",
)


@dataclass
class Worker:
    """A worker process; `begin` starts it (again), armed with a fail-point or not."""

    home: Home
    service: str
    slug: str
    wrong: str = ""
    process: subprocess.Popen[str] | None = None

    def begin(self, failpoints: str = "") -> None:
        self.end()
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(WORKER),
                str(self.home.folder),
                self.home.admin_url,
                self.home.kafka_bootstrap_servers,
                self.service,
                self.slug,
                *([self.wrong] if self.wrong else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"REFERENT_FAILPOINTS": failpoints},
        )

    def ready(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Campaign:
    """Everything random comes from `seed`. `run` returns what the check found wrong."""

    home: Home
    slug: str
    seed: int
    intake: Intake
    settings: Settings
    reporting_url: str
    kafka: Any = None
    wrong: str = ""
    faults: tuple[str, ...] = FAULTS
    did: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        chance = random.Random(self.seed)
        wrong_relay = self.wrong == "save-then-send"
        workers = {
            "relay": Worker(self.home, "intake", self.slug, self.wrong if wrong_relay else ""),
            "inbox": Worker(self.home, "followup", self.slug, "" if wrong_relay else self.wrong),
        }
        if not self.wrong:
            workers["reporting"] = Worker(self.home, "reporting", self.slug)
        second = {
            "relay": Worker(self.home, "intake", self.slug, self.wrong if wrong_relay else ""),
            "inbox": Worker(self.home, "followup", self.slug, "" if wrong_relay else self.wrong),
        }
        try:
            for kind in chance.sample(self.faults, len(self.faults)):
                self.fault(chance, workers, second, kind)
            for worker in (*second.values(), *workers.values()):
                worker.end()
            for worker in workers.values():
                worker.begin()
            return self.settle_and_check(workers)
        finally:
            for worker in (*workers.values(), *second.values()):
                worker.end()

    def act_some(self, chance: random.Random) -> None:
        """Record facts in acts of different sizes."""
        for _ in range(chance.randint(3, 12)):
            size = chance.choice((1, 1, 1, 5, 40))
            base = f"{chance.getrandbits(64):016x}"

            def decide(act: Any, size: int = size, base: str = base) -> None:
                lines = [
                    {
                        "reference": f"{base}-{n}",
                        "registered_on": date(2024, 1, 1),
                        "bedrooms": None,
                    }
                    for n in range(size)
                ]
                self.intake.import_dwellings(act, lines)

            self.intake.perform(Caller("chaos"), decide)

    def fault(
        self,
        chance: random.Random,
        workers: dict[str, Worker],
        second: dict[str, Worker],
        kind: str,
    ) -> None:
        self.did.append(kind)
        armed = dict.fromkeys(workers, "")
        if kind == "relay-point":
            # Between saving and sending, in whichever order: the one window of a wrong relay.
            points = RELAY_POINTS if self.wrong != "save-then-send" else ("relay.after-ack",)
            armed["relay"] = f"{chance.choice(points)}=kill@{chance.randint(1, 3)}"
        if kind == "inbox-point":
            armed["inbox"] = f"{chance.choice(INBOX_POINTS)}=kill@{chance.randint(1, 3)}"
        if kind == "reporting-point":
            armed["reporting"] = f"{chance.choice(REPORTING_POINTS)}=kill@{chance.randint(1, 3)}"
        for name, worker in workers.items():
            if not worker.alive or armed[name]:
                worker.begin(armed[name])
                worker.ready()
        self.act_some(chance)
        if kind == "double":
            for worker in second.values():
                worker.begin()
                worker.ready()
            self.act_some(chance)
        elif kind == "pause":
            name = chance.choice(("relay", "inbox"))
            workers[name].signal(signal.SIGSTOP)
            second[name].begin()
            second[name].ready()
            self.act_some(chance)
            workers[name].signal(signal.SIGCONT)
        elif kind == "hole":
            self.send_with_hole(workers)
        elif kind == "repeat":
            self.send_again(chance)
        elif kind == "broker":
            self.kafka.restart()
        self.act_some(chance)
        wait_for(self.caught_up, 2.0)
        if kind in ("kill", "double"):
            workers[chance.choice(sorted(workers))].signal(signal.SIGKILL)

    def send_with_hole(self, workers: dict[str, Worker]) -> None:
        """A partial failure: of the facts not on the topic yet, all but the first get there."""
        workers["relay"].end()
        self.act_some(random.Random(f"hole {self.seed}"))
        consumer = make_consumer(self.home.kafka_bootstrap_servers)
        topic = self.intake.company.topic("intake")
        there = max((read_envelope(c).position for _, c in read_topic(consumer, topic)), default=0)
        consumer.close()
        with self.intake.datastore.reading() as rows:
            unsent = rows.execute(
                "SELECT subject, content FROM facts WHERE position > %s ORDER BY position LIMIT 20",
                (there + 1,),
            ).fetchall()
        self.send(unsent)
        workers["relay"].begin()
        workers["relay"].ready()

    def send_again(self, chance: random.Random) -> None:
        """Records that were sent come again, in runs."""
        wait_for(self.caught_up, 10.0)
        with self.intake.datastore.reading() as rows:
            sent = rows.execute(
                "SELECT subject, content FROM facts WHERE position <="
                " (SELECT position FROM relay_position) ORDER BY position"
            ).fetchall()
        if sent:
            start = chance.randrange(len(sent))
            self.send(sent[start : start + 30])

    def send(self, facts: list[dict[str, Any]]) -> None:
        producer = make_producer(self.home.kafka_bootstrap_servers)
        topic = self.intake.company.topic("intake")
        for row in facts:
            send(producer, topic, str(row["subject"]), bytes(row["content"]))
        producer.flush(timeout=30)
        producer.close()

    def caught_up(self) -> bool:
        with self.database("intake") as intake, self.database("followup") as followup:
            head = intake.execute("SELECT position FROM head").fetchone()
            taken = followup.execute(TAKEN).fetchone()
        return bool(head and taken and head["position"] == taken["position"])

    def database(self, service: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self.home.admin_url,
            dbname=service,
            options=f"-c search_path={self.intake.datastore.schema}",
            row_factory=dict_row,
        )

    def settle_and_check(self, workers: dict[str, Worker]) -> list[str]:
        wait_for(self.caught_up, SETTLED_S if not self.wrong else 3.0)
        found = [*self.check_log(), *self.check_topic(), *self.check_tally()]
        if "reporting" in workers:
            # One process holds the file: it must end before anybody else looks.
            workers["reporting"].end()
            found += self.check_figures()
        return found

    def check_figures(self) -> list[str]:
        """What reporting has kept, read on to the end, is what the log gives in one go."""
        host = Host(
            replace(self.settings, service="reporting", database_url=self.reporting_url),
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
        Ingestion(store, lambda _: Decisions(), lambda *_: None).take(
            "intake", [Delivery(n, content) for n, content in enumerate(facts)]
        )
        right = store.digest()
        store.close()
        return [] if done and kept == right else ["figures: the store is not what the log gives"]

    def check_log(self) -> list[str]:
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

    def check_topic(self) -> list[str]:
        """Bytes on Kafka are the bytes of `facts`, once repeated positions are dropped."""
        consumer = make_consumer(self.home.kafka_bootstrap_servers)
        seen: dict[int, bytes] = {}
        wrong = []
        for _, content in read_topic(consumer, self.intake.company.topic("intake")):
            position = read_envelope(content).position
            if seen.setdefault(position, content) != content:
                wrong.append(f"topic: {position} came again with other bytes")
        consumer.close()
        with self.database("intake") as intake:
            rows = intake.execute("SELECT position, content FROM facts").fetchall()
        facts = {row["position"]: bytes(row["content"]) for row in rows}
        missing = sorted(set(facts) - set(seen))
        if missing:
            wrong.append(f"topic: {len(missing)} facts never arrived, first {missing[0]}")
        wrong += [f"topic: {p} differs" for p in seen if facts.get(p) != seen[p]][:3]
        return wrong

    def check_tally(self) -> list[str]:
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
        return wrong + self.check_fold()

    def check_fold(self) -> list[str]:
        from tally import TABLES, Tally

        tally = Tally(self.intake.company, self.intake.datastore.shared_pool, self.intake.keyring)
        return folded_differences(self.home, tally, TABLES)


def wait_for(done: Any, timeout_s: float) -> bool:
    """Ask until it is done; False when the time is up."""
    deadline = time.monotonic() + timeout_s
    pause = __import__("threading").Event()
    while time.monotonic() < deadline:
        if done():
            return True
        pause.wait(0.05)
    return False


def make_campaign(home: Home, host: Host, slug: str, seed: int, **more: Any) -> Campaign:
    """A campaign on a fresh company, with the tally's table in follow-up's schema."""
    from tally import TABLES

    service = host.service(slug)
    with psycopg.connect(home.admin_url, dbname="followup") as connection:
        schema, role = service.datastore.schema, service.company.role("followup")
        connection.execute(f"SET search_path = {schema}")
        connection.execute(TABLES)
        connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON tally TO {role}")
    Reporting.folder = home.folder / "reporting"
    url = home.url("reporting", "reporting")
    return Campaign(home, slug, seed, service, host.settings, url, **more)


def as_line(campaign: Campaign, wrong: list[str], seconds: float) -> str:
    return json.dumps(
        {
            "seed": campaign.seed,
            "variant": campaign.wrong or "right",
            "faults": campaign.did,
            "seconds": round(seconds, 1),
            "wrong": wrong,
        }
    )
