"""How far the facts go that were known at a moment: positions, days that are over, bank data."""

from datetime import UTC, date

import duckdb

from services.chassis.clock import day_of
from services.reporting.figures import KnownOn, utc
from services.reporting.shape import HEARD


def cutoff(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> dict[str, int]:
    """The last position of each service that was known."""
    rows = cursor.execute(
        "SELECT service::VARCHAR, max(position) FROM fact WHERE recorded_at < ? GROUP BY service",
        [utc(known.before)],
    ).fetchall()
    return dict.fromkeys(HEARD, 0) | dict(rows)


def closed_until(cursor: duckdb.DuckDBPyConnection) -> dict[str, date | None]:
    """The last day that each service has stated as over."""
    rows = cursor.execute(
        "SELECT service::VARCHAR, max(day) FROM fact WHERE type LIKE '%.day-closed'"
        " GROUP BY service"
    ).fetchall()
    return dict.fromkeys(HEARD) | dict(rows)


def log_from(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> date | None:
    """The day on which the first fact that was known was recorded."""
    ((first,),) = cursor.execute(
        "SELECT min(recorded_at) FROM fact WHERE recorded_at < ?", [utc(known.before)]
    ).fetchall()
    return day_of(first.replace(tzinfo=UTC)) if first else None


def bank_complete_until(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> date | None:
    """Until when bank statements were complete, as arrears stated it when it last closed a day."""
    rows = cursor.execute("SELECT * FROM bank(?)", [utc(known.before)]).fetchall()
    return rows[0][0] if rows else None
