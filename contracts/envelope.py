"""The envelope of a fact: CloudEvents 1.0, structured JSON mode.

A fact's bytes are fixed when it is recorded. Everyone after that (relay, Kafka, archive, auditor)
handles the same bytes; `read_envelope` is the only reader and `write_envelope` the only writer.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

CONTENT_TYPE = "application/cloudevents+json"
FIRST_HASH = hashlib.sha256(b"").digest()
"""`previous` of the fact at position 1: the SHA-256 of nothing."""

FACT_ID = re.compile(r"[a-z0-9-]{1,60}/[a-z]{1,30}/[1-9]\d{0,17}", re.ASCII)
_TEXT = r"[^\x00-\x1f]{1,200}"
_REQUIRED = {
    "id": FACT_ID,
    "source": re.compile(_TEXT),
    "type": re.compile(r"[a-z]+\.[a-z-]+"),
    "subject": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
    "previous": re.compile(r"[0-9a-f]{64}"),
    "occurredon": re.compile(r"\d{4}-\d\d-\d\d"),
    "actor": re.compile(_TEXT),
}
_OPTIONAL = {
    "corrects": FACT_ID,
    "correlationid": re.compile(_TEXT),
    "causationid": re.compile(_TEXT),
}


class UnreadableFact(Exception):
    """These bytes are not a fact; the message says which attribute is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One fact as it stands on the log.

    Units: `position` counts from 1 without holes in one company's log of one service;
    `recorded_at` is UTC (the company's clock); `occurred_on` is a day of Europe/Brussels;
    `previous` is the SHA-256 (hex) of the bytes of the fact before.
    """

    id: str
    source: str
    type: str
    version: int
    subject: str
    recorded_at: datetime
    position: int
    previous: str
    occurred_on: date
    actor: str
    corrects: str | None
    withdrawn: bool
    correlation_id: str | None
    causation_id: str | None
    data: dict[str, Any]


def hash_of(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def log_of(company: str, service: str) -> str:
    """What the ids of all facts of one log begin with."""
    return f"{company}/{service}"


def fact_id(company: str, service: str, position: int) -> str:
    return f"{log_of(company, service)}/{position}"


def position_of(identity: str) -> int:
    return int(identity.rsplit("/", 1)[1])


def write_envelope(fact: Envelope) -> bytes:
    """The bytes of a fact. Attribute order is fixed; absent attributes are left out."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": fact.id,
        "source": fact.source,
        "type": fact.type,
        "datacontenttype": "application/json",
        "dataschema": f"urn:referent:{fact.type}.v{fact.version}",
        "subject": fact.subject,
        "time": fact.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "position": fact.position,
        "previous": fact.previous,
        "occurredon": fact.occurred_on.isoformat(),
        "actor": fact.actor,
    }
    if fact.corrects:
        document["corrects"] = fact.corrects
    if fact.withdrawn:
        document["withdrawn"] = True
    if fact.correlation_id:
        document["correlationid"] = fact.correlation_id
    if fact.causation_id:
        document["causationid"] = fact.causation_id
    document["data"] = fact.data
    return orjson.dumps(document)


def read_envelope(content: bytes, log: str = "") -> Envelope:
    """Read a fact's bytes strictly: nothing is invented for a missing attribute.

    `log`: the log it must be a fact of (see `log_of`); a topic may hold what others put there.
    Errors: UnreadableFact.
    """
    try:
        document = orjson.loads(content)
        schema, _, version = document["dataschema"].rpartition(".v")
        if document["specversion"] != "1.0":
            raise ValueError("specversion")
        if schema != f"urn:referent:{document['type']}":
            raise ValueError("dataschema")
        for name, shape in _REQUIRED.items():
            if not shape.fullmatch(document[name]):
                raise ValueError(name)
        for name, shape in _OPTIONAL.items():
            if name in document and not shape.fullmatch(document[name]):
                raise ValueError(name)
        position = document["position"]
        if type(position) is not int or not document["id"].endswith(f"/{position}"):
            raise ValueError("position")
        if log and document["id"] != f"{log}/{position}":
            raise ValueError(f"not a fact of {log}")
        if not isinstance(document["data"], dict):
            raise ValueError("data")  # noqa: TRY004 - a fact is unreadable, not a call wrong
        return Envelope(
            id=document["id"],
            source=document["source"],
            type=document["type"],
            version=int(version),
            subject=document["subject"],
            recorded_at=datetime.fromisoformat(document["time"]),
            position=position,
            previous=document["previous"],
            occurred_on=date.fromisoformat(document["occurredon"]),
            actor=document["actor"],
            corrects=document.get("corrects"),
            withdrawn=document.get("withdrawn", False) is True,
            correlation_id=document.get("correlationid"),
            causation_id=document.get("causationid"),
            data=document["data"],
        )
    except KeyError as error:
        raise UnreadableFact(f"attribute {error.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableFact(f"cannot be read: {error}") from None
