"""A publisher's database restored from an older backup, and a topic cut by its tail."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from forged import forge
from kafka import KafkaAdminClient

from contracts.envelope import hash_of, position_of, read_envelope, write_envelope
from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head
from services.chassis.host import Host
from services.chassis.receiving import Receiver
from services.chassis.refusal import Diverged
from services.chassis.topics import (
    make_consumer,
    make_producer,
    make_topics,
    read_topic,
    send,
)
from services.demonstration.coda_writer import Booking, write_statement
from services.embedded.chain import Chain
from services.embedded.composition import PARTS
from services.embedded.kinds import service_for_mending
from services.embedded.mending import NothingToMend, NotOfThisLog, mend
from services.followup.service import Followup
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of

ME = Caller("officer-1")
TABLES, FOLLOWUP_TABLES = (
    part.read_models for part in PARTS if part.service in ("intake", "followup")
)


def record(intake, first, count):
    for number in range(first, first + count):
        intake.register_dwelling(ME, f"D{number}", date(2020, 1, 1))
        intake.sign_lease(
            ME, f"L{number}", f"D{number}", date(2024, 3, 1), 30_000, 0, [Person("A")]
        )


def relayed(host, slug):
    service = host.service(slug)

    def done():
        head = read_head(service.datastore)
        return head["relayed"] == head["position"]

    assert host.wait_until(done, 20)


def on_topic(home, company):
    consumer = make_consumer(home.kafka_bootstrap_servers)
    try:
        return [content for _, content in read_topic(consumer, company.topic("intake"))]
    finally:
        consumer.close()


def cut_facts(connection, position):
    connection.execute("DELETE FROM facts WHERE position > %s", (position,))
    connection.execute(
        "UPDATE head SET (position, hash, recorded_at) ="
        " (SELECT position, hash, recorded_at FROM facts WHERE position = %s)",
        (position,),
    )


def restore_to(home, service, position):
    """What a restore from an older backup leaves: everything after a position is gone."""
    schema = service.datastore.schema
    with psycopg.connect(home.admin_url, dbname="intake") as connection:
        connection.execute(f"SET search_path = {schema}")
        connection.execute(
            "DELETE FROM stored_events e USING facts f WHERE f.subject = e.originator_id"
            " AND f.version = e.originator_version AND f.position > %s",
            (position,),
        )
        cut_facts(connection, position)
        connection.execute("UPDATE relay_position SET position = %s, next_offset = 0", (position,))
        connection.execute("UPDATE public.news SET position = %s", (position,))
        connection.execute("DELETE FROM lease WHERE reference IN ('L15', 'L16', 'L17', 'L18')")


@pytest.fixture
def published(new_company, hosts, start_for):
    """Twenty leases recorded and on the topic; the host is stopped again."""
    slug = new_company()
    host = hosts("intake")
    start_for(host, slug)
    record(host.service(slug), 0, 20)
    relayed(host, slug)
    host.relay.stop()
    return host, slug


def test_a_restored_database_is_told_refuses_commands_and_is_mended_from_the_topic(
    home, published, restarted
):
    host, slug = published
    service = host.service(slug)
    topic = on_topic(home, service.company)
    restore_to(home, service, 10)
    again = restarted(slug)

    assert "topic is at 60" in read_head(service.datastore)["diverged"]
    with pytest.raises(Diverged):
        again.service(slug).register_dwelling(ME, "D99", date(2020, 1, 1))

    again.stop()
    mended = mend(home.admin_url, home.kafka_bootstrap_servers, service, TABLES)

    assert (mended.adopted, mended.set_aside, mended.position) == (50, 0, 60)
    assert list(read_facts(service.datastore)) == topic
    with service.datastore.reading() as rows:
        assert rows.execute("SELECT count(*) AS n FROM lease").fetchone()["n"] == 20
    with pytest.raises(NothingToMend):
        mend(home.admin_url, home.kafka_bootstrap_servers, service, TABLES)

    after = restarted(slug)
    record(after.service(slug), 20, 1)
    relayed(after, slug)

    assert [read_envelope(f).position for f in on_topic(home, service.company)] == [*range(1, 64)]


@pytest.fixture
def missed_twice(let):
    """Zoé pays March late and misses April: her first visit was withdrawn, and one is proposed.

    Gives follow-up's host, and its rows of when March was missed, before the money came.
    """
    paid = payment_reference_of(let.slug, "L1")
    let.go_to(date(2024, 3, 18))
    bank(let, 1, date(2024, 3, 18), [])
    let.settle()
    backup = rows_of(let.followup)
    let.go_to(date(2024, 3, 25))
    bank(let, 2, date(2024, 3, 25), [Booking(35_000, date(2024, 3, 25), structured=paid)])
    let.settle()
    roll = b"lease;month;rent;charges\nL1;2024-04;300;50\nL2;2024-04;300;50\n"
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "april.csv", roll)
    let.go_to(date(2024, 4, 18))
    bank(let, 3, date(2024, 4, 18), [], opening=35_000)
    let.settle()
    return let, backup


def rows_of(service):
    """What a backup of the service's database would hold of its log and of what it heard."""
    with service.datastore.reading() as rows:
        (head,) = rows.execute("SELECT position FROM head").fetchall()
        (last,) = rows.execute("SELECT max(notification_id) AS id FROM stored_events").fetchall()
        heard = rows.execute("SELECT publisher, position, hash FROM inbox_position").fetchall()
    return head["position"], last["id"], heard


