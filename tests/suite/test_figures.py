"""Every figure is what the generator knows, on every day it is asked for, down to the facts."""

from datetime import date, timedelta
from fractions import Fraction

import orjson
import pytest

from services.demonstration.steps import CorrectLease, RecordVisit
from services.reporting.indicators.register import indicators
from services.reporting.quotients import fraction_of
from tests.suite.reckoning import Reckoning

YEAR = 2025
INDICATORS = tuple(indicators())
OF_COMPANY = ("--company", "demonstration")
OF_YEAR = (*OF_COMPANY, "--year", str(YEAR))
JSON = ("--format", "json")
LAST_DAY = date(YEAR, 12, 31)


def day_of(story, holds):
    return next(page.day for page in story.days if any(holds(page.day, s) for s in page.steps))


@pytest.fixture(scope="session")
def days_asked(story):
    """(year, known on): around the record of a visit made two months before, which counts in the
    year before, around a correction, and two more.
    """
    lease = story.company.special["visit_recorded_two_months_late"]
    recorded = day_of(
        story,
        lambda day, step: (
            isinstance(step, RecordVisit)
            and step.lease_reference == lease
            and day - step.done_on > timedelta(days=40)
        ),
    )
    corrected = day_of(story, lambda _, step: isinstance(step, CorrectLease))
    before = timedelta(days=1)
    return [
        (YEAR - 1, recorded - before),
        (YEAR - 1, recorded),
        (YEAR, corrected - before),
        (YEAR, corrected),
        (YEAR, date(YEAR, 6, 30)),
        (YEAR, LAST_DAY),
    ]


@pytest.fixture(scope="session")
def reports(played, log, days_asked):
    asked = [
        ("report", *OF_COMPANY, "--year", str(year), "--known-on", day.isoformat(), *JSON)
        for year, day in days_asked
    ]
    return [said.json for said in played.run_all(asked)]


@pytest.fixture(scope="session")
def explained(played, log):
    said = played.run_all([("explain", name, *OF_YEAR, *JSON) for name in INDICATORS])
    return {name: one.json for name, one in zip(INDICATORS, said, strict=True)}


@pytest.fixture(scope="session")
def by_id(log):
    facts = (orjson.loads(content) for contents in log.values() for content in contents)
    return {fact["id"]: fact for fact in facts}


def figures_of(report):
    return {f["indicator"]: (f["numerator"], f["denominator"]) for f in report["figures"]}


def test_the_figures_are_what_the_generator_knew_on_each_day(story, log, days_asked, reports):
    for (year, day), report in zip(days_asked, reports, strict=True):
        reckoned = Reckoning(
            "demonstration", story.days, log["followup"], log["arrears"], year, day
        )
        assert figures_of(report) == reckoned.figures(), (year, day)
        last = min(day, date(year, 12, 31))
        assert report["period"] == {"from": f"{year}-01-01", "to": last.isoformat()}


def test_what_was_recorded_late_changes_figures_from_its_record_on_alone(reports):
    known = [figures_of(report) for report in reports]

    (made, of), (made_then, of_then) = known[0]["I20"], known[1]["I20"]
    assert (made_then, of_then) == (made + 1, of)
    assert known[2]["I01"] != known[3]["I01"]


def test_a_visit_recorded_late_is_the_cause_that_is_named(played, log, days_asked, by_id):
    (year, before), (_, after) = days_asked[:2]
    moments = ("--known-on", before.isoformat(), "--known-on", after.isoformat())

    told = played.run("diff", *OF_COMPANY, "--year", str(year), *moments, *JSON).json

    changes = {change["indicator"]: change for change in told["changes"]}
    assert "I20" in changes
    assert all(change["because"] for change in told["changes"])
    causes = {c["kind"]: by_id[c["fact"]]["type"] for c in changes["I20"]["because"]}
    assert causes == {"late": "followup.visit-recorded"}


def test_a_year_is_complete_once_its_last_day_is_closed(played, log, reports):
    now = played.json("report", *OF_YEAR)

    assert played.json("explain", "I05", *OF_YEAR)["complete"]
    (why,) = now["missing"]
    assert "et le journal ne commence que le 1er décembre 2024" in why
    assert reports[-1]["missing"] == [why], "what looks further back stays without its past"
    assert now["cutoff"] | {"reporting": played.demo["facts"]["reporting"]} == played.demo["facts"]
    assert figures_of(now) == figures_of(reports[-1])
    assert now["figures"] == played.demo["figures"]
    assert played.json("report", *OF_YEAR, "--definition", "I03@1")["figures"] == now["figures"]


def test_the_situation_of_a_day_counts_no_more_than_what_happened_up_to_it(played, log, by_id):
    until = ("--as-of", "2025-06-30")
    whole = played.json("report", *OF_YEAR)
    report = played.json("report", *OF_YEAR, *until)
    explained = played.json("explain", "I05", *OF_YEAR, *until)

    assert report["period"] == {"from": "2025-01-01", "to": "2025-06-30"}
    assert report["cutoff"] == whole["cutoff"], "whatever was recorded since is known"
    assert 0 < figures_of(report)["I05"][1] < figures_of(whole)["I05"][1]
    assert (
        sum(part["amount"] for part in explained["denominator_parts"])
        == (figures_of(report)["I05"][1])
    )
    charges = [by_id[fact] for part in explained["denominator_parts"] for fact in part["facts"]]
    assert max(fact["data"]["due_on"] for fact in charges) <= "2025-06-30"


