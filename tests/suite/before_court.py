"""What the figures of the legal path must be, read fact by fact from the bytes of arrears' log."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from dateutil.relativedelta import relativedelta

from services.demonstration.truth import Truth

BRUSSELS = ZoneInfo("Europe/Brussels")
Side = int | dict[str, int]


def legal_figures(
    log: list[bytes], truth: Truth, first: date, last: date, known_on: date
) -> dict[str, tuple[int, Side]]:
    """I10 to I13 of a period as known at the end of a day."""

    def told(kind: str) -> Iterator[dict[str, Any]]:
        for fact in map(orjson.loads, log):
            at = datetime.fromisoformat(fact["time"]).astimezone(BRUSSELS).date()
            if at <= known_on and fact["type"] == f"arrears.{kind}":
                yield fact["data"]

    def within(day: str) -> bool:
        return first <= date.fromisoformat(day) <= last

    answers: dict[str, list[tuple[str, bool]]] = {}
    for kind in ("accepted", "refused"):
        for data in told(f"budget-guidance-{kind}"):
            if within(data["answered_on"]):
                answer = (data["answered_on"], kind == "accepted")
                answers.setdefault(data["lease_id"], []).append(answer)
    accepted = sum(max(own)[1] for own in answers.values())
    mean = _mean_leases(truth, first, last, known_on)
    petitions = sum(within(data["filed_on"]) for data in told("court-petition-filed"))
    executed = {data["judgment_id"]: data["executed_on"] for data in told("eviction-executed")}
    evictions = sum(map(within, executed.values()))
    due = {
        data["judgment_id"]: date.fromisoformat(data["given_on"]) + relativedelta(years=1)
        for data in told("judgment-given")
        if data["eviction_authorised"]
        and date.fromisoformat(data["given_on"]).year == first.year - 1
    }
    cohort = {judgment: until for judgment, until in due.items() if until <= last}
    in_time = [
        judgment
        for judgment, until in cohort.items()
        if judgment in executed and date.fromisoformat(executed[judgment]) <= until
    ]
    return {
        "I10": (accepted, len(answers)),
        "I11": (petitions, mean),
        "I12": (evictions, mean),
        "I13": (len(in_time), len(cohort)),
    }


def _mean_leases(truth: Truth, first: date, last: date, known_on: date) -> Side:
    """The mean of the leases in force on the evenings of the last days of the months."""
    evenings = []
    for month in range(1, 13):
        evening = first + relativedelta(months=month) - timedelta(days=1)
        if evening <= last:
            evenings.append(len(truth.leases_in_force(evening, known_on)))
    mean = Fraction(sum(evenings), len(evenings)) if evenings else Fraction(0)
    if mean.denominator == 1:
        return mean.numerator
    return {"num": mean.numerator, "den": mean.denominator}
