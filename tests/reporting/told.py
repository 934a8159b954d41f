"""A company of which a test tells fact by fact, and the figures of its years."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

from made_up import START, chained
from taking import Taker

from contracts.envelope import Envelope, fact_id, read_envelope
from services.chassis.position_rule import Delivery
from services.reporting.answers import Figure
from services.reporting.figures import KnownOn, figure, known_on, period_of
from services.reporting.indicators.register import indicator
from services.reporting.service import Reporting
from services.reporting.shape import HEARD
from services.reporting.signing import afresh
from tests.contracts.describe import EXAMPLES

NOW = known_on(None, datetime(2027, 6, 1, tzinfo=UTC))
UNSAID = datetime.min.replace(tzinfo=UTC)
NUMBERED = ("lease", "dwelling", "visit", "charge", "payment", "plan", "household", "period")


def like(kind: str, /, **said: Any) -> Envelope:
    """A fact like the golden one of its type; leases, dwellings and so on are told by numbers.

    `at`: when it was recorded; `on`: the day on which it happened. `corrects`: the position of a
    fact; `withdrawn` with it.
    """
    fact = read_envelope((EXAMPLES / f"{kind}.v1.json").read_bytes())
    service = kind.partition(".")[0]
    corrects, withdrawn = said.pop("corrects", None), said.pop("withdrawn", False)
    recorded_at, occurred_on = said.pop("at", None), said.pop("on", fact.occurred_on)
    ids = {name: str(UUID(int=said.pop(name))) for name in NUMBERED if name in said}
    subject = next(iter(ids.values()))
    data = json.loads(json.dumps(fact.data))
    if "judgment" in said:
        said["judgment_id"] = str(uuid5(UUID(subject), said.pop("judgment")))
    data |= {name: str(value) if isinstance(value, date) else value for name, value in said.items()}
    data |= {f"{name}_id": identity for name, identity in ids.items()}
    if "lease" in ids and "household" not in ids:
        data["household_id"] = ids["lease"]
    return replace(
        fact,
        source=f"urn:referent:company:alpha:{service}",
        subject=subject,
        data=data,
        corrects=None if corrects is None else fact_id("alpha", service, corrects),
        withdrawn=withdrawn,
        recorded_at=recorded_at or UNSAID,
        occurred_on=occurred_on,
    )


class Told:
    """Facts of the three services in one store, in the order in which they were said."""

    def __init__(self, taker: Taker) -> None:
        self.taker = taker
        self.logs: dict[str, list[Envelope]] = {service: [] for service in HEARD}

    def say(self, kind: str, /, **said: Any) -> int:
        """Its position in the log of its service."""
        log = self.logs[kind.partition(".")[0]]
        log.append(like(kind, **said))
        return len(log)

    def let(self, lease: int, start_on: date, ended_on: date | None = None, **more: Any) -> None:
        self.say("intake.lease-signed", lease=lease, start_on=start_on, **more)
        if ended_on:
            self.say("intake.lease-ended", lease=lease, ended_on=ended_on)

    def contents(self) -> Iterable[tuple[str, list[bytes]]]:
        for service, facts in self.logs.items():
            placed = [
                replace(fact, recorded_at=START + timedelta(minutes=n))
                if fact.recorded_at == UNSAID
                else fact
                for n, fact in enumerate(facts)
            ]
            yield service, chained(placed, service)

    def take(self) -> "Told":
        for service, contents in self.contents():
            deliveries = [Delivery(n, content) for n, content in enumerate(contents)]
            self.taker.ingestion.take(service, deliveries)
        assert not self.taker.parked
        return self

    def figure(self, name: str, year: int, known: KnownOn = NOW) -> Figure:
        with self.taker.store.read() as cursor:
            return figure(cursor, indicator(name), period_of(year, known), known)

    def sides(self, name: str, year: int, known: KnownOn = NOW) -> tuple[Any, Any]:
        found = self.figure(name, year, known)
        return found["numerator"], found["denominator"]


def asked_of(company: Told, missing: Iterable[str] = ()) -> Any:
    """Somebody before a route of reporting, whose facts are those that were told."""
    told = {
        "company": "alpha",
        "period": {"from": "2024-01-01", "to": "2024-12-31"},
        "known_on": "2027-06-01",
        "complete": not missing,
        "missing": [*missing],
        "cutoff": {},
    }
    slug = SimpleNamespace(slug="alpha")
    reporting = SimpleNamespace(
        company=slug,
        store=company.taker.store,
        now=lambda: NOW.before,
        told=lambda *_: told,
        figures=afresh,
        bands=SimpleNamespace(attach=lambda figure, _: figure),
    )
    reporting.report = partial(Reporting.report, reporting)
    reporting.differences = partial(Reporting.differences, reporting)
    return SimpleNamespace(service=reporting, company=slug)
