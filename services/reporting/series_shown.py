"""What the page of a figure shows of its months and years: two drawings, each with its table."""

from collections.abc import Sequence
from typing import Any

from services.chassis.amounts import format_day
from services.reporting.clocks import Clocks
from services.reporting.indicators.definition import COUNTED, UNITS, Amounts, Indicator, Unit
from services.reporting.objectives.contracts_by_year import Row
from services.reporting.objectives.followed import value_of
from services.reporting.objectives.trend import Trend, TrendPoint, draw
from services.reporting.pages import worded
from services.reporting.return_shown import OF_A_FIGURE
from services.reporting.return_told import with_words
from services.reporting.series import Point, Series, is_whole
from services.reporting.yearly_return import ReturnState

MONTHS = 12
NONE_OVER = "Aucun mois n'est encore fini."


def series_shown(
    found: Series, chosen: Indicator, clocks: Clocks, name: str
) -> list[dict[str, Any]]:
    """The months of the year, then its years; `rows` is empty where nothing is to be shown yet.

    `name`: by which it was asked for, `I20` or `I20@1`.
    """
    year = found.years[-1].period.last.year
    months = [_row(point, name, clocks.on(point.period.last)) for point in found.months]
    years = [
        _row(point, name, clocks.in_year(point.period.last.year)) | {"label": _year(point)}
        for point in found.years
    ]
    first = years[0]["year"]
    span = f"De {first} à {year}" if first < year else f"En {year}"
    none = "Le journal ne couvre aucun de ces mois." if found.before_the_log else NONE_OVER
    by_month = _drawn(
        "months", f"À la fin de chaque mois de {year}", months, _of_months(found, chosen)
    )
    return [
        by_month | {"none": none},
        _drawn("years", span, years, _trend(found.years, chosen)),
    ]


def _drawn(name: str, title: str, rows: list[Row], trend: Trend) -> dict[str, Any]:
    said = "\u00a0; ".join(f"{row['label']}\u00a0: {row['shown']}" for row in rows)
    several = len({row["definition_version"] for row in rows}) > 1
    partly = [row["label"] for row in rows if not row["is_complete"]]
    return {
        "name": name,
        "title": title,
        "rows": rows,
        "trend": trend,
        "told": f"{said}.",
        "several": several,
        "partly": partly if name == "years" or len(partly) < len(rows) else [],
    }


def _row(point: Point, name: str, clocks: Clocks) -> Row:
    year, asked = point.period.last.year, clocks.query() if point.found.version is None else ""
    figure = worded(with_words(point.found.figure))
    return {
        "label": format_day(point.period.last),
        "year": year,
        "shown": figure["shown"],
        "sides": figure["sides"],
        "definition_version": figure["definition_version"],
        "tag": OF_A_FIGURE[point.found.state],
        "standing": _standing(point),
        "is_complete": point.found.is_complete,
        "explained": point.found.explained_at(year, name) + asked,
    }


def _year(point: Point) -> str:
    """The year, and its last day where that is another than the year's own."""
    last = point.period.last
    return str(last.year) if is_whole(point.period) else f"{last.year}, au {last:%d/%m}"


def _standing(point: Point) -> str:
    found = point.found
    if found.state is not ReturnState.PROVISIONAL:
        known = f"signé le {format_day(found.known_on)}"
        return known if found.is_complete else f"{known}, avec réserve"
    return "" if found.is_complete else "le journal commence trop tard"


def _of_months(found: Series, chosen: Indicator) -> Trend:
    """Twelve places, so that a year that runs is seen to run."""
    by_month = {point.period.last.month: point for point in found.months}
    return draw(
        [
            _trend_point(by_month[month], month, chosen)
            if month in by_month
            else TrendPoint(month, None, is_signed=False)
            for month in range(1, MONTHS + 1)
        ],
        unit_of_axis(chosen),
        from_zero=True,
    )


def _trend(points: Sequence[Point], chosen: Indicator) -> Trend:
    drawn = [_trend_point(point, point.period.last.year, chosen) for point in points]
    return draw(drawn, unit_of_axis(chosen), from_zero=True)


def _trend_point(point: Point, label: int, chosen: Indicator) -> TrendPoint:
    figure = point.found.figure
    return TrendPoint(
        label,
        value_of(figure, chosen) if figure.get("value") is not None else None,
        point.found.state is not ReturnState.PROVISIONAL,
        definition_version=figure["definition_version"],
    )


def unit_of_axis(chosen: Indicator) -> str:
    """What the numbers beside the axis are."""
    if chosen.unit is not Unit.COUNT:
        return UNITS[chosen.unit]
    return "euros" if chosen.amounts is Amounts.CENTS else COUNTED[chosen.amounts][1]
