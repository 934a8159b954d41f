"""Bands of an indicator: what an operator calls a value, by the day its period ends.

A value is judged on its exact quotient, before any rounding. Where no band is defined for it, that
is said, never guessed.
"""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_validator,
)

from services.chassis.readings import exact_number
from services.chassis.written import STRICT, Day, DocumentRefused, Fault, Written

Exact = Annotated[
    Fraction, BeforeValidator(exact_number), WithJsonSchema({"type": ["number", "string"]})
]
Text = Annotated[str, Field(min_length=1, max_length=100)]


def _indicator(name: str) -> str:
    if not re.fullmatch(r"I[0-9]{2}[A-Z]?", name, re.ASCII):
        raise ValueError("Un indicateur s'écrit I et deux chiffres\u00a0: I01.")
    return name


class Band(BaseModel):
    """A label and a score for the values between its bounds; a side without a bound is open."""

    model_config = STRICT
    label: Text
    score: Annotated[int, Field(strict=True, ge=-1_000, le=1_000)] | None = None
    at_least: Exact | None = None
    more_than: Exact | None = None
    at_most: Exact | None = None
    less_than: Exact | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.at_least is not None and self.more_than is not None:
            raise ValueError("Donnez at_least ou more_than, pas les deux.")
        if self.at_most is not None and self.less_than is not None:
            raise ValueError("Donnez at_most ou less_than, pas les deux.")
        low, high = self.low, self.high
        if low is not None and high is not None:
            closed = self.at_least is not None and self.at_most is not None
            if low > high or (low == high and not closed):
                raise ValueError("Aucune valeur n'est entre ces bornes.")
        return self

    @property
    def low(self) -> Fraction | None:
        return self.more_than if self.at_least is None else self.at_least

    @property
    def high(self) -> Fraction | None:
        return self.less_than if self.at_most is None else self.at_most

    def holds(self, value: Fraction) -> bool:
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.more_than is None or value > self.more_than)
            and (self.at_most is None or value <= self.at_most)
            and (self.less_than is None or value < self.less_than)
        )

    def meets(self, other: "Band") -> bool:
        """Whether some value lies in both."""
        lows = [band.low for band in (self, other) if band.low is not None]
        highs = [band.high for band in (self, other) if band.high is not None]
        if not lows or not highs:
            return True
        low, high = max(lows), min(highs)
        # Of two bounds at one place only the value itself can be shared.
        return low < high or (low == high and self.holds(low) and other.holds(low))


class BandSet(BaseModel):
    """The bands for periods that end from `valid_from` to `valid_until`, both included."""

    model_config = STRICT
    version: Text
    valid_from: Day
    valid_until: Day | None = None
    source: str = ""
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=100)]

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Bands(BaseModel):
    """All band sets of one indicator. `unit`: what the bounds are compared with."""

    model_config = STRICT
    indicator: Annotated[str, AfterValidator(_indicator)]
    unit: Literal["percent", "ratio"] = "percent"
    sets: Annotated[tuple[BandSet, ...], Field(min_length=1, max_length=1_000)]


class Judged(BaseModel):
    """`band` and `score`, or `definition_gap`: why there is none; neither where no value is."""

    band: str | None = None
    score: int | None = None
    version: str | None = None
    definition_gap: str | None = None


def read_bands(written: Written) -> Bands:
    """Errors: DocumentRefused, also for bands or periods that overlap."""
    bands = written.read(Bands)
    faults = [*_overlapping_sets(bands, written), *_overlapping_bands(bands, written)]
    if faults:
        raise DocumentRefused(written.name, faults)
    return bands


def _overlapping_sets(bands: Bands, written: Written) -> Iterator[Fault]:
    for (_, first), (number, second) in combinations(enumerate(bands.sets), 2):
        starts, ends = max(first.valid_from, second.valid_from), date.max
        for one in (first, second):
            ends = min(ends, one.valid_until or date.max)
        if starts <= ends:
            reason = f"La version {first.version} a déjà des bandes pour le {starts}."
            yield written.fault(["sets", number, "valid_from"], reason)


def _overlapping_bands(bands: Bands, written: Written) -> Iterator[Fault]:
    for place, of_set in enumerate(bands.sets):
        for (_, first), (number, second) in combinations(enumerate(of_set.bands), 2):
            if first.meets(second):
                reason = f"Des valeurs sont aussi dans «\u00a0{first.label}\u00a0»."
                yield written.fault(["sets", place, "bands", number, "label"], reason)


def judge(bands: Bands, numerator: Fraction, denominator: Fraction, period_end: date) -> Judged:
    """Which band a figure is in."""
    if denominator == 0:
        return Judged()
    value = numerator / denominator * (100 if bands.unit == "percent" else 1)
    of_period = next((found for found in bands.sets if found.covers(period_end)), None)
    if of_period is None:
        gap = f"aucune bande de {bands.indicator} pour une période qui finit le {period_end}"
        return Judged(definition_gap=gap)
    found = next((band for band in of_period.bands if band.holds(value)), None)
    if found is None:
        unit = "\u00a0%" if bands.unit == "percent" else ""
        exact = f"{value.numerator}/{value.denominator}" if value.denominator != 1 else f"{value}"
        gap = f"la version {of_period.version} n'a pas de bande pour {exact}{unit}"
        return Judged(version=of_period.version, definition_gap=gap)
    return Judged(band=found.label, score=found.score, version=of_period.version)
