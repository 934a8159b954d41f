"""Several versions of one definition: each counts its own periods, and none is run into another."""

import asyncio
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from pypdf import PdfReader
from told import NOW, Told, asked_of

import services.reporting.indicators as package
from services.reporting import signing
from services.reporting.__main__ import build
from services.reporting.clocks import Clocks
from services.reporting.differences import differences
from services.reporting.exports.figure_exports import export_facts, export_figures
from services.reporting.exports.return_report import return_report
from services.reporting.exports.sheet import definitions, used_by
from services.reporting.exports.typesetting import RETURN, pdf_of
from services.reporting.figures import known_on, period_of
from services.reporting.indicators.definition import Unit
from services.reporting.indicators.register import (
    UnknownIndicator,
    asked_for,
    edition,
    editions,
    in_force,
    in_order,
    indicator,
)
from services.reporting.indicators.trial import try_definitions
from services.reporting.objectives.followed import targets_in_force
from services.reporting.reckoned import Reckoned
from services.reporting.replay_pages import export as export_replay
from services.reporting.return_shown import otherwise
from services.reporting.series import series
from services.reporting.series_shown import series_shown

README = Path(package.__path__[0]).with_name("README.md")
I03 = indicator("I03")
CHANGE = date(2026, 1, 1)
SECOND = replace(I03, version=2, valid_from=CHANGE)


@pytest.fixture
def two(tmp_path, monkeypatch):
    """The second version of I03 as the README shows it: a file more, and nothing else."""
    (written,) = re.findall(r"```python\n(.+?)```", README.read_text("utf-8"), re.DOTALL)
    (tmp_path / "i03_households_late_2.py").write_text(written, "utf-8")
    # Its folder beside the package's own: a test writes nothing into the sources.
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    editions.cache_clear()
    yield editions()["I03"]
    for name in ("i03_households_late_2", "i03_another"):
        sys.modules.pop(f"{package.__name__}.{name}", None)
    editions.cache_clear()


@pytest.fixture
def owing(company: Told) -> Told:
    """One household owes 30 €, another 300 €, since 2024."""
    for lease, cents in ((1, 30_00), (2, 300_00)):
        company.let(lease, date(2020, 1, 1))
        said = {"lease": lease, "charge": lease, "month": "2024-06", "due_on": date(2024, 6, 10)}
        company.say("arrears.rent-charged", **said, rent_cents=cents, charges_cents=0)
    return company.take()


def figures(company, names, year):
    with company.taker.store.read() as cursor:
        found = signing.afresh(cursor, asked_for(names), period_of(year, NOW), NOW)
    return [
        (each["definition_version"], each["numerator"], each["denominator"])
        for each in found
        if each["indicator"] == "I03"
    ]


def over_time(company, name, year=2026):
    with company.taker.store.read() as cursor:
        period = period_of(year, NOW)
        return series(cursor, Reckoned(), name, period, NOW, {}, to_its_day=False)


def test_the_indicator_of_these_tests_has_one_version_alone():
    assert [one.name for one in editions()["I03"]] == ["I03@1"], (
        "these tests and those of tests/reporting/test_provinces.py make the second version of I03 "
        "themselves, as the README shows it: choose another indicator for both and for the README"
    )


def test_another_version_is_a_file_and_counts_the_periods_that_end_while_it_is_in_force(two, owing):
    assert [one.name for one in two] == ["I03@1", "I03@2"]
    assert figures(owing, [], 2025) == [(1, 2, 2)]
    assert figures(owing, [], 2026) == [(2, 1, 2)]
    assert [one.name for one in in_force(["I03"], date(2025, 12, 31))] == ["I03@1"]
    assert [one.name for one in in_force(["I03"], CHANGE)] == ["I03@2"]


@pytest.mark.usefixtures("two")
def test_by_its_name_a_version_counts_any_period_and_two_stand_beside_each_other(owing):
    assert figures(owing, ["I03@1"], 2026) == [(1, 2, 2)]
    assert figures(owing, ["i03@2"], 2025) == [(2, 1, 2)]
    assert figures(owing, ["I03@1", "I03@2"], 2025) == [(1, 2, 2), (2, 1, 2)]
    assert len(asked_for(["I03@1"])) == len(editions())


@pytest.mark.usefixtures("two")
def test_years_of_two_versions_are_not_in_one_line_unless_one_is_asked_for(owing):
    broken, whole = (
        series_shown(over_time(owing, name), I03, Clocks(), name)[1] for name in ("I03", "I03@1")
    )

    assert [row["definition_version"] for row in broken["rows"]] == [1, 1, 2]
    assert [version for _, version in broken["trend"].breaks] == [2]
    assert broken["several"]
    assert [row["definition_version"] for row in whole["rows"]] == [1, 1, 1]
    assert (whole["trend"].breaks, whole["several"]) == ([], False)
    assert len(whole["trend"].lines) == 1


