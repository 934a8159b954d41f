"""Returns as the API and the command line tell them."""

from services.reporting.completeness import each_complete
from services.reporting.indicators.definition import SourceStatus, Unit
from services.reporting.indicators.register import edition
from services.reporting.returns import Standing
from services.reporting.returns_by_year import Row
from services.reporting.signing import Signed


def told_return(row: Row) -> Row:
    """A line of the list of returns."""
    names = ("year", "state", "version", "published")
    return {name: row[name] for name in names} | {"prepared_at": row["prepared_at"].isoformat()}


def told_standing(standing: Standing) -> Row:
    """Where a return stands; `in_the_way`: what is missing before it can be signed."""
    return {
        **told_return(standing.row),
        "is_over": standing.is_over,
        "in_the_way": [
            {"sentence": lack.sentence, "needs": "wait" if lack.may_come else "reason"}
            for lack in standing.lacks
        ],
        "checks": [
            {
                "check": checked.check.id,
                "words": checked.check.words,
                "left": checked.left,
                "right": checked.right,
                "amounts": checked.check.amounts.value,
                "holds": None if checked.left is None else not checked.fails,
            }
            for checked in standing.checks
        ],
        "versions": [_signature(version) for version in standing.versions],
        "today": {
            "known_on": standing.today.known_on,
            "cutoff": standing.today.cutoff,
            "figures_digest": standing.today.figures_digest,
            "figures": [with_words(figure) for figure in standing.today.figures],
        },
        "pending": standing.pending,
    }


def told_version(version: Row, again: Signed) -> Row:
    """A signed version; `identical`: today's rebuild to the same cut-off gives the same bytes."""
    return {
        "company": version["company"],
        "return": f"{version['year']}/{version['return_version']}",
        **_signature(version),
        "period": {"from": f"{version['year']}-01-01", "to": f"{version['year']}-12-31"},
        "figures": [*each_complete(map(with_words, version["figures"]), version["despite"] or ())],
        "changes": version["changes"],
        "rebuilt_digest": again.digest,
        "identical": is_identical(version, again),
    }


def is_identical(version: Row, again: Signed) -> bool:
    """Also false when what is kept of the version is not what was signed."""
    kept = Signed(
        again.company, again.year, version["known_on"], version["cutoff"], version["figures"]
    )
    return bool(version["digest"] == kept.digest == again.digest)


def _signature(version: Row) -> Row:
    names = ("year", "return_version", "known_on", "cutoff", "digest")
    return {
        **{name: version[name] for name in (*names, "despite", "reason", "actor", "fact")},
        "signed_at": version["recorded_at"].isoformat(),
    }


def with_words(figure: Row) -> Row:
    """A signed figure in the shape of a report's, with the words of its definition."""
    definition = edition(figure["indicator"], figure["definition_version"])
    return {
        "indicator": figure["indicator"],
        "definition_version": figure["definition_version"],
        "source_status": (definition.source_status if definition else SourceStatus.PROPOSED).value,
        "title": definition.title["fr"] if definition else figure["indicator"],
        "unit": (definition.unit if definition else Unit.PERCENT).value,
        "amounts": figure["amounts"],
        "numerator": figure["numerator"],
        "denominator": figure["denominator"],
        "value": figure.get("value"),
        "computable": figure.get("value") is not None,
        "band": figure.get("band"),
        "definition_gap": "aucune bande n'est définie pour cette valeur"
        if figure.get("gap")
        else None,
        "members": figure.get("members"),
        "left_out": figure.get("left_out"),
    }
