"""Which day it is for the region: no company's clock, simulated or not, is its own."""

from datetime import UTC, date, datetime

from services.chassis.clock import day_of


def region_today() -> date:
    return day_of(datetime.now(UTC))