def test_a_year_that_was_signed_by_another_version_is_counted_by_the_one_asked_for(two, owing):
    as_signed = over_time(owing, "I03", 2025).years[-1].found
    with owing.taker.store.read() as cursor:
        how = (period_of(2026, NOW), NOW, {2025: {"I03": as_signed}})
        found = [
            series(cursor, Reckoned(), name, *how, to_its_day=False).years[-2].found
            for name in ("I03", "I03@1", "I03@2")
        ]

    assert [each is as_signed for each in found] == [True, True, False]
    assert found[2].figure["definition_version"] == two[1].version


def test_two_versions_within_a_year_are_not_compared_unless_one_is_asked_for(monkeypatch, owing):
    later = replace(SECOND, valid_from=date(2025, 7, 1), numerator=I03.denominator)
    monkeypatch.setitem(editions(), "I03", (I03, later))
    recorded = datetime(2025, 8, 1, tzinfo=UTC)
    owing.let(3, date(2025, 8, 1), on=date(2025, 8, 1), at=recorded)
    owing.take()
    moments = [known_on(day, NOW.before) for day in ("2025-06-30", "2025-12-31")]

    def change(*definitions):
        with owing.taker.store.read() as cursor:
            told = differences(cursor, "alpha", 2025, *moments, definitions=definitions)
        (found,) = (change for change in told["changes"] if change["indicator"] == "I03")
        versions = {found[side]["definition_version"] for side in ("figure_before", "figure_after")}
        return versions, [(cause["fact"], cause["kind"]) for cause in found["because"]]

    assert change() == ({1, 2}, [(None, "definition")])
    assert change("I03@1") == ({1}, [("alpha/intake/3", "new")])
    assert change("I03@2") == ({2}, [("alpha/intake/3", "new")])


def test_a_signed_figure_is_reckoned_again_by_the_definition_it_was_signed_by(monkeypatch, owing):
    with owing.taker.store.read() as cursor:
        signed = signing.as_known(cursor, "alpha", 2025, NOW, lambda figure, _: figure)
        version = {"year": 2025, "figures": signed.figures} | signed.recorded()
        later = replace(SECOND, valid_from=date.min, numerator=I03.denominator)
        monkeypatch.setitem(editions(), "I03", (I03, later))
        names = signing.signed_by(version)
        how = (cursor, "alpha", version, lambda figure, _: figure)
        by_signed, by_today = signing.again(*how, names=names), signing.again(*how)

        assert by_signed.digest == signed.digest != by_today.digest

        # Where the code has forgotten it, what it knows is told, and that it differs.
        monkeypatch.setitem(editions(), "I03", (later,))
        assert signing.again(*how, names=signing.signed_by(version)).digest == by_today.digest


def test_an_indicator_that_begins_later_has_no_figure_before(monkeypatch, owing):
    monkeypatch.setitem(editions(), "I03", (replace(I03, valid_from=CHANGE),))

    assert figures(owing, [], 2025) == []
    assert figures(owing, [], 2026) == [(1, 2, 2)]
    assert [p.period.last.year for p in over_time(owing, "I03").years] == [2026]
    with pytest.raises(UnknownIndicator, match=r"à partir du 1er janvier 2026"):
        indicator("I03", date(2025, 12, 31))


def test_a_target_is_of_the_version_that_counts_its_year_among_those_known_when_it_was_set(two):
    def setting(version, *years):
        return {"definition_version": version, "targets": [{"year": year} for year in years]}

    before = {"indicator": "I03", "settings": [setting(1, 2025, 2026)]}
    after = {"indicator": "I03", "settings": [setting(two[1].version, 2025, 2026)]}

    def versions(objective):
        return {year: version for year, (_, version) in targets_in_force(objective).items()}

    assert versions(before) == {2025: 1, 2026: 1}
    assert versions(after) == {2025: 1, 2026: 2}
    assert versions(before | {"indicator": "I99"}) == {2025: 1, 2026: 1}


def test_an_export_has_each_definition_that_its_figures_were_reckoned_by(two):
    figures = [{"indicator": "I03", "definition_version": one.version} for one in two]

    told = definitions(used_by([*figures, *figures]))

    assert [(one["definition_version"], one["valid_from"]) for one in told] == [
        (1, None),
        (2, CHANGE),
    ]
    assert edition("I03", 7) is two[1]
    assert edition("I99", 1) is None


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (replace(SECOND, version=1), "I03@1 is there twice"),
        (replace(SECOND, valid_from=date(2019, 1, 1)), "in force before I03@1"),
        (replace(SECOND, unit=Unit.COUNT), "I03@2 has another unit"),
    ],
)
def test_versions_of_which_it_is_not_plain_what_counts_are_refused(later, why):
    with pytest.raises(ValueError, match=why):
        in_order([later, replace(I03, valid_from=date(2020, 1, 1))])


