"""Facts into the store: a few at a time or many at once, whole or spoilt, the same rows."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.envelope import FIRST_HASH, Envelope, fact_id, hash_of, write_envelope
from services.chassis.position_rule import Delivery
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Decisions, Ingestion, ParkedFact

START = datetime(2024, 1, 1, 8, tzinfo=UTC)


def charge(number: int, **changes: Any) -> Envelope:
    """A month's rent charged to one of seven leases; `changes` are of the envelope."""
    lease = UUID(int=number % 7 + 1)
    due_on = date(2024, number % 12 + 1, 10)
    fact = Envelope(
        id="",
        source="urn:referent:alpha:arrears",
        type="arrears.rent-charged",
        version=1,
        subject=str(lease),
        recorded_at=START + timedelta(minutes=number),
        position=0,
        previous="",
        occurred_on=due_on,
        actor="officer",
        corrects=None,
        withdrawn=False,
        correlation_id=None,
        causation_id=None,
        data={
            "charge_id": str(UUID(int=1000 + number)),
            "lease_id": str(lease),
            "household_id": str(lease),
            "month": f"{due_on:%Y-%m}",
            "due_on": due_on.isoformat(),
            "rent_cents": 30_000 + number,
            "charges_cents": 5_000,
        },
    )
    return replace(fact, **changes)


def chained(facts: list[Envelope]) -> list[bytes]:
    """The bytes of a log: positions from 1, each fact naming the hash of the one before."""
    contents: list[bytes] = []
    for position, fact in enumerate(facts, 1):
        previous = hash_of(contents[-1]) if contents else FIRST_HASH
        placed = replace(
            fact,
            id=fact_id("alpha", "arrears", position),
            position=position,
            previous=previous.hex(),
        )
        contents.append(write_envelope(placed))
    return contents


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
        aside = {parked.fact.position for parked in self.parked}
        waiting = {p.fact.subject: p.fact.position for p in reversed(self.parked)}
        return Decisions(aside=aside, waiting=waiting)

    def park(self, publisher: str, parked: ParkedFact) -> None:
        if parked.fact.position not in self.decisions(publisher).aside:
            self.parked.append(parked)

    def take(self, contents: list[Any], size: int = 10_000, first_offset: int = 0) -> None:
        deliveries = [Delivery(first_offset + n, content) for n, content in enumerate(contents)]
        for start in range(0, len(deliveries), size):
            self.ingestion.take("arrears", deliveries[start : start + size])

    @property
    def position(self) -> int:
        return self.store.standing("arrears").last.position

    def count(self) -> int:
        with self.store.read() as cursor:
            ((count,),) = cursor.execute("SELECT count(*) FROM fact").fetchall()
        return int(count)


@pytest.fixture
def taker(tmp_path: Path) -> Iterator[Callable[[], Taker]]:
    made: list[Taker] = []

    def make() -> Taker:
        made.append(Taker(tmp_path / f"store-{len(made)}.duckdb"))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


def test_the_same_rows_come_of_a_few_facts_at_a_time_and_of_many_at_once(taker):
    contents = chained([charge(n) for n in range(2_500)])
    digests = set()
    for size in (1_300, 700, 90, 13):
        one = taker()
        one.take(contents, size)
        digests.add(one.store.digest())

    assert len(digests) == 1


def test_one_cent_in_one_fact_changes_the_digest(taker):
    facts = [charge(n) for n in range(20)]
    dearer = replace(facts[7], data=facts[7].data | {"rent_cents": facts[7].data["rent_cents"] + 1})
    first, second = taker(), taker()
    first.take(chained(facts))
    second.take(chained([*facts[:7], dearer, *facts[8:]]))

    assert first.store.digest() != second.store.digest()


def test_what_was_kept_as_bytes_is_there_after_a_restart(taker):
    one = taker()
    one.take(chained([charge(n) for n in range(30)]), 4)
    one.reopen()

    assert (one.position, one.count()) == (30, 30)


@pytest.mark.parametrize("size", [7, 900])
def test_a_repeat_is_passed_over_and_one_with_other_bytes_holds(taker, size):
    contents = chained([charge(n) for n in range(900)])
    one = taker()
    one.take(contents, size)
    one.take(contents[100:700], size)
    whole = one.count()
    one.take([contents[5].replace(b"officer", b"someone")])

    assert whole == one.count() == 900
    assert "other bytes" in str(one.store.standing("arrears").held)


@pytest.mark.parametrize("size", [1, 2_000])
def test_nothing_is_taken_past_a_hole(taker, size):
    contents = chained([charge(n) for n in range(1_200)])
    one = taker()
    one.take(contents[:600] + contents[601:], size)
    held = one.store.standing("arrears").held
    one.take(contents, size)

    assert "601 is missing" in str(held)
    assert (one.position, one.count()) == (1_200, 1_200)


@pytest.mark.parametrize("size", [10, 2_000])
@pytest.mark.parametrize("rubbish", [b"", b"{", b"\xff\xfe", b"[1]", b"null"])
def test_what_is_no_fact_at_all_is_passed_over_and_the_rest_is_taken(taker, rubbish, size):
    contents: list = chained([charge(n) for n in range(1_000)])
    one = taker()
    one.take([*contents[:500], rubbish, *contents[500:]], size)

    assert (one.position, one.count()) == (1_000, 1_000)
    assert one.store.standing("arrears").passed_over == 1


@pytest.mark.parametrize("size", [10, 2_000])
def test_a_fact_that_does_not_fit_its_contract_is_parked_with_those_behind_it(taker, size):
    facts = [charge(n) for n in range(1_000)]
    facts[600] = replace(facts[600], data=facts[600].data | {"rent_cents": "much"})
    one = taker()
    one.take(chained(facts), size)
    behind = [n for n in range(601, 1_000) if n % 7 == 600 % 7]

    assert one.position == 1_000
    assert [parked.fact.position for parked in one.parked] == [601, *(n + 1 for n in behind)]
    assert one.count() == 1_000 - len(one.parked)


def test_a_parked_fact_that_is_retried_is_taken_once(taker):
    content = chained([charge(0)])[0]
    one = taker()
    one.take(chained([charge(0), charge(1)])[1:])
    for _ in range(2):
        one.ingestion.take_parked("arrears", 1, content)

    assert one.count() == 1


ATTRIBUTES = ("id", "source", "type", "subject", "time", "previous", "occurredon", "actor")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=40),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["20240101T000000Z", "2024-W01-1", "2024-02-30", "{00000000-0000-0000-0000-000000000001}"]
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.tuples(st.sampled_from((*ATTRIBUTES, "corrects", "withdrawn", "position")), ODD),
        st.tuples(st.sampled_from(("data.rent_cents", "data.lease_id", "data.due_on")), ODD),
    )
)
def test_no_spoilt_attribute_ever_stops_the_store(taker, spoilt):
    name, value = spoilt
    contents = chained([charge(n) for n in range(3)])
    document = json.loads(contents[1])
    within, _, field = name.rpartition(".")
    (document[within] if within else document)[field] = value
    one = taker()
    one.take([contents[0], json.dumps(document).encode(), contents[2]])
    one.take(contents)

    standing = one.store.standing("arrears")
    assert standing.last.position >= 1
    assert one.count() + len(one.parked) == standing.last.position
