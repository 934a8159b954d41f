"""How far each publisher was read and what was seen of it: the tables, and one row in memory."""

from dataclasses import dataclass, field

from services.chassis.position_rule import Standing

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
ALTER TABLE inbox_seen ADD COLUMN IF NOT EXISTS heard_at bigint NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS inbox_refused (
    publisher text NOT NULL,
    position bigint NOT NULL,
    fingerprint bigint NOT NULL,
    PRIMARY KEY (publisher, position, fingerprint)
);
"""
"""`heard_at`: where the own log stood then. `inbox_refused`: bytes that a person passes over."""
SELECT_STANDS = """
SELECT NULL AS publisher, position FROM head
UNION ALL SELECT publisher, position FROM inbox_position
"""
PARK = """
INSERT INTO parked (publisher, position, subject, type, content, reason, since, behind)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (publisher, position) DO {again}
"""


@dataclass(kw_only=True)
class Inbox(Standing):
    """What is known of one publisher while a batch is taken."""

    publisher: str
    seen: dict[int, int] = field(default_factory=dict)
    refused: set[tuple[int, int]] = field(default_factory=set)
    parked: dict[str, int] = field(default_factory=dict)
    taken: int = 0
