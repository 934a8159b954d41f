"""A contract as JSON tells it."""

from services.reporting.objectives.contracts_by_year import Row
from services.reporting.objectives.followed import FollowedYear, YearFigure
from services.reporting.objectives.standing import ContractStanding, FollowedObjective

MEDIAN = ("members", "left_out")


def told_contract(row: Row) -> Row:
    names = ("first_year", "last_year", "baseline_year", "version", "agreed")
    return {name: row[name] for name in names if name in row} | {
        "adopted_at": row["recorded_at"].isoformat()
    }


def told_standing(company: str, standing: ContractStanding) -> Row:
    """Every objective with each year: target, figure, and whether one reaches the other."""
    return {
        "company": company,
        "contract": told_contract(standing.row),
        "objectives": [_objective(followed) for followed in standing.objectives],
    }


def _objective(followed: FollowedObjective) -> Row:
    indicator, row = followed.indicator, followed.row
    return {
        "indicator": indicator.id,
        "title": indicator.title["fr"],
        "theme": row["theme"],
        "unit": indicator.unit.value,
        "amounts": indicator.amounts.value,
        "baseline": row["baseline"],
        "years": [told_year(one) for one in followed.years],
        "settings": [
            {
                "from_year": setting["targets"][0]["year"],
                "direction": setting["direction"],
                "definition_version": setting["definition_version"],
                "targets": setting["targets"],
                "words": setting["words"],
                "recorded_at": setting["recorded_at"].isoformat(),
                "actor": setting["actor"],
                "fact": setting["fact"],
            }
            for setting in row["settings"]
        ],
        "evaluations": [
            {
                "year": evaluation["year"],
                "comment": evaluation["words"],
                "recorded_at": evaluation["recorded_at"].isoformat(),
                "actor": evaluation["actor"],
                "fact": evaluation["fact"],
            }
            for evaluation in row["evaluations"]
        ],
    }


def told_year(one: FollowedYear) -> Row:
    return {
        "year": one.year,
        "target": one.target,
        "target_definition_version": one.definition_version,
        "figure": _figure(one.found) if one.found else None,
        "reached": one.reached,
        "not_compared": one.why_not.value if one.why_not else None,
    }


def _figure(found: YearFigure) -> Row:
    """`return_version`: of the return that it was signed in; a median says of how many it is."""
    figure = found.figure
    return {
        "state": found.state.value,
        "return_version": found.version,
        "known_on": found.known_on.isoformat(),
        "is_over": found.is_over,
        "complete": found.is_complete,
        "definition_version": figure["definition_version"],
        "numerator": figure["numerator"],
        "denominator": figure["denominator"],
        "value": figure.get("value"),
        **{name: figure[name] for name in MEDIAN if figure.get(name) is not None},
    }
