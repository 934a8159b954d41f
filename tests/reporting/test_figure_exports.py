"""The facts behind a figure are given to an auditor whole: what they are, of when and by whom."""

from types import SimpleNamespace

import pytest
from told import NOW

from services.reporting.exports.figure_exports import SIDES, fact_rows
from services.reporting.figures import period_of
from services.reporting.indicators.register import indicators
from services.reporting.parts import cited, laid_down_sides


@pytest.fixture(scope="module")
def told(taken):
    return taken(3)


@pytest.mark.parametrize("identity", indicators())
def test_every_part_stands_with_every_fact_behind_it(told, identity):
    chosen = indicators()[identity]
    reporting = SimpleNamespace(company=SimpleNamespace(slug="alpha"), store=told.taker.store)
    with told.taker.store.read() as cursor:
        sides = laid_down_sides(cursor, chosen, period_of(2024, NOW), NOW)
        above, below = cited(sides, chosen, "alpha", None)
    explained = {"numerator_parts": above, "denominator_parts": below, "left_out_parts": []}

    rows = fact_rows(reporting, explained)

    wanted = [part for side in (above, below) for part in side]
    assert len(rows) == sum(len(part["facts"]) for part in wanted) > 0
    assert {(row["part"], row["amount"]) for row in rows} == {
        (part["subject"], part["amount"]) for part in wanted
    }
    for row in rows:
        _, service, position = row["fact"].split("/")
        fact = told.logs[service][int(position) - 1]
        assert (row["type"], row["subject"]) == (fact.type, fact.subject)
        assert (row["occurred_on"], row["actor"]) == (fact.occurred_on, fact.actor)
        assert row["side"] in SIDES
