"""Every figure of random histories is what plain Python makes of the same facts.

Beside that stand three wrong definitions, to prove that a wrong one is seen.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from reference import Reference
from taking import Taker
from told import Told

from contracts.envelope import fact_id
from services.reporting.figures import counted, known_on, period_of
from services.reporting.indicators.register import indicator, indicators
from services.reporting.quotients import fraction_of
from services.reporting.signing import afresh

NOW = datetime(2027, 6, 1, tzinfo=UTC)
SEEDS = range(1, 5)
AS_OF = [(date(2024, 2, 29), "2024-10-31"), (date(2024, 7, 14), None), (date(2025, 1, 1), None)]
ASKED = [(2023, "2023-10-31"), (2024, "2025-02-10"), (2024, None), (2025, None)]


@pytest.fixture(scope="module")
def told(taken):
    """Each history with the bytes that went in."""
    companies = {seed: taken(seed) for seed in SEEDS}
    return {seed: (company, dict(company.contents())) for seed, company in companies.items()}


def reckoned(company, year, known, as_of=None):
    with company.taker.store.read() as cursor:
        return {
            found["indicator"]: (found["numerator"], fraction_of(found["denominator"]))
            for found in afresh(cursor, indicators(), period_of(year, known, as_of), known)
        }


def referred(logs, year, known, as_of=date.max):
    return Reference(logs, year, known.before, known.last_seen, as_of).figures()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_what_plain_python_makes_of_the_facts(told, seed):
    company, logs = told[seed]
    for year, day in ASKED:
        known = known_on(day, NOW)
        assert reckoned(company, year, known) == referred(logs, year, known), (year, day)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_situation_of_a_day_is_the_year_cut_there_by_what_is_known(told, seed):
    """Facts of the day and before count, whenever they were recorded; those after it do not."""
    company, logs = told[seed]
    moved = 0
    for as_of, day in AS_OF:
        year, known = as_of.year, known_on(day, NOW)
        found = reckoned(company, year, known, as_of.isoformat())
        assert found == referred(logs, year, known, as_of), (as_of, day)
        moved += found != reckoned(company, year, known_on(as_of.isoformat(), NOW))
    assert moved, "nothing was recorded late: either clock would do"


def test_the_histories_have_something_of_everything(told):
    counts = dict.fromkeys(indicators(), 0)
    for company, _ in told.values():
        for identity, (above, below) in reckoned(company, 2024, known_on(None, NOW)).items():
            counts[identity] += 0 < above != below
    few = {identity for identity, count in counts.items() if count == 0}
    assert not few - {"I13"}, "these are nothing, or everything, in each of the histories"
    types = {
        fact.type for company, _ in told.values() for log in company.logs.values() for fact in log
    }
    assert len(types) >= 22


@pytest.mark.parametrize("seed", [1, 2])
def test_as_known_on_a_day_is_as_if_the_log_ended_there(told, seed, tmp_path):
    company, _ = told[seed]
    known = known_on("2024-09-30", NOW)
    cut = Told(Taker(tmp_path / "cut.duckdb"))
    cut.logs = {
        service: [fact for fact in log if fact.recorded_at < known.before]
        for service, log in company.logs.items()
    }
    cut.take()

    assert 0 < len(cut.logs["arrears"]) < len(company.logs["arrears"])
    assert reckoned(cut, 2024, known) == reckoned(company, 2024, known)
    cut.taker.store.close()


def test_an_erased_person_moves_no_figure(told, tmp_path):
    """Erasing destroys a key: what was sealed with it reads as anything else would."""
    company, _ = told[3]
    erased = Told(Taker(tmp_path / "erased.duckdb"))
    erased.logs = {
        service: [
            replace(fact, data=fact.data | {"leaseholders": []})
            if fact.type == "intake.lease-signed"
            else fact
            for fact in log
        ]
        for service, log in company.logs.items()
    }
    erased.take()

    known = known_on(None, NOW)
    assert reckoned(erased, 2024, known) == reckoned(company, 2024, known)
    erased.taker.store.close()


def test_what_is_owed_besides_rent_moves_no_figure(told, tmp_path):
    """Every figure is the same without it."""
    company, _ = told[1]
    known, apart = known_on(None, NOW), "arrears.other-charge-recorded"
    without = Told(Taker(tmp_path / "without.duckdb"))
    places = [n for n, f in enumerate(company.logs["arrears"], 1) if f.type != apart]
    moved = {f"alpha/arrears/{old}": new for new, old in enumerate(places, 1)}
    without.logs = dict(company.logs)
    without.logs["arrears"] = [
        replace(f, corrects=f.corrects and fact_id("alpha", "arrears", moved[f.corrects]))
        for f in company.logs["arrears"]
        if f.type != apart
    ]
    without.take()

    assert len(without.logs["arrears"]) + 3 < len(company.logs["arrears"])
    assert reckoned(without, 2024, known) == reckoned(company, 2024, known)
    without.taker.store.close()


WRONG = {
    "at least for more than": ("I03", "numerator", "> 0", ">= 0"),
    "month of record for month of event": (
        *("I05", "numerator", "p.value_date BETWEEN", "p.recorded_at::DATE BETWEEN"),
    ),
    "joined twice": (
        *("I01", "numerator"),
        *("USING (lease_id)", "USING (lease_id) JOIN charges($known) c USING (lease_id)"),
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_definition_is_seen(told, wrong):
    identity, side, right, instead = WRONG[wrong]
    chosen = indicator(identity)
    sql = getattr(chosen, side)
    assert right in sql
    mistaken = replace(chosen, **{side: sql.replace(right, instead)})
    known, seen = known_on(None, NOW), []
    for seed, (company, logs) in told.items():
        with company.taker.store.read() as cursor:
            found = counted(cursor, mistaken, period_of(2024, known), known)
        if (found.numerator, found.denominator) != referred(logs, 2024, known)[identity]:
            seen.append(seed)

    assert seen, f"no history sees {wrong}"