def restored(home, service, backup):
    """The database as the backup held it; read models are of no account, mending makes them."""
    position, last, heard = backup
    with psycopg.connect(home.admin_url, dbname=service.name) as connection:
        connection.execute(f"SET search_path = {service.datastore.schema}")
        connection.execute("DELETE FROM stored_events WHERE notification_id > %s", (last,))
        cut_facts(connection, position)
        for row in heard:
            connection.execute(
                "UPDATE inbox_position SET position = %(position)s, hash = %(hash)s,"
                " next_offset = 0 WHERE publisher = %(publisher)s",
                row,
            )
            connection.execute(
                "DELETE FROM inbox_seen"
                " WHERE publisher = %(publisher)s AND position > %(position)s",
                row,
            )


@pytest.mark.stops_a_part
def test_what_is_heard_again_after_a_restore_changes_nothing_that_came_later(
    home, missed_twice, settings_for, start_for
):
    """The money of March would withdraw the visit of April."""
    let, backup = missed_twice
    host = let.hosts["followup"]
    relayed(host, let.slug)
    before = let.facts("followup")
    proposed = [read_envelope(fact).type for fact in before].count("followup.visit-proposed")
    host.stop()

    with service_for_mending(home, host.company(let.slug), "followup") as service:
        restored(home, service, backup)
        mended = mend(home.admin_url, home.kafka_bootstrap_servers, service, FOLLOWUP_TABLES)
    again = start_for(Host(settings_for("followup"), Followup, host.consumes), let.slug)
    let.hosts["followup"] = again
    try:
        let.settle()

        assert proposed == 3
        assert (mended.adopted, mended.set_aside) == (len(before) - backup[0], 0)
        assert let.facts("followup") == before
    finally:
        again.stop()


@pytest.mark.stops_a_part
def test_where_a_service_is_mended_it_hears_again_what_came_since_and_nothing_older(
    home, missed_twice
):
    """Its log tells another first reaction to what April brought than its topic."""
    let, _ = missed_twice
    host = let.hosts["followup"]
    relayed(host, let.slug)
    before = let.facts("followup")
    (closed,) = (
        fact.position
        for fact in map(read_envelope, let.facts("arrears"))
        if fact.type == "arrears.day-closed" and fact.occurred_on == date(2024, 4, 17)
    )
    since = next(
        fact
        for fact in map(read_envelope, before)
        if "/arrears/" in str(fact.causation_id) and position_of(fact.causation_id) > closed
    )
    host.stop()

    with service_for_mending(home, host.company(let.slug), "followup") as service:
        forge(home, service, since.position)
        mended = mend(home.admin_url, home.kafka_bootstrap_servers, service, FOLLOWUP_TABLES)
        last = Receiver(service).standing("arrears").last
        assert [*read_facts(service.datastore)] == before

    assert mended.adopted == mended.set_aside == len(before) - since.position + 1
    # What was heard where the log parted, and had no reaction, may have one over what stands now.
    assert 0 < last.position < closed
    assert hash_of(let.facts("arrears")[last.position - 1]) == last.hash


