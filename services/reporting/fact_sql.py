"""The statements of a company's DuckDB file: its tables, and bytes that become typed rows."""

import json
from collections.abc import Collection
from hashlib import sha256

from services.reporting import shape

ENVELOPE = {
    "service": "publisher",
    "position": "BIGINT",
    "type": "VARCHAR",
    "subject": "UUID",
    "occurred_on": "DATE",
    "recorded_at": "TIMESTAMP",
    "actor": "VARCHAR",
    "corrects": "BIGINT",
    "withdrawn": "BOOLEAN",
    "hash_start": "BIGINT",
}
"""What every row has; `corrects` alone may be null."""


def tables() -> str:
    fixed = ",\n".join(
        f"    {name} {kind}" + ("" if name == "corrects" else " NOT NULL")
        for name, kind in ENVELOPE.items()
    )
    data = ",\n".join(f'    "{name}" {kind}' for name, kind in shape.columns().items())
    services = ", ".join(f"'{publisher}'" for publisher in shape.HEARD)
    return f"""
CREATE TYPE IF NOT EXISTS publisher AS ENUM ({services});
CREATE TABLE IF NOT EXISTS fact (
{fixed},
{data}
);
CREATE TABLE IF NOT EXISTS made_by (
    identity VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS rebuilt (
    moment TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS lacking (
    name VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS kept (
    service publisher NOT NULL,
    value VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS standing (
    publisher VARCHAR PRIMARY KEY,
    position BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    next_offset BIGINT NOT NULL,
    passed_over BIGINT NOT NULL,
    held VARCHAR,
    held_fact VARCHAR,
    held_fingerprint BIGINT
);
"""


def identity() -> str:
    """What the rows of a file are made by: other code makes other rows, of the same facts."""
    made_by = f"{tables()}\n{TAKE}\n{TYPE_KEPT}"
    return sha256(made_by.encode()).hexdigest()


FIRST_STANDINGS = (
    "INSERT INTO standing SELECT unnest(["
    + ", ".join(f"'{publisher}'" for publisher in shape.HEARD)
    + "]), 0, ?, 0, 0, NULL, NULL, NULL ON CONFLICT DO NOTHING"
)
_SHAPE = json.dumps(shape.transform()).replace("'", "''")
_READ = f"unnest(json_transform(value, '{_SHAPE}'))"
ODD = f"""
SELECT count(*) FROM fact WHERE service = ? AND position > ?
    AND (subject::VARCHAR = ANY(?) OR {shape.unreadable_condition()})
"""
_COLUMNS = f"""
type, subject, occurredon, time, actor,
CAST(string_split(corrects, '/')[3] AS BIGINT), coalesce(withdrawn, false),
(('0x' || left(hash, 16))::UBIGINT::HUGEINT - CASE WHEN left(hash, 1) >= '8'
    THEN 18446744073709551616::HUGEINT ELSE 0 END)::BIGINT,
{", ".join(f'data."{name}"' for name in shape.columns())}
"""
_INTO = ", ".join(f'"{name}"' for name in (*ENVELOPE, *shape.columns()))
TAKE = f"""
INSERT INTO fact ({_INTO})
SELECT ?, CASE WHEN previous = expected AND position = ? + n AND {shape.known_versions()}
          THEN position END, {_COLUMNS}
FROM (SELECT n, hash, expected, {_READ} FROM incoming)
"""
"""A fact that does not follow the one before gets no position, which the table refuses."""
TYPE_KEPT = f"""
INSERT INTO fact ({_INTO})
SELECT service, position, {_COLUMNS} FROM (SELECT service, sha256(value) AS hash, {_READ} FROM kept)
"""
COLUMNS_THERE = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE table_name = 'fact' AND database_name = current_database()
"""


def row_hashes(leaving_out: Collection[str]) -> str:
    """The SHA-256 of each row of a publisher up to a position, without some columns."""
    columns = ", ".join(f'"{n}"' for n in (*ENVELOPE, *shape.columns()) if n not in leaving_out)
    return f"""
SELECT sha256(CAST(to_json(f) AS VARCHAR)) FROM (SELECT {columns} FROM fact) f
WHERE service = ? AND position <= ? ORDER BY position
"""
