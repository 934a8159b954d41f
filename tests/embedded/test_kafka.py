import os
import socket

import psutil
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from services.embedded.kafka import EmbeddedKafka
from services.embedded.refusals import EmbeddedError


@pytest.fixture(scope="module", autouse=True)
def topic(kafka):
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    admin.create_topics({"kept": {"num_partitions": 1, "replication_factor": 1, "configs": {}}})
    admin.close()


def record(kafka, *values):
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap_servers, compression_type="lz4")
    for value in values:
        producer.send("kept", value, partition=0).get(timeout=20)
    producer.close()


def recorded(kafka):
    partition = TopicPartition("kept", 0)
    consumer = KafkaConsumer(bootstrap_servers=kafka.bootstrap_servers, enable_auto_commit=False)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    values = [message.value for _, message in zip(range(end), consumer, strict=False)]
    consumer.close()
    return values


def brokers_on(data):
    running = (process.info["cmdline"] for process in psutil.process_iter(["cmdline"]))
    return sum(1 for command in running if command and str(data / "server.properties") in command)


def listening(pid):
    return [
        connection.laddr
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]


def test_it_listens_on_loopback_alone(kafka):
    assert {address.ip.removeprefix("::ffff:") for address in listening(kafka.pid)} == {"127.0.0.1"}
    assert len(listening(kafka.pid)) == 2


def test_its_port_is_none_that_outgoing_connections_are_lent(kafka):
    assert 20_000 <= int(kafka.bootstrap_servers.partition(":")[2]) < 30_000


def test_ctrl_c_at_the_terminal_does_not_reach_it(kafka):
    assert os.getsid(kafka.pid) != os.getsid(0)


def test_a_topic_that_nobody_made_is_not_made_by_asking_for_it(kafka):
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap_servers, max_block_ms=500)
    with pytest.raises(KafkaError):
        producer.send("misspelt", b"lost").get(timeout=20)
    producer.close()


def test_records_and_port_outlive_a_restart(kafka):
    address = kafka.bootstrap_servers
    before = recorded(kafka)
    record(kafka, b"restarted")
    kafka.restart()
    assert kafka.bootstrap_servers == address
    assert recorded(kafka) == [*before, b"restarted"]


def test_a_killed_broker_starts_again_with_all_that_was_acknowledged(kafka, killed):
    address = kafka.bootstrap_servers
    before = recorded(kafka)
    record(kafka, b"one", b"two")
    killed(kafka.pid)
    kafka.start()
    assert kafka.bootstrap_servers == address
    assert recorded(kafka) == [*before, b"one", b"two"]
    assert brokers_on(kafka.data) == 1


def test_a_second_start_on_the_same_home_is_refused(kafka):
    second = EmbeddedKafka(kafka.home)
    with pytest.raises(EmbeddedError, match=f"already runs under process {os.getpid()}"):
        second.start()
    assert second.bootstrap_servers == kafka.bootstrap_servers
    assert second.pid == kafka.pid


def test_a_port_that_another_program_took_is_told_in_a_sentence(kafka):
    kafka.stop()
    host, _, port = kafka.bootstrap_servers.partition(":")
    with socket.create_server((host, int(port))):
        with pytest.raises(EmbeddedError, match=f"Another program listens on port {port}"):
            kafka.start()
        assert kafka.pid is None
        with EmbeddedKafka(kafka.home) as elsewhere:
            assert elsewhere.bootstrap_servers != f"{host}:{port}"


def test_a_broker_left_behind_is_stopped_and_a_new_one_takes_its_port(kafka, left_behind):
    kafka.stop()
    server = EmbeddedKafka(kafka.home)
    orphan = left_behind(server)
    address = server.bootstrap_servers
    with server:
        assert server.pid != orphan
        assert server.bootstrap_servers == address
        assert brokers_on(server.data) == 1


def test_a_home_may_have_spaces_and_accents_in_its_name(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")  # as cron starts it
    home = tmp_path / "société d'Élise €" / "réf"
    with EmbeddedKafka(home) as kafka:
        assert kafka.pid
        assert (home / "kafka" / "log" / "meta.properties").exists()
        assert [found.name for found in tmp_path.iterdir()] == ["société d'Élise €"]
