"""The log that an auditor reads: whole, chained, the same on Kafka, and views built from it."""

import hashlib
from contextlib import contextmanager

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition

from services.reporting.shape import HEARD

OF_COMPANY = ("--company", "demonstration")


def on_kafka(suite, service):
    """The values on a company's topic, as an independent reader sees them."""
    partition = TopicPartition(f"referent.demonstration.{service}", 0)
    consumer = KafkaConsumer(
        bootstrap_servers=suite.state["kafka_bootstrap_servers"], enable_auto_commit=False
    )
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    values = []
    while consumer.position(partition) < end:
        for records in consumer.poll(timeout_ms=1000).values():
            values += [record.value for record in records]
    consumer.close()
    return values


@pytest.mark.parametrize("service", HEARD)
def test_positions_have_no_hole_and_each_fact_names_the_bytes_before_it(service, log):
    facts = [orjson.loads(content) for content in log[service]]

    assert [fact["position"] for fact in facts] == list(range(1, len(facts) + 1))
    hashes = [hashlib.sha256(content).hexdigest() for content in (b"", *log[service])]
    assert [fact["previous"] for fact in facts] == hashes[:-1]
    assert [fact["time"] for fact in facts] == sorted(fact["time"] for fact in facts)


def test_nothing_is_known_before_what_led_to_it(log):
    facts = [orjson.loads(content) for service in HEARD for content in log[service]]
    recorded_at = {fact["id"]: fact["time"] for fact in facts}
    led_to = [(fact["data"]["because"], fact) for fact in facts if fact["data"].get("because")]

    early = [fact["id"] for cause, fact in led_to if fact["time"] < recorded_at[cause]]

    assert led_to
    assert early == []


@pytest.mark.parametrize("service", HEARD)
def test_every_fact_says_that_it_is_of_a_demonstration(service, log):
    sources = {orjson.loads(content)["source"] for content in log[service]}
    assert sources == {f"urn:referent:demonstration:demonstration:{service}"}


@pytest.mark.parametrize("service", HEARD)
def test_kafka_holds_the_same_bytes_once_repeats_are_dropped(service, suite, log):
    once = {}
    for content in on_kafka(suite, service):
        position = orjson.loads(content)["position"]
        assert once.setdefault(position, content) == content

    assert [once[position] for position in range(1, len(log[service]) + 1)] == log[service]


def test_a_part_of_the_log_is_the_same_bytes(suite, log):
    part = suite.facts("demonstration", "arrears", "--from", "3", "--to", "7")
    assert part == log["arrears"][2:7]


def test_a_part_past_the_end_is_told_to_be_empty(suite, log):
    said = suite.run("facts", *OF_COMPANY, "--service", "intake", "--from", "999999")
    assert (said.code, said.out) == (0, b"")
    assert said.err == "No fact of intake from position 999999 on.\n"


@contextmanager
def closed(suite, databases):
    """Databases that nobody can reach; their connections are cut."""
    with suite.connect("postgres") as admin:
        for name in databases:
            admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
            (list(databases),),
        )
        try:
            yield
        finally:
            for name in databases:
                admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_views_built_anew_from_kafka_and_from_the_log_are_those_that_grew(suite, log):
    from_log = suite.json("rebuild", *OF_COMPANY, "--from", "log")
    from_kafka = suite.json("rebuild", *OF_COMPANY, "--from", "kafka")

    assert from_log["identical_to_previous"]
    assert from_kafka["identical_to_previous"]
    assert from_log["digest"] == from_kafka["digest"]
    assert from_kafka["facts"] >= sum(map(len, log.values()))


def test_views_are_built_while_every_publishers_database_is_closed(suite, log, tmp_path):
    before = suite.json("rebuild", *OF_COMPANY, "--from", "kafka")
    archive = suite.json("archive", *OF_COMPANY, "--to", str(tmp_path / "archive"))

    with closed(suite, HEARD):
        meanwhile = suite.json("rebuild", *OF_COMPANY, "--from", "kafka")
        archived = suite.json("rebuild", *OF_COMPANY, "--from", f"archive:{tmp_path / 'archive'}")
        refused = suite.run("facts", *OF_COMPANY, "--service", "arrears", "--to", "1")

    assert meanwhile["identical_to_previous"]
    assert meanwhile["digest"] == before["digest"] == archived["digest"]
    own = suite.demo["facts"]["reporting"]  # of contract and returns, which no view is built from
    assert archive["facts"] == archived["facts"] + own == archive["added"]
    assert {*archive} >= {"facts", "files"}
    assert all({*file} >= {"path", "sha256", "first", "last"} for file in archive["files"])
    assert refused.code == 1
    assert "Traceback" not in refused.err
    suite.status_says(lambda status: status["code"] == 0)
    assert suite.facts("demonstration", "arrears", "--to", "3") == log["arrears"][:3]
