"""The facts behind a figure are given to an auditor whole: what they are, of when and by whom."""

import pytest
from told import NOW, asked_of

from services.chassis.refusal import Malformed
from services.reporting.exports import figure_exports
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
    with told.taker.store.read() as cursor:
        sides = laid_down_sides(cursor, chosen, period_of(2024, NOW), NOW)
        rows = [*fact_rows("alpha", chosen, sides)]
        counted = sum(side.count_facts() for side in sides)
        both = cited(cursor, chosen, period_of(2024, NOW), NOW, "alpha")
        parts = [part for side in both for part in side]

    assert counted == len(rows) == sum(len(part["facts"]) for part in parts) > 0
    behind = [(part["subject"], part["amount"], fact) for part in parts for fact in part["facts"]]
    assert [(row["part"], row["amount"], row["fact"]) for row in rows] == behind
    for row in rows:
        _, service, position = row["fact"].split("/")
        fact = told.logs[service][int(position) - 1]
        assert (row["type"], row["subject"]) == (fact.type, fact.subject)
        assert (row["occurred_on"], row["actor"]) == (fact.occurred_on, fact.actor)
        assert row["side"] in SIDES


def test_more_lines_than_a_page_has_are_refused_as_a_spreadsheet_alone(told, monkeypatch):
    monkeypatch.setattr(figure_exports, "LINES_MAX", 10)  # a million facts take minutes to make
    with pytest.raises(Malformed, match=r"une feuille de calcul en a 10\. Demandez le CSV"):
        figure_exports.export_facts(asked_of(told), 2024, "I05", "xlsx")
