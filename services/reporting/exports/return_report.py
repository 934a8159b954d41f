"""What the report of a signed return says: its figures, their years, the definitions."""

from psycopg import Cursor
from psycopg.rows import DictRow

from services.chassis.amounts import format_day
from services.chassis.clock import day_of
from services.chassis.templating import counted, shown_actor, shown_moment
from services.reporting.exports.report_definitions import definitions_in_words
from services.reporting.exports.report_drawing import Drawing, image
from services.reporting.exports.sheet import used_by
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import edition
from services.reporting.objectives.followed import value_of
from services.reporting.objectives.trend import TrendPoint, draw
from services.reporting.pages import worded
from services.reporting.return_shown import CAUSES, positions
from services.reporting.return_shown import figures as figures_shown
from services.reporting.return_told import with_words
from services.reporting.returns_by_year import Row
from services.reporting.series_shown import unit_of_axis
from services.reporting.signing import known_at
from services.reporting.yearly_return import ReturnState

YEARS_BEFORE = 4
SELECT_BEFORE = """
SELECT year, figures FROM return_version
WHERE year BETWEEN %s AND %s AND recorded_at <= %s ORDER BY year, return_version
"""
"""What had been signed of the years before when a version was: a later restatement moves no byte
of its report.
"""


def years_before(rows: Cursor[DictRow], version: Row) -> dict[int, dict[str, Row]]:
    """By year and indicator, the figures that were signed when this version was."""
    first, last = version["year"] - YEARS_BEFORE, version["year"] - 1
    found = rows.execute(SELECT_BEFORE, (first, last, version["recorded_at"])).fetchall()
    return {row["year"]: {f["indicator"]: f for f in row["figures"]} for row in found}


def return_report(
    company: str, version: Row, before: dict[int, dict[str, Row]], drawing: Drawing
) -> Row:
    """The report in words, under `company`, a name; `drawing` makes the SVG of a figure's years."""
    year, number = version["year"], version["return_version"]
    state = ReturnState.VALIDATED if number == 1 else ReturnState.RESTATED
    shown = figures_shown(version, state)
    signed = format_day(day_of(version["recorded_at"]))
    own = {figure["indicator"]: figure for figure in version["figures"]}
    years = before | {year: own}
    return {
        "title": f"Déclaration annuelle de {year}, version {number}",
        "footer": f"{company}, déclaration de {year}, version {number}",
        "signature": f"Signée le {signed} par {shown_actor(version['actor'])}.",
        "standing": _standing(company, version),
        "figures": [_figure(row, years, year, drawing, known=_known_day(version)) for row in shown],
        "changes": [_change(change) for change in version["changes"]],
        "of_charts": f"De {year - YEARS_BEFORE} à {year}, ce qui était signé le {signed}. Une "
        "année sans déclaration signée n'a pas de point\u00a0; la ligne s'interrompt aussi où la "
        "définition était une autre.",
        "of_definitions": "Un chiffre dit plus haut par quelle version il a été établi. Il est "
        "arrondi au centième, la moitié vers le haut\u00a0; ce qui est divisé par zéro n'est pas "
        "calculable.",
        "definitions": definitions_in_words(
            used_by(one for of in years.values() for name, one in of.items() if name in own)
        ),
    }


def _known_day(version: Row) -> str:
    return format_day(known_at(version["known_on"]).last_seen)


def _standing(company: str, version: Row) -> list[tuple[str, str]]:
    known = known_at(version["known_on"]).before
    pairs = [
        ("Société", company),
        ("Période", f"du 1er janvier au 31 décembre {version['year']}"),
        ("Chiffres connus le", shown_moment(known)),
        *((f"Dernier fait, {name}", str(n)) for name, n in positions(version["cutoff"])),
        ("Empreinte SHA-256", version["digest"]),
    ]
    if version.get("despite"):
        pairs.append(("Signée malgré", " ".join(version["despite"])))
    return [*pairs, ("Raison écrite", version["reason"])] if version["reason"] else pairs


def _figure(
    row: Row, years: dict[int, dict[str, Row]], year: int, drawing: Drawing, *, known: str
) -> Row:
    identity = row["indicator"]
    chosen = edition(identity, row["definition_version"])
    span = range(year - YEARS_BEFORE, year + 1)
    found = {one: years.get(one, {}).get(identity) for one in span}
    told = [
        {"year": str(one), **_told(figure, row["definition_version"])}
        for one, figure in found.items()
    ]
    drawn = "\u00a0; ".join(f"{one['year']}\u00a0: {one['shown']}" for one in told) + "."
    drawn_as = {
        "indicator": identity,
        "title": row["title"],
        "years": told,
        "drawn": drawn,
        "trend": draw(
            [_point(one, found[one], chosen) for one in span],
            unit_of_axis(chosen) if chosen else "",
            from_zero=True,
        ),
    }
    status = f"{row['tag'][0]} {row['reserve']}".strip()
    return {
        **{name: row[name] for name in ("indicator", "title", "shown", "sides", "judged")},
        "status": f"{status}, connu le {known}, définition {row['definition_version']}",
        "years": told,
        "drawn": drawn,
        "chart": image(drawing(drawn_as)),
    }


def _told(figure: Row | None, definition_version: int | None = None) -> Row:
    if figure is None:
        return {"shown": "pas signé", "sides": "–"}
    shown = worded(with_words(figure))
    other = definition_version not in {None, figure["definition_version"]}
    by = f" (définition {figure['definition_version']})" if other else ""
    return {"shown": shown["shown"], "sides": f"{shown['sides']}{by}"}


def _point(year: int, figure: Row | None, definition: Indicator | None) -> TrendPoint:
    """Nothing where no figure is signed, none is computable, or another version counted it."""
    value = None
    if definition and figure and figure["definition_version"] == definition.version:
        value = value_of(figure, definition) if figure.get("value") else None
    return TrendPoint(year, value, True, None, None)


def _change(change: Row) -> Row:
    facts = sum("fact" in cause for cause in change["causes"]) + change["more_facts"]
    kinds = dict.fromkeys(CAUSES[cause["kind"]] for cause in change["causes"])
    return {
        "indicator": change["indicator"],
        "before": _told(change.get("before"))["shown"],
        "after": _told(change.get("after"))["shown"],
        "why": ", ".join(kinds) + (f" ({counted(facts, 'fait', 'faits')})" if facts else ""),
    }