def test_the_facts_of_a_part_stand_as_they_were_recorded(explained, by_id):
    for answer in explained.values():
        for part in (*answer["numerator_parts"], *answer["denominator_parts"]):
            facts = [by_id[identity] for identity in part["facts"]]
            cited = [(fact["time"], fact["source"], fact["position"]) for fact in facts]
            assert cited == sorted(set(cited))


def test_the_parts_add_up_to_the_figure(explained):
    for name, answer in explained.items():
        figure = answer["figure"]
        for side in ("numerator", "denominator"):
            parts = answer[f"{side}_parts"]
            over = answer["denominator_over"] if side == "denominator" else 1
            total = Fraction(sum(part["amount"] for part in parts), over)
            if name == "I06":
                chosen = [p["amount"] for p in answer["numerator_parts"] if p["chosen"]]
                total = Fraction(sum(chosen) if side == "numerator" else len(chosen))
            assert total == fraction_of(figure[side]), name
            assert len({part["subject"] for part in parts}) == len(parts)
            assert all(part["facts"] and part["actor"] for part in parts)
        assert answer["rounding"] == 0
    assert explained["I01"]["figure"]["numerator"] > 0


SIGN = {
    "arrears.rent-charged": lambda d: d["rent_cents"] + d["charges_cents"],
    "arrears.payment-received": lambda d: -d["amount_cents"],
    "arrears.payment-reversed": lambda d: d["amount_cents"],
}


def test_arrears_are_the_charges_less_the_money_of_the_cited_facts(explained, by_id):
    for side in ("numerator", "denominator"):
        for part in explained["I01"][f"{side}_parts"]:
            cited = [by_id[identity] for identity in part["facts"]]
            assert {fact["data"]["lease_id"] for fact in cited} == {part["subject"]}
            assert sum(SIGN[fact["type"]](fact["data"]) for fact in cited) == part["amount"]


def test_what_departed_tenants_owe_cites_the_end_of_their_lease_and_their_money(explained, by_id):
    assert explained["I02"]["numerator_parts"]
    for part in explained["I02"]["numerator_parts"]:
        cited = [by_id[identity] for identity in part["facts"]]
        types = {fact["type"] for fact in cited}
        money = [fact for fact in cited if fact["type"] in SIGN]
        assert {"intake.lease-signed", "intake.lease-ended"} <= types
        assert sum(SIGN[fact["type"]](fact["data"]) for fact in money) == part["amount"]


def test_what_was_collected_is_what_the_cited_payments_pay_of_the_cited_charges(explained, by_id):
    for part in explained["I05"]["numerator_parts"]:
        cited = [by_id[identity] for identity in part["facts"]]
        due = {
            fact["data"]["charge_id"]: fact["data"]["due_on"]
            for fact in cited
            if fact["type"] == "arrears.rent-charged"
        }
        valued = {
            fact["data"]["payment_id"]: fact["data"]["value_date"]
            for fact in cited
            if fact["type"] == "arrears.payment-received"
        }
        paid = [
            line["cents"]
            for fact in cited
            if fact["type"] == "arrears.payment-allocated" and fact["data"]["payment_id"] in valued
            for line in fact["data"]["lines"]
            if line["charge_id"] in due
        ]
        assert sum(paid) == part["amount"]
        assert all(day.startswith(str(YEAR)) for day in (*due.values(), *valued.values()))
    for part in explained["I05"]["denominator_parts"]:
        cited = [by_id[identity] for identity in part["facts"]]
        assert sum(SIGN[fact["type"]](fact["data"]) for fact in cited) == part["amount"]


@pytest.mark.parametrize(
    "name", ["I03", "I04", "I07", "I08", "I09", "I19", "I20", "I21", "I22", "I25A"]
)
def test_each_one_counted_is_named_by_the_facts_that_are_cited(name, explained, by_id):
    subject = {"I21": "visit_id", "I08": "plan_id", "I25A": "dwelling_id"}.get(name, "lease_id")
    for side in ("numerator", "denominator"):
        for part in explained[name][f"{side}_parts"]:
            cited = [by_id[identity]["data"] for identity in part["facts"]]
            assert part["amount"] == 1
            assert {data.get(subject, part["subject"]) for data in cited} == {part["subject"]}
            assert any(subject in data for data in cited)


def test_an_explanation_known_on_a_day_cites_nothing_recorded_later(played, log, by_id):
    day = date(YEAR, 6, 30)

    answer = played.json("explain", "I01", *OF_YEAR, "--known-on", day.isoformat())

    cited = {identity for part in answer["numerator_parts"] for identity in part["facts"]}
    assert cited
    assert all(by_id[identity]["time"] < "2025-06-30T22:00" for identity in cited)
