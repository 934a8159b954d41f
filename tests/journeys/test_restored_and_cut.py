"""A publisher's database restored from an older backup, and a topic cut by its tail."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from kafka import KafkaAdminClient

from contracts.envelope import hash_of, read_envelope, write_envelope
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head
from services.chassis.refusal import Diverged
from services.chassis.topics import (
    make_consumer,
    make_producer,
    make_topics,
    read_topic,
    send,
)
from services.embedded.chain import Chain
from services.embedded.composition import PARTS
from services.embedded.mending import NothingToMend, NotOfThisLog, mend
from services.intake.leaseholders import Person

ME = Caller("officer-1")
(TABLES,) = [part.read_models for part in PARTS if part.service == "intake"]


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
        connection.execute("DELETE FROM facts WHERE position > %s", (position,))
        connection.execute(
            "UPDATE head SET (position, hash, recorded_at) ="
            " (SELECT position, hash, recorded_at FROM facts WHERE position = %s)",
            (position,),
        )
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
