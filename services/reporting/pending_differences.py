"""What has come to differ from a signed return, and why. The return itself does not move.

The figures of today are held against those that were signed. What the signed facts alone come to
today tells a new definition or other bands from new facts; the facts past the cut-off that touched
a part of the figure are named.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import duckdb

from contracts.reporting import Cause, CauseKind, ReturnChange
from services.reporting.cutoffs import beyond, cut_off
from services.reporting.differences import WHEN, facts_behind, lay_parts_down
from services.reporting.figures import KnownOn, period_of
from services.reporting.indicators.register import in_force
from services.reporting.signing import Signed, known_at

FACTS_MAX = 100
"""Facts that a change names: their number is told, all of them are in both rebuilds."""
COUNTED = ("numerator", "denominator", "value")
Figure = dict[str, Any]


def pending(
    cursor: duckdb.DuckDBPyConnection,
    version: Mapping[str, Any],
    reckoned_again: Signed,
    today: Signed,
) -> list[dict[str, Any]]:
    """The changes that a restatement would list, as the contract writes them.

    `reckoned_again`: the signed facts, reckoned by today's code; `today`: all facts.
    """
    signed, again, now = map(
        _by_indicator, (version["figures"], reckoned_again.figures, today.figures)
    )
    moved = [
        identity
        for identity in sorted(again.keys() & now.keys())
        if _differ(again[identity], now[identity], *COUNTED)
    ]
    facts = _facts_behind(cursor, version, known_at(today.known_on), moved)
    changes = []
    for identity in differing(version["figures"], today.figures):
        before, after = signed.get(identity), now.get(identity)
        behind = facts.get(identity, {})
        causes = [*_without_facts(before, again.get(identity), after)]
        causes += [_of_a_fact(*one) for one in islice(behind.items(), FACTS_MAX)]
        changes.append(
            ReturnChange(
                indicator=identity,
                before=before,  # type: ignore[arg-type]
                after=after,  # type: ignore[arg-type]
                causes=causes,
                more_facts=max(0, len(behind) - FACTS_MAX),
            ).model_dump(mode="json", exclude_none=True)
        )
    return changes


def differing(signed: list[Figure], today: list[Figure]) -> list[str]:
    """The indicators whose figure is another one: `pending` says why, which takes longer."""
    before, after = _by_indicator(signed), _by_indicator(today)
    every = before.keys() | after.keys()
    return [identity for identity in sorted(every) if before.get(identity) != after.get(identity)]


def _by_indicator(figures: list[Figure]) -> dict[str, Figure]:
    return {figure["indicator"]: figure for figure in figures}


def _without_facts(
    signed: Figure | None, again: Figure | None, now: Figure | None
) -> Iterator[Cause]:
    """Why the signed facts themselves come to something else today."""
    if signed is None or again is None or _differ(signed, again, "definition_version", "amounts"):
        yield Cause(kind=CauseKind.DEFINITION)
    elif _differ(signed, again, *COUNTED):
        yield Cause(kind=CauseKind.RECOUNT)
    elif _differ(signed, again, "band", "gap"):
        yield Cause(kind=CauseKind.BAND)


def _of_a_fact(fact: str, corrects: bool) -> Cause:
    return Cause(kind=CauseKind.CORRECTION if corrects else CauseKind.LATE, fact=fact)


def _differ(one: Figure, other: Figure, *fields: str) -> bool:
    return any(one.get(field) != other.get(field) for field in fields)


def _facts_behind(
    cursor: duckdb.DuckDBPyConnection, version: Mapping[str, Any], now: KnownOn, moved: list[str]
) -> dict[str, dict[str, bool]]:
    """By indicator, the facts past the cut-off that touched a part of it, as they were recorded;
    whether each corrects another.
    """
    # At either moment the year was over: its period is one and the same.
    period = period_of(version["year"], now)
    chosen = [*in_force(moved, period.last)]
    before, after = WHEN
    with cut_off(cursor, version["cutoff"]):
        lay_parts_down(cursor, before, chosen, period, known_at(version["known_on"]))
    lay_parts_down(cursor, after, chosen, period, now)
    past, found = beyond(version["cutoff"]), dict[str, dict[str, bool]]()
    for indicator in chosen:
        facts = found.setdefault(indicator.id, {})
        for ref, corrects, _ in facts_behind(cursor, indicator, past, period.last, {}):
            facts.setdefault(f"{version['company']}/{ref}", corrects)
    return found
