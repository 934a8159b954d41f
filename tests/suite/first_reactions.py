"""I06 from the bytes of the logs, fact by fact: spells of arrears, the first reaction to each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

BRUSSELS = ZoneInfo("Europe/Brussels")
REACTIONS = {
    "arrears.step-taken": "taken_on",
    "arrears.contact-noted": "contacted_on",
    "followup.visit-recorded": "done_on",
}


def standing(logs: Iterable[bytes], known_on: date) -> list[dict[str, Any]]:
    """Facts as they stood at the end of a day: the last correction of each, withdrawals obeyed."""
    last: dict[str, dict[str, Any]] = {}
    for content in logs:
        fact = orjson.loads(content)
        at = datetime.fromisoformat(fact["time"]).astimezone(BRUSSELS).date()
        if at <= known_on:
            last[fact.get("corrects", fact["id"])] = fact
    return [fact for fact in last.values() if not fact.get("withdrawn")]


def first_reaction(
    logs: Iterable[bytes], first: date, last: date, known_on: date
) -> tuple[int, int, int, int]:
    """The sum of the one or two in the middle, how many these are, members, and those left out."""
    missed: dict[str, set[date]] = {}
    cleared: dict[str, list[date]] = {}
    reacted: dict[str, list[date]] = {}
    for fact in standing(logs, known_on):
        data, kind = fact["data"], fact["type"]
        if kind == "arrears.payment-missed":
            missed.setdefault(data["lease_id"], set()).add(date.fromisoformat(data["due_on"]))
        elif kind == "arrears.arrears-cleared":
            day = date.fromisoformat(data["cleared_on"])
            cleared.setdefault(data["lease_id"], []).append(day)
        elif kind in REACTIONS and data.get("kind", "arrears") == "arrears":
            day = date.fromisoformat(data[REACTIONS[kind]])
            reacted.setdefault(data["lease_id"], []).append(day)
    delays, left_out = [], 0
    for lease, days in missed.items():
        began: date | None = None
        for due_on in sorted(days):
            ends = sorted(cleared.get(lease, []))
            if began is not None and not any(began <= end < due_on for end in ends):
                continue  # the same spell goes on
            began = due_on
            if not first <= began <= last:
                continue
            until = min([last, *(end for end in ends if end >= began)])
            answers = [day for day in reacted.get(lease, []) if began <= day <= until]
            if answers:
                delays.append((min(answers) - began).days)
            else:
                left_out += 1
    delays.sort()
    half = len(delays) // 2
    chosen = delays[half : half + 1] if len(delays) % 2 else delays[max(0, half - 1) : half + 1]
    return sum(chosen), len(chosen), len(delays), left_out
