"""A figure over time: every point is the year cut there, and definitions are never run together."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from reference import Reference

from services.reporting.clocks import Clocks
from services.reporting.figures import known_on, period_of
from services.reporting.indicators.register import indicator, indicators
from services.reporting.objectives.followed import YearFigure
from services.reporting.objectives.trend import TrendPoint, draw
from services.reporting.part_pages import PARTS_MAX, paged
from services.reporting.quotients import fraction_of
from services.reporting.reckoned import Reckoned
from services.reporting.series import series
from services.reporting.series_shown import series_shown
from services.reporting.yearly_return import ReturnState

NOW = datetime(2027, 6, 1, tzinfo=UTC)
I03 = indicator("I03")


@pytest.fixture(scope="module")
def told(taken):
    return taken(2)


def over_time(company, name, year, day=None, as_of=None, signed=()):
    known = known_on(day, NOW)
    with company.taker.store.read() as cursor:
        return series(
            cursor,
            Reckoned(),
            name,
            period_of(year, known, as_of),
            known,
            dict(signed),
            to_its_day=as_of is not None,
        )


def sides(found):
    return found["numerator"], fraction_of(found["denominator"])


def signed(version, *, above=1, below=4):
    """The figure of 2023 as its return says it: a fact leaves out what is not there."""
    figure = {
        "indicator": "I03",
        "definition_version": version,
        "amounts": "leases",
        "numerator": above,
        "denominator": below,
        **({"value": f"{above * 100 / below:.2f}"} if below else {}),
    }
    found = YearFigure(figure, ReturnState.VALIDATED, date(2024, 2, 1))
    return {2023: {"I03": found}}


def test_every_month_and_year_is_the_slow_reckoning_of_the_year_cut_there(told):
    known, logs = known_on("2025-05-20", NOW), dict(told.contents())
    found = {identity: over_time(told, identity, 2024, known.shown) for identity in indicators()}
    lasts = [
        point.period.last for name in ("months", "years") for point in getattr(found["I01"], name)
    ]
    assert len(lasts) == 12 + 3
    for last in dict.fromkeys(lasts):
        cut = Reference(logs, last.year, known.before, known.last_seen, last).figures()
        for identity, one in found.items():
            for point in (*one.months, *one.years):
                if point.period.last == last:
                    assert sides(point.found.figure) == cut.get(identity), (identity, last)


def test_a_month_that_is_not_over_is_left_out_and_so_is_what_the_log_does_not_cover(told):
    running = over_time(told, "I03", 2024, day="2024-03-30")
    over = over_time(told, "I03", 2024, day="2024-03-31")
    first = over_time(told, "I03", 2022)

    assert [point.period.last.month for point in running.months] == [1, 2]
    assert [point.period.last.month for point in over.months] == [1, 2, 3]
    began = first.months[0].period.last
    assert began.month > 1
    assert [point.period.last.year for point in first.years] == [2022]
    assert not first.years[0].found.is_complete
    assert running.years[-1].period.last == date(2024, 3, 30)


@pytest.mark.parametrize(
    ("year", "day", "said"),
    [
        (2021, None, "Le journal ne couvre aucun de ces mois."),
        (2024, "2024-01-15", "Aucun mois n'est encore fini."),
    ],
)
def test_a_year_without_months_says_whether_they_are_not_over_or_before_the_log(
    told, year, day, said
):
    months, _ = series_shown(over_time(told, "I03", year, day=day), I03, Clocks(), "I03")

    assert (months["rows"], months["none"]) == ([], said)


def test_years_beside_the_situation_of_a_day_end_on_the_same_day(told):
    whole = over_time(told, "I03", 2024)
    cut = over_time(told, "I03", 2024, as_of="2024-02-29", signed=signed(1).items())

    assert {point.period.last.strftime("%d/%m") for point in whole.years} == {"31/12"}
    assert [point.period.last for point in cut.years] == [date(2023, 2, 28), date(2024, 2, 29)]
    assert {point.found.state for point in cut.years} == {ReturnState.PROVISIONAL}


def test_a_year_before_has_what_was_signed_and_the_year_itself_what_its_page_says(told):
    other, same = signed(1), over_time(told, "I03", 2023).years[-1].found.figure
    as_signed = {2023: {"I03": YearFigure(same, ReturnState.VALIDATED, date(2024, 2, 1))}}

    beside = over_time(told, "I03", 2024, signed=other.items()).years[-2].found
    moved = over_time(told, "I03", 2023, signed=other.items()).years[-1].found
    alike = over_time(told, "I03", 2023, signed=as_signed.items()).years[-1].found

    assert beside is other[2023]["I03"]
    assert (moved.state, moved.figure) == (ReturnState.PROVISIONAL, same)
    assert alike.state is ReturnState.VALIDATED


def test_two_versions_of_a_definition_are_not_in_one_line(told):
    def years(version):
        found = over_time(told, "I03", 2025, signed=signed(version).items())
        return series_shown(found, I03, Clocks(), "I03")[1]

    one, two = years(1), years(2)

    assert len(one["trend"].dots) == len(two["trend"].dots) == 4
    assert (one["trend"].breaks, one["several"]) == ([], False)
    assert [version for _, version in two["trend"].breaks] == [2, 1]
    assert [len(line.split()) for line in two["trend"].lines] == [2]
    assert [len(line.split()) for line in one["trend"].lines] == [4]
    assert two["several"]
    assert [row["definition_version"] for row in two["rows"]] == [1, 2, 1, 1]


def test_a_year_that_was_signed_as_not_computable_has_a_row_and_no_place(told):
    found = over_time(told, "I03", 2024, signed=signed(1, above=0, below=0).items())
    years = series_shown(found, I03, Clocks(), "I03")[1]

    assert years["rows"][1]["shown"] == "pas calculable"
    assert (len(years["trend"].dots), years["trend"].lines) == (2, [])


def test_a_month_leads_to_its_own_day_as_known_on_the_same(told):
    found = over_time(told, "I03", 2024, day="2024-04-30")
    months, years = series_shown(found, I03, Clocks("2024-04-30"), "I03")

    assert months["rows"][1]["explained"] == ("years/2024/I03?as_of=2024-02-29&known_on=2024-04-30")
    assert years["rows"][0]["explained"].endswith("/I03?known_on=2024-04-30")
    assert years["rows"][-1]["label"] == "2024, au 30/04"
    assert len(months["trend"].labels) == 12
    assert "29 février 2024\u00a0: " in months["told"]


def test_the_axis_begins_at_nought_and_says_its_unit(told):
    points = [TrendPoint(n, Fraction(80 + n), is_signed=False) for n in (1, 2)]
    drawn = draw(points, "%", from_zero=True)
    shown = series_shown(over_time(told, "I06", 2024), indicator("I06"), Clocks(), "I06")

    assert drawn.levels[0][1] == "0"
    assert draw(points).levels[0][1] != "0"
    assert (drawn.unit, shown[0]["trend"].unit) == ("%", "jours")


@pytest.mark.parametrize(
    ("values", "from_zero", "levels"),
    [
        (["66.67", "100"], True, ["0", "50", "100"]),
        (["7.5", "9"], True, ["0", "5", "10", "15"]),
        (["90", "120"], True, ["0", "50", "100", "150"]),
        (["95.5", "97"], False, ["95", "100"]),
        (["100", "100"], False, ["95", "100"]),
    ],
)
def test_an_axis_of_per_cents_ends_at_a_hundred_unless_a_figure_is_above(values, from_zero, levels):
    points = [TrendPoint(n, Fraction(value), True) for n, value in enumerate(values, 2024)]

    drawn = draw(points, "%", from_zero=from_zero)

    assert [words for _, words in drawn.levels] == levels
    assert all(drawn.levels[-1][0] <= dot.y <= drawn.levels[0][0] for dot in drawn.dots)


def test_the_situation_of_a_day_is_in_another_year_that_of_the_same_day():
    clocks = Clocks("2025-01-31", "2024-02-29")

    assert clocks.in_year(2023).asked == ("2025-01-31", "2023-02-28")
    assert Clocks().in_year(2023).query() == ""


@pytest.mark.parametrize(("page", "first", "last"), [(1, 1, 50), (2, 51, 100), (9, 101, 120)])
def test_the_parts_of_a_side_are_shown_page_by_page(page, first, last):
    shown = paged(list(range(1, 121)), page, apart=True)

    assert PARTS_MAX == 50
    assert (shown["first"], shown["parts"][0], shown["parts"][-1]) == (first, first, last)
    assert (shown["count"], shown["pages"]) == (120, 3)
