"""Facts of several services come in any order, and again: what stands at the end is one."""

import random
from datetime import date

import psycopg
import pytest

from contracts.envelope import FIRST_HASH, read_envelope
from contracts.intake import EndReason, WelcomeMode
from contracts.support_periods import SupportAxis
from services.arrears.imports import FileKind, import_file
from services.chassis.aggregate import natural_id
from services.chassis.position_rule import Delivery
from services.chassis.receiving import Receiver
from services.demonstration.coda_writer import Booking, write_statement
from services.embedded.composition import PARTS
from services.embedded.folding import table_names
from services.followup import supporting
from services.followup.support_period import SupportTerms
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Decisions, Ingestion

ACCOUNT = "BE68539007547034"
TABLES = {part.service: table_names(part.read_models) for part in PARTS}
OF_EVERY_SERVICE = ("stored_events", "facts", "inbox_seen", "parked", "idempotency", "import_file")
WHEN = {"version", "corrects_version", "fact", "recorded_at", "actor", "because"}
WAITED = {"reason", "payment_reference", "payer", "communication", "missed"}
"""Columns that say when and in what order something became known here, not what is true."""
MARCH = date(2024, 3, 1)
STILL = {"unmatched_payment": "lease_id IS NULL", "waiting_charge": "NOT joined"}
"""Of what had to wait, only what waits still is the same whatever came first."""


def roll(company, month, *leases):
    lines = "".join(f"{lease};{month};300,00;50,00\n" for lease in leases)
    content = ("lease;month;rent;charges\n" + lines).encode()
    import_file(company.arrears, company.me, FileKind.RENT_ROLL, f"{month}.csv", content)


def bank(company, number, day, opening, *bookings):
    content = write_statement(ACCOUNT, number, day, opening, list(bookings))
    import_file(company.arrears, company.me, FileKind.CODA, f"{number}.cod", content)


def paid(company, lease, cents, day):
    reference = payment_reference_of(company.slug, lease)
    return Booking(cents, day, structured=reference, counterparty_name="A T")


def money(company):
    """What arrears is told by files, in the order of the days."""
    return [
        lambda: roll(company, "2024-03", "L1", "L2", "L3", "L4"),
        lambda: bank(
            company,
            1,
            date(2024, 3, 18),
            0,
            paid(company, "L1", 35_000, date(2024, 3, 8)),
            paid(company, "L2", 10_000, date(2024, 3, 9)),
            paid(company, "L4", 35_000, date(2024, 3, 9)),
        ),
        lambda: roll(company, "2024-04", "L1", "L2", "L3"),
        lambda: bank(
            company,
            2,
            date(2024, 4, 18),
            80_000,
            paid(company, "L1", 35_000, date(2024, 4, 8)),
            paid(company, "L2", 60_000, date(2024, 4, 17)),
        ),
    ]


pytestmark = pytest.mark.stops_a_part


@pytest.fixture
def eventful(company):
    """A spring in which most of what can happen to four leases has happened."""
    intake = company.intake
    ids = {}
    for number in (1, 2, 3, 4):
        intake.register_dwelling(company.me, f"D{number}", date(2020, 1, 1))
        intake.sign_lease(
            company.me,
            f"L{number}",
            f"D{number}",
            date(2024, 3, 1),
            30_000,
            5_000,
            [Person("Anne Testard")],
        )
        ids[number] = company.lease_id(f"L{number}")
    intake.register_dwelling(company.me, "D5", date(2020, 1, 1))
    intake.hold_welcome_meeting(company.me, ids[1], date(2024, 3, 1), WelcomeMode.OFFICE)
    company.go_to(date(2024, 4, 20))
    for told in money(company):
        told()
    company.settle()
    intake.correct_lease(company.me, ids[2], date(2024, 3, 5), 30_000, 5_000, "D5")
    intake.end_lease(company.me, ids[1], date(2024, 4, 30), EndReason.NOTICE)
    intake.withdraw_end(company.me, ids[1])
    terms = SupportTerms.agreed(SupportAxis.HOUSING_EDUCATION, True, MARCH, MARCH)
    household = natural_id(company.slug, "household", "L3")
    supporting.open_support(company.followup, company.me, household, terms)
    intake.end_lease(company.me, ids[3], date(2024, 3, 31), EndReason.DEATH)
    intake.withdraw_lease(company.me, ids[4])
    company.settle()
    for host in company.hosts.values():
        host.inbox.stop()
    return company