def bank(company, number, day, bookings, opening=0):
    content = write_statement("BE68539007547034", number, day, opening, bookings)
    report = import_file(company.arrears, company.me, FileKind.CODA, f"{number}.cod", content)
    assert report["state"] == "accepted"


@pytest.mark.parametrize("position", [5, 60])
def test_an_altered_fact_is_given_its_bytes_back(home, published, position):
    host, slug = published
    service = host.service(slug)
    before = list(read_facts(service.datastore))
    with psycopg.connect(home.admin_url, dbname="intake") as connection:
        connection.execute(f"SET search_path = {service.datastore.schema}")
        forged = before[position - 1].replace(b'"actor":"officer-1"', b'"actor":"officer-2"')
        connection.execute("UPDATE facts SET content = %s WHERE position = %s", (forged, position))
    chain = Chain()
    for content in read_facts(service.datastore):
        chain.follow(content)
    assert chain.gap.startswith("Position 6 does not follow" if position == 5 else "")

    mended = mend(home.admin_url, home.kafka_bootstrap_servers, service, TABLES)

    assert (mended.repaired, mended.adopted, mended.set_aside) == (1, 0, 0)
    assert list(read_facts(service.datastore)) == before


@pytest.mark.parametrize("beyond", [1, 3], ids=["next", "past a gap"])
def test_a_fact_that_is_none_of_ours_stops_mending_and_changes_nothing(
    home, published, restarted, beyond
):
    host, slug = published
    service = host.service(slug)
    before = list(read_facts(service.datastore))
    last = read_envelope(before[-1])
    forged = replace(
        last,
        id=f"{slug}/intake/{last.position + beyond}",
        position=last.position + beyond,
        previous=hash_of(before[-1]).hex(),
        data={"x": 1},
    )
    producer = make_producer(home.kafka_bootstrap_servers)
    send(producer, service.company.topic("intake"), last.subject, write_envelope(forged))
    producer.flush()
    producer.close()
    restarted(slug).stop()

    with pytest.raises(NotOfThisLog, match=f"n° {forged.position}"):
        mend(home.admin_url, home.kafka_bootstrap_servers, service, TABLES)

    assert list(read_facts(service.datastore)) == before
    assert f"topic is at {forged.position}" in read_head(service.datastore)["diverged"]


def test_a_company_without_its_topic_is_to_be_provisioned_first(home, published):
    host, slug = published
    service = host.service(slug)
    service.company = service.company.model_copy(update={"slug": "not-provisioned"})

    with pytest.raises(NothingToMend, match="« referent provision » le crée"):
        mend(home.admin_url, home.kafka_bootstrap_servers, service, TABLES)


def test_a_stray_fact_of_another_company_is_no_other_history(home, published, restarted):
    host, slug = published
    topic = host.service(slug).company.topic("intake")
    stray = read_envelope(on_topic(home, host.service(slug).company)[-1])
    producer = make_producer(home.kafka_bootstrap_servers)
    content = write_envelope(replace(stray, id="alpha/intake/16000", position=16_000))
    send(producer, topic, stray.subject, content)
    producer.flush()
    producer.close()

    again = restarted(slug)

    record(again.service(slug), 20, 1)
    relayed(again, slug)
    assert read_head(again.service(slug).datastore)["diverged"] is None


def test_a_topic_cut_by_its_tail_is_filled_again_from_the_log(home, published, restarted):
    host, slug = published
    service = host.service(slug)
    topic = service.company.topic("intake")
    kept = on_topic(home, service.company)[:20]
    admin = KafkaAdminClient(bootstrap_servers=home.kafka_bootstrap_servers)
    admin.delete_topics([topic])
    host.wait_until(lambda: topic not in admin.list_topics(), 10)
    admin.close()
    make_topics(home.kafka_bootstrap_servers, [topic], 1)
    producer = make_producer(home.kafka_bootstrap_servers)
    for content in kept:
        send(producer, topic, read_envelope(content).subject, content)
    producer.flush()
    producer.close()
    again = restarted(slug)
    relayed(again, slug)

    assert on_topic(home, service.company) == list(read_facts(service.datastore))
