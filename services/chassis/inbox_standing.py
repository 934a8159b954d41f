"""How far each publisher was read and what was seen of it: the tables, and one row in memory."""

from dataclasses import dataclass, field

from services.chassis.position_rule import LastTaken

TABLES = """
CREATE TABLE IF NOT EXISTS inbox_position (
    publisher text PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    next_offset bigint NOT NULL,
    passed_over bigint NOT NULL DEFAULT 0,
    held text,
    held_fact text,
    held_fingerprint bigint
);
CREATE TABLE IF NOT EXISTS inbox_seen (
    publisher text NOT NULL,
    position bigint NOT NULL,
    fingerprint bigint NOT NULL,
    PRIMARY KEY (publisher, position)
);
CREATE TABLE IF NOT EXISTS inbox_refused (
    publisher text NOT NULL,
    position bigint NOT NULL,
    fingerprint bigint NOT NULL,
    PRIMARY KEY (publisher, position, fingerprint)
);
"""
"""`inbox_refused`: other bytes of a taken fact that a person decided to pass over, for ever."""
PARK = """
INSERT INTO parked (publisher, position, subject, type, content, reason, since, behind)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (publisher, position) DO """


@dataclass
class Inbox:
    """What is known of one publisher while a batch is taken."""

    publisher: str
    last: LastTaken
    next_offset: int
    passed_over: int
    held: str | None
    held_fact: str | None
    held_fingerprint: int | None
    seen: dict[int, int] = field(default_factory=dict)
    refused: set[tuple[int, int]] = field(default_factory=set)
    parked: dict[str, int] = field(default_factory=dict)
    taken: int = 0