@pytest.mark.usefixtures("two")
def test_a_report_in_pdf_says_from_when_each_definition_counts(drawing):
    told = [
        {"indicator": "I03", "definition_version": one, "amounts": "leases", "value": "50.00"}
        | {"numerator": 1, "denominator": 2}
        for one in (1, 2)
    ]
    signed = {"company": "alpha", "year": 2026, "return_version": 1, "recorded_at": NOW.before}
    signed |= {"known_on": "2027-05-01T08:00:00+00:00", "cutoff": {}, "figures": told[1:]}
    signed |= {"changes": [], "digest": "ab" * 32, "reason": "", "actor": "manager.alpha"}

    report = return_report("Alpha", signed, {2025: {"I03": told[0]}}, drawing)
    text = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(pdf_of(RETURN, report, NOW.before))).pages
    )

    assert [one["definition_version"] for one in report["definitions"]] == [1, 2]
    assert "à partir du 1er janvier 2026" in " ".join(text.split())


def test_a_signed_return_shows_the_figures_that_it_has_by_the_versions_it_was_signed_by(two):
    version = {"figures": [{"indicator": "I03", "definition_version": 1}]}

    for name in ("I03", "i03@1"):
        assert signing.signed_definition(version, name) is two[0]
    for name in ("I03@2", "I01", "I99"):
        with pytest.raises(UnknownIndicator):
            signing.signed_definition(version, name)


@pytest.mark.parametrize(
    ("written", "otherwise", "why"),
    [
        ("version=2", "version=1", "I03@1 is there twice"),
        (">= 5000", ">= fifty_euros", "I03@2: its numerator cannot be read: .*fifty_euros"),
    ],
)
@pytest.mark.usefixtures("two")
def test_definitions_that_cannot_count_keep_the_service_from_starting(
    tmp_path, written, otherwise, why
):
    found = tmp_path / "i03_households_late_2.py"
    path = found.rename(tmp_path / "i03_another.py")  # of a name that nothing has been read by
    path.write_text(path.read_text("utf-8").replace(written, otherwise), "utf-8")
    editions.cache_clear()

    with pytest.raises(ValueError, match=why):
        build(None)


def test_a_signed_figure_whose_definition_is_gone_is_not_shown_as_the_signed_one():
    assert otherwise(2, 2) == ""
    assert otherwise(1, 2) == (
        "Ce chiffre a été signé par la définition 1, que le programme n'a plus\u00a0: le voici par "
        "la définition 2, et ce n'est pas celui qui est signé."
    )


def test_definitions_that_count_are_tried_before_anybody_asks():
    try_definitions()


def content_of(answer):
    async def read_to_its_end():
        return b"".join([piece async for piece in answer.body_iterator])

    with ThreadPoolExecutor() as elsewhere:  # a browser's loop may run in this thread
        return elsewhere.submit(asyncio.run, read_to_its_end()).result()


def test_a_file_says_by_which_version_its_facts_were_found(two, owing):
    asked = asked_of(owing)

    def named(name):
        answer = export_facts(asked, 2026, name, "csv")
        assert content_of(answer)
        return answer.headers["content-disposition"].partition("filename=")[2]

    assert [named(one.name) for one in two] == [
        '"faits-I03@1-alpha-2026.csv"',
        '"faits-I03@2-alpha-2026.csv"',
    ]
    assert named("I03") == named("I03@2")


@pytest.mark.usefixtures("two")
def test_a_years_figures_leave_by_the_versions_that_are_asked_for(owing):
    def exported(*names):
        told = orjson.loads(
            content_of(export_figures(asked_of(owing), 2026, "json", definitions=names))
        )
        return told["standing"].get("Définitions demandées"), [
            (row["definition_version"], row["numerator"])
            for row in told["rows"]
            if row["indicator"] == "I03"
        ]

    assert exported() == (None, [(2, 1)])
    assert exported("i03@1") == ("I03@1", [(1, 2)])
    assert exported("I03@1", "I03@2") == ("I03@1, I03@2", [(1, 2), (2, 1)])


def test_what_moved_a_year_leaves_by_the_versions_that_are_asked_for(monkeypatch, owing):
    later = replace(SECOND, valid_from=date(2025, 7, 1), numerator=I03.denominator)
    monkeypatch.setitem(editions(), "I03", (I03, later))
    owing.let(3, date(2025, 8, 1), on=date(2025, 8, 1), at=datetime(2025, 8, 1, tzinfo=UTC))
    owing.take()

    def exported(*names):
        asked = (2025, "json", "2025-06-30", "2025-12-31")
        told = orjson.loads(content_of(export_replay(asked_of(owing), *asked, definitions=names)))
        facts = [row["fact"] for row in told["rows"] if "I03" in row["indicators"].split(", ")]
        return told["standing"].get("Définitions demandées"), facts

    assert exported() == (None, [])
    assert exported("I03@1") == ("I03@1", ["alpha/intake/3"])


@pytest.mark.parametrize(
    "name", ["I99", "I03@9", "I03@", "@1", "I03@1@1", "", "I03 @1", "I03@01", "I03@0"]
)
def test_a_name_that_nobody_knows_is_refused_with_those_that_are(name):
    with pytest.raises(UnknownIndicator, match=r"I03@1|I01, I02"):
        asked_for([name])
