"""Definitions say what they count, what they do not, over which period and of whom."""

import re
from dataclasses import replace
from datetime import date

import pytest
from made_up import chained, charge
from told import NOW

from services.reporting.exports.sheet import definitions
from services.reporting.figures import figure, period_of
from services.reporting.indicators.definition import PeriodKind
from services.reporting.indicators.register import editions, in_order, indicator
from services.reporting.parts import amounts, parts

ALL = [one for versions in editions().values() for one in versions]
PLAIN = re.compile(r" (?=[:;?!»](?:\s|$))|« ")
LOOKS_AT = {
    PeriodKind.AT_DAY: ("$last", "$first"),
    PeriodKind.YEAR: ("$first", "$first - INTERVAL 12 MONTH"),
    PeriodKind.COHORT: ("$first - INTERVAL 12 MONTH", None),
}
"""By the kind of its period, what a definition reads and what it does not."""


@pytest.mark.parametrize("chosen", ALL, ids=lambda chosen: chosen.name)
def test_a_definition_is_whole_and_in_four_languages(chosen):
    assert set(chosen.title) == {"fr", "nl", "de", "en"}
    assert all([*chosen.title.values(), chosen.formula, chosen.source])
    assert chosen.counter_examples
    assert all(said.endswith(".") for said in (chosen.formula, *chosen.counter_examples))


@pytest.mark.parametrize("chosen", ALL, ids=lambda chosen: chosen.name)
def test_no_line_of_its_words_begins_with_a_colon(chosen):
    said = (chosen.title["fr"], chosen.formula, chosen.source, *chosen.counter_examples)

    assert not [words for words in said if PLAIN.search(words)]


@pytest.mark.parametrize("chosen", ALL, ids=lambda chosen: chosen.name)
def test_what_it_reads_is_of_the_period_that_it_says(chosen):
    reads, reads_not = LOOKS_AT[chosen.period_kind]

    kind = f"{chosen.name} is of the kind « {chosen.period_kind} »"
    assert reads in chosen.sql, f"{kind}: its SQL has {reads}, or it is of another kind"
    assert reads_not is None or reads_not not in chosen.sql, f"{kind}: its SQL has no {reads_not}"


@pytest.mark.parametrize("chosen", ALL, ids=lambda chosen: chosen.name)
def test_one_that_looks_before_its_period_says_how_far(chosen):
    to_last = "$last + INTERVAL 1 DAY - INTERVAL 12 MONTH"
    assert bool(chosen.months_to_last) is (to_last in chosen.sql)
    assert "$last - INTERVAL" not in chosen.sql, "of 28 February that begins on the 29th"
    if before := re.findall(r"\$first - INTERVAL (\d+) MONTH", chosen.sql):
        looks = max(map(int, before))
    elif "INTERVAL 6 MONTH + INTERVAL 15 DAY" in chosen.sql:
        looks = 7
    else:
        looks = int("INTERVAL 30 DAY" in chosen.sql)
    assert chosen.months_before == looks, f"{chosen.name}: say that it looks {looks} months before"


@pytest.mark.parametrize("side", ["numerator", "denominator"])
def test_a_definition_whose_sql_names_no_facts_is_refused_in_a_sentence(side):
    chosen = indicator("I10")
    nameless = replace(
        chosen, **{side: "SELECT lease_id AS subject, 1 AS amount FROM leases($known)"}
    )

    with pytest.raises(ValueError, match=f"I10: each row of its {side} needs refs"):
        in_order([nameless])
    assert in_order([chosen]) == {"I10": (chosen,)}


def test_every_part_of_every_figure_names_a_fact(taken):
    period = period_of(2024, NOW)
    with taken(2).taker.store.read() as cursor:
        nameless = [
            chosen.id
            for chosen in ALL
            for sql in (chosen.numerator, chosen.denominator)
            if [part["amount"] for part in amounts(cursor, sql, period, NOW)]
            != [part["amount"] for part in parts(cursor, sql, period, NOW, "alpha")]
        ]

    assert nameless == []


def test_what_is_exported_says_what_does_not_count_and_of_whom():
    (told,) = definitions([("I13", 1)])

    assert "douze mois et un jour" in str(told["counter_examples"])
    assert told["period_kind"] == "cohort"
    assert "filiale" in str(told["perimeter"])


def test_a_case_counts_in_each_stage_that_it_reached(company):
    company.let(1, date(2020, 1, 1))
    for stage, more in (
        ("court-petition-filed", {"filed_on": date(2024, 2, 1)}),
        ("judgment-given", {"given_on": date(2024, 4, 1), "eviction_authorised": True}),
        ("eviction-executed", {"executed_on": date(2025, 3, 20)}),
    ):
        company.say(f"arrears.{stage}", lease=1, judgment="j", **more)
    company.take()

    assert company.sides("I11", 2024)[0] == 1
    assert company.sides("I13", 2025) == (1, 1)
    assert company.sides("I12", 2025)[0] == 1


def test_quarters_are_added_up_inside_their_year_alone(company):
    company.let(1, date(2020, 1, 1))
    for lease, day in enumerate((date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30)), 1):
        company.say("arrears.eviction-executed", lease=lease, judgment="j", executed_on=day)
    company.take()

    def until(day):
        with company.taker.store.read() as cursor:
            found = figure(cursor, indicator("I12"), period_of(int(day[:4]), NOW, day), NOW)
        return found["numerator"]

    assert [until(d) for d in ("2023-12-31", "2024-03-30", "2024-03-31", "2024-06-30")] == [
        1,
        0,
        1,
        2,
    ]
    assert company.sides("I12", 2024)[0] == 2


def test_what_another_company_recorded_is_not_counted(company):
    charges = [charge(n) for n in range(3)]

    company.taker.take(chained(charges, company="beta"))
    assert (company.taker.count(), company.sides("I05", 2024)) == (0, (0, 0))

    company.taker.take(chained(charges))
    assert company.taker.count() == 3
    assert company.sides("I05", 2024)[1] > 0
