"""Whether each definition can be read over the views, before anybody asks for its figure."""

from datetime import UTC, date, datetime

import duckdb

from services.reporting import fact_sql, views
from services.reporting.figures import KnownOn, Period, parameters
from services.reporting.indicators.register import EACH_PART, editions

PERIOD = Period(date(2025, 1, 1), date(2025, 12, 31))
KNOWN = KnownOn(datetime(2026, 1, 1, tzinfo=UTC), "2025-12-31")
"""Any will do: nothing is counted."""


def try_definitions() -> None:
    """Errors: ValueError for a definition whose SQL cannot be read; for versions as the register
    refuses them. One that comes into force next year would else be met by whoever asks then.
    """
    with duckdb.connect() as nothing:
        nothing.execute(fact_sql.tables())
        views.make(nothing)
        for one in (version for versions in editions().values() for version in versions):
            for side in ("numerator", "denominator"):
                sql = f"DESCRIBE SELECT {', '.join(EACH_PART)} FROM ({getattr(one, side)})"
                try:
                    nothing.execute(sql, parameters(sql, PERIOD, KNOWN))
                except duckdb.Error as error:
                    raise ValueError(f"{one.name}: its {side} cannot be read: {error}") from None
