"""One seeded campaign: a publisher and a consumer at work while processes are killed, paused,
doubled, the broker restarted, records sent twice and sent with holes; then the whole is checked.
"""

import json
import random
import signal
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg
from checks import Checks
from tally import TABLES
from workers import Worker

from contracts.envelope import read_envelope
from services.chassis.caller import Caller
from services.chassis.host import Host
from services.chassis.refusal import Busy
from services.chassis.topics import make_consumer, make_producer, read_topic, send
from services.embedded.composition import Home
from services.embedded.waiting import wait_until
from services.intake.service import Intake
from services.reporting.service import Reporting

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
class Campaign:
    """Everything random comes from `seed`. `run` returns what the check found wrong."""

    home: Home
    slug: str
    seed: int
    intake: Intake
    kafka: Any = None
    wrong: str = ""
    faults: tuple[str, ...] = FAULTS
    did: list[str] = field(default_factory=list)

    @property
    def checks(self) -> Checks:
        return Checks(self.home, self.slug, self.intake)

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
                        "unlettable_from": None,
                        "unlettable_reason": None,
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
            with suppress(Busy):
                # It may have been stopped while it closed a day, and holds the company's lock.
                self.act_some(chance)
            workers[name].signal(signal.SIGCONT)
        elif kind == "hole":
            self.send_with_hole(workers)
        elif kind == "repeat":
            self.send_again(chance)
        elif kind == "broker":
            self.kafka.restart()
        self.act_some(chance)
        wait_until(self.checks.caught_up, 2.0)
        if kind in ("kill", "double"):
            workers[chance.choice(sorted(workers))].signal(signal.SIGKILL)

    def send_with_hole(self, workers: dict[str, Worker]) -> None:
        """A partial failure: of the facts not on the topic yet, all but the first get there."""
        workers["relay"].end()
        self.act_some(random.Random(f"hole {self.seed}"))
        topic = self.intake.company.topic("intake")
        with closing(make_consumer(self.home.kafka_bootstrap_servers)) as consumer:
            sent = [read_envelope(content).position for _, content in read_topic(consumer, topic)]
        there = max(sent, default=0)
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
        wait_until(self.checks.caught_up, 10.0)
        with self.intake.datastore.reading() as rows:
            sent = rows.execute(
                "SELECT subject, content FROM facts WHERE position <="
                " (SELECT position FROM relay_position) ORDER BY position"
            ).fetchall()
        if sent:
            start = chance.randrange(len(sent))
            self.send(sent[start : start + 30])

    def send(self, facts: list[dict[str, Any]]) -> None:
        topic = self.intake.company.topic("intake")
        with closing(make_producer(self.home.kafka_bootstrap_servers)) as producer:
            for row in facts:
                send(producer, topic, str(row["subject"]), bytes(row["content"]))
            producer.flush(timeout=30)

    def settle_and_check(self, workers: dict[str, Worker]) -> list[str]:
        wait_until(self.checks.caught_up, SETTLED_S if not self.wrong else 3.0)
        found = self.checks.found()
        if "reporting" in workers:
            # One process holds the file: it must end before anybody else looks.
            workers["reporting"].end()
            found += self.checks.figures()
        return found


def make_campaign(home: Home, host: Host, slug: str, seed: int, **more: Any) -> Campaign:
    """A campaign on a fresh company, with the tally's table in follow-up's schema."""
    service = host.service(slug)
    with psycopg.connect(home.admin_url, dbname="followup") as connection:
        schema, role = service.datastore.schema, service.company.role("followup")
        connection.execute(f"SET search_path = {schema}")
        connection.execute(TABLES)
        connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON tally TO {role}")
    Reporting.folder = home.folder / "reporting"
    return Campaign(home, slug, seed, service, **more)


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
