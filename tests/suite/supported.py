"""Which households are supported on an evening, from the bytes of follow-up's log."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

BRUSSELS = ZoneInfo("Europe/Brussels")


def supported_households(log: list[bytes], on: date, known_on: date) -> set[str]:
    """Their ids: a period is open from its first day until it is closed, or ends by itself."""
    standing: dict[str, dict[str, Any]] = {}
    for fact in map(orjson.loads, log):
        known = datetime.fromisoformat(fact["time"]).astimezone(BRUSSELS).date() <= known_on
        if known and "support-period" in fact["type"]:
            standing[fact.get("corrects", fact["id"])] = fact
    told = [fact for fact in standing.values() if not fact.get("withdrawn")]
    ends: dict[str, str] = {}
    for fact in told:
        data = fact["data"]
        day = data.get("closed_on", data.get("ends_on", date.max.isoformat()))
        ends[data["period_id"]] = min(day, ends.get(data["period_id"], day))
    return {
        fact["data"]["household_id"]
        for fact in told
        if fact["type"] == "followup.support-period-opened"
        and fact["data"]["opened_on"] <= on.isoformat() < ends[fact["data"]["period_id"]]
    }
