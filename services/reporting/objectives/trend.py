"""The drawing of a figure over time: places on paper, worked out here and drawn by a template.

Nothing is told by colour alone: signed figures are full circles, provisional ones rings, targets
bars whose feet point to the right side. Two versions of a definition are never in one line: it
breaks between them, at a mark that says which one follows. The table beside it says the same in
words.
"""

from dataclasses import dataclass, field
from fractions import Fraction

WIDTH, HEIGHT = 320, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 28
UNIT_HEIGHT = 16
STEPS = 3
WHOLE = Fraction(100)
"""Per cent, a level of every round step: no axis goes on above it where no figure does."""
FOOT = 7
"""How long the foot of a bar is, upwards for a least and downwards for a most."""


@dataclass(frozen=True)
class TrendPoint:
    """One year to draw, or one month: `label` is its number. What it does not have is None."""

    label: int
    value: Fraction | None
    is_signed: bool
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    definition_version: int | None = None


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
    breaks: list[tuple[float, int | None]] = field(default_factory=list)
    labels: list[tuple[float, int]] = field(default_factory=list)
    levels: list[tuple[float, str]] = field(default_factory=list)
    unit: str = ""
    top: int = 0
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def draw(points: list[TrendPoint], unit: str = "", *, from_zero: bool = False) -> Trend:
    """The drawing; without any value or bound it has labels alone. `unit`: above its axis."""
    told = [
        number
        for point in points
        for number in (point.value, point.at_least, point.at_most)
        if number is not None
    ]
    trend = Trend(unit=unit, top=-UNIT_HEIGHT if unit else 0)
    across = WIDTH - LEFT - RIGHT
    places = {
        point.label: round(LEFT + across * (n + 0.5) / len(points), 1)
        for n, point in enumerate(points)
    }
    trend.labels = [(places[point.label], point.label) for point in points]
    if not told:
        return trend
    least = min([*told, *([Fraction(0)] if from_zero else [])])
    low, high, step = _axis(least, max(told), unit)

    def height(value: Fraction) -> float:
        share = (value - low) / (high - low)
        return round(float(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)), 1)

    levels = [low + step * n for n in range(int((high - low) / step) + 1)]
    trend.levels = [(height(level), _plain(level, step)) for level in levels]
    run: list[str] = []
    before: tuple[float, int | None] | None = None
    for point in points:
        x = places[point.label]
        if point.at_most is not None:
            y = height(point.at_most)
            trend.bars.append(Bar(x, y, y + FOOT))
        if point.at_least is not None:
            y = height(point.at_least)
            trend.bars.append(Bar(x, y, y - FOOT))
        is_other = before is not None and before[1] != point.definition_version
        if point.value is None or is_other:
            trend.lines += [" ".join(run)] if len(run) > 1 else []
            run = []
        if point.value is None:
            continue
        if before is not None and is_other:
            trend.breaks.append((round((before[0] + x) / 2, 1), point.definition_version))
        before = x, point.definition_version
        trend.dots.append(Dot(x, height(point.value), point.is_signed))
        run.append(f"{x},{height(point.value)}")
    trend.lines += [" ".join(run)] if len(run) > 1 else []
    return trend


def _axis(least: Fraction, most: Fraction, unit: str) -> tuple[Fraction, Fraction, Fraction]:
    """Its lowest level, its highest and its step."""
    low, step = _scale(least, most)
    high = low + step * STEPS
    if unit == "%" and most <= WHOLE < high:
        low, high = min(low, WHOLE - step), WHOLE
    return low, high, step


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