def emptied(home, service):
    """A service as it was when the company was new; its clock stays.

    Its relay is to be stopped: facts that it sent are there no more.
    """
    with psycopg.connect(home.admin_url, dbname=service.name) as connection:
        connection.execute(f"SET search_path = {service.datastore.schema}")
        for table in (*OF_EVERY_SERVICE, *TABLES[service.name]):
            connection.execute(f"TRUNCATE {table}")
        connection.execute(
            "UPDATE head SET position = 0, hash = %s, recorded_at = '1970-01-01', acts = acts + 1",
            (FIRST_HASH,),
        )
        connection.execute(
            "UPDATE inbox_position SET position = 0, hash = %s, next_offset = 0, held = NULL",
            (FIRST_HASH,),
        )


def deliveries(company, publisher):
    return [Delivery(offset, fact) for offset, fact in enumerate(company.facts(publisher))]


def interleaved(chance, queues):
    """(publisher, some deliveries) until all are handed over, each publisher in its own order."""
    left = {publisher: list(queue) for publisher, queue in queues.items()}
    while any(left.values()):
        publisher = chance.choice([p for p in left if left[p]])
        size = chance.randint(1, 6)
        yield publisher, left[publisher][:size]
        left[publisher] = left[publisher][size:]


def standing(service):
    """What the read models say, without the order in which it became known."""
    found = {}
    with service.datastore.reading() as rows:
        for table in TABLES[service.name]:
            asked = f"SELECT * FROM {table} WHERE {STILL.get(table, 'true')}"
            every = rows.execute(asked).fetchall()
            kept = [{k: v for k, v in row.items() if k not in WHEN | WAITED} for row in every]
            found[table] = sorted(map(str, kept))
    return found


def test_follow_up_stands_the_same_whichever_service_it_hears_first(eventful, home):
    followup = eventful.followup
    eventful.hosts["followup"].relay.stop()
    queues = {name: deliveries(eventful, name) for name in ("intake", "arrears")}
    ends = []
    for seed in range(12):
        emptied(home, followup)
        for publisher, some in interleaved(random.Random(seed), queues):
            Receiver(followup).receive(publisher, some)
        ends.append(standing(followup))

    assert any("arrears" in row for row in ends[0]["visit"])
    assert differences(ends) == []


def test_arrears_stand_the_same_whether_a_lease_or_its_money_is_heard_first(eventful, home):
    arrears = eventful.arrears
    eventful.hosts["arrears"].relay.stop()
    ends = []
    for seed in range(8):
        emptied(home, arrears)
        chance = random.Random(seed)
        files, queue = money(eventful), deliveries(eventful, "intake")
        while files or queue:
            if files and (not queue or chance.random() < 0.4):
                files.pop(0)()
            else:
                size = chance.randint(1, 5)
                Receiver(arrears).receive("intake", queue[:size])
                queue = queue[size:]
        arrears.judge_due_days()
        ends.append(standing(arrears))

    assert len(ends[0]["missed_month"]) == 4
    assert differences(ends) == []


def test_figures_are_the_same_whichever_service_is_heard_first(eventful, tmp_path):
    queues = {name: deliveries(eventful, name) for name in ("intake", "followup", "arrears")}
    digests = {eventful.reporting.store.digest()}
    for seed in range(5):
        store = FactStore(tmp_path / f"{seed}.duckdb")
        ingestion = Ingestion(eventful.slug, store, lambda _: Decisions(), lambda *_: None)
        for publisher, some in interleaved(random.Random(seed), queues):
            ingestion.take(publisher, some)
        digests.add(store.digest())
        store.close()

    assert len(digests) == 1


@pytest.mark.parametrize("name", ["followup", "arrears"])
def test_a_thousand_rounds_of_the_same_facts_record_nothing_more(eventful, name):
    service = getattr(eventful, name)
    receiver = Receiver(service)
    publishers = eventful.hosts[name].consumes
    known = [(p, d) for p in publishers for d in deliveries(eventful, p)]
    reacted = [read_envelope(d.content) for _, d in known]
    reacted = [fact for fact in reacted if fact.type in service.reactions]
    chance = random.Random(1)
    before, end = len(eventful.facts(name)), standing(service)

    for _ in range(1_000):
        publisher, delivery = chance.choice(known)
        receiver.receive(publisher, [delivery])
        some = chance.sample(reacted, 5)
        service.perform(receiver.caller, lambda act, some=some: again(receiver, act, some))

    assert len(eventful.facts(name)) == before
    assert standing(service) == end


def again(receiver, act, facts):
    for fact in facts:
        receiver.react(act, fact)


def differences(ends):
    """Where the ends differ from the first, for a reader of a failed test."""
    return [
        (number, table, sorted(set(end[table]) ^ set(ends[0][table])))
        for number, end in enumerate(ends)
        for table in end
        if end[table] != ends[0][table]
    ]
