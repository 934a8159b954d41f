"""The drawing of an objective's years: places on paper, worked out here and drawn by a template.

Nothing is told by colour alone: signed figures are full circles, provisional ones rings, targets
bars whose feet point to the right side. The table beside it says the same in words.
"""

from dataclasses import dataclass, field
from fractions import Fraction

WIDTH, HEIGHT = 320, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 28
STEPS = 3
FOOT = 7
"""How long the foot of a bar is, upwards for a least and downwards for a most."""


@dataclass(frozen=True)
class TrendYear:
    """One year to draw; what it does not have is None."""

    year: int
    value: Fraction | None
    is_signed: bool
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    full: bool


@dataclass(frozen=True)
class Bar:
    """A bound of a target; `foot` is where its foot ends."""

    x: float
    y: float
    foot: float


@dataclass
class Trend:
    """What the template draws: coordinates in units of the view box."""

    lines: list[str] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    years: list[tuple[float, int]] = field(default_factory=list)
    levels: list[tuple[float, str]] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def draw(years: list[TrendYear]) -> Trend:
    """The drawing; without any value or bound it has years alone."""
    told = [
        number
        for year in years
        for number in (year.value, year.at_least, year.at_most)
        if number is not None
    ]
    trend = Trend()
    across = WIDTH - LEFT - RIGHT
    places = {
        year.year: round(LEFT + across * (n + 0.5) / len(years), 1) for n, year in enumerate(years)
    }
    trend.years = [(places[year.year], year.year) for year in years]
    if not told:
        return trend
    low, step = _scale(min(told), max(told))
    high = low + step * STEPS

    def height(value: Fraction) -> float:
        share = (value - low) / (high - low)
        return round(float(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)), 1)

    trend.levels = [
        (height(low + step * n), _plain(low + step * n, step)) for n in range(STEPS + 1)
    ]
    run: list[str] = []
    for year in years:
        x = places[year.year]
        if year.at_most is not None:
            y = height(year.at_most)
            trend.bars.append(Bar(x, y, y + FOOT))
        if year.at_least is not None:
            y = height(year.at_least)
            trend.bars.append(Bar(x, y, y - FOOT))
        if year.value is None:
            trend.lines += [" ".join(run)] if len(run) > 1 else []
            run = []
            continue
        trend.dots.append(Dot(x, height(year.value), year.is_signed))
        run.append(f"{x},{height(year.value)}")
    trend.lines += [" ".join(run)] if len(run) > 1 else []
    return trend


def _scale(least: Fraction, most: Fraction) -> tuple[Fraction, Fraction]:
    """A round lowest level and a round step, so that STEPS steps hold everything."""
    span = max(most - least, abs(most) / 10, Fraction(1, 10))
    size = Fraction(1, 1000)
    while True:
        for round_step in (1, 2, 5):
            step = size * round_step
            low = least // step * step
            if step * STEPS >= span and low + step * STEPS >= most:
                return low, step
        size *= 10


def _plain(value: Fraction, step: Fraction) -> str:
    """A level as short as its step allows."""
    places = next(n for n in range(4) if (step * 10**n).denominator == 1)
    return f"{float(value):,.{places}f}".replace(",", "\u202f").replace(".", ",")
