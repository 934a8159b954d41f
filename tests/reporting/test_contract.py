"""An objectives contract: nothing is overwritten, and only what can be compared is compared."""

from datetime import date
from pathlib import Path

import pytest
from psycopg.types.json import Jsonb

from contracts.envelope import read_envelope
from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host
from services.chassis.refusal import Malformed, StaleEdit
from services.reporting.indicators.register import indicators
from services.reporting.ingestion import ReportingReceiver
from services.reporting.objectives import contract_document, contract_shown
from services.reporting.objectives.contracts import Agreeing
from services.reporting.objectives.followed import NotCompared, YearFigure, follow
from services.reporting.objectives.objectives_contract import (
    ContractYearsOverlap,
    ObjectiveAlreadyAgreed,
    StaysAgreed,
    UnknownContract,
    UnknownObjective,
    YearNotUnderContract,
)
from services.reporting.objectives.standing import (
    ContractStanding,
    FollowedObjective,
    contract_standing,
)
from services.reporting.objectives.targets import (
    NothingToAmend,
    TargetOfPastYear,
    TargetsMisplaced,
)
from services.reporting.publishing import PUBLICATIONS
from services.reporting.service import Reporting
from services.reporting.shape import HEARD
from services.reporting.yearly_return import ReturnState

EXAMPLE = Path(contract_document.__file__).with_name("contract-example.yaml").read_text("utf-8")
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
MANAGER = Caller("manager.1")
AT_MOST = TargetDirection.AT_MOST
SIGNED = """
INSERT INTO return_version VALUES
(2025, %s, '2026-01-15T08:00:00.000000+00:00', '{}', %s, '', NULL, %s, now(), 'manager.1', 'f')
"""


def most(bounds):
    return [{"year": year, "at_most": bound} for year, bound in bounds.items()]


@pytest.fixture(scope="module")
def host(home, settings_for):
    Reporting.folder = home.folder / "reporting"
    host = Host(settings_for("reporting"), Reporting, HEARD, ReportingReceiver)
    yield host
    host.stop()


@pytest.fixture
def contracts(new_company, at_day, host):
    """The contracts of a company on 2 April 2026, the example adopted."""
    slug = new_company(date(2026, 4, 2))
    at_day(slug, date(2026, 4, 2), services=("reporting",))
    contracts = host.service(slug).contracts
    contracts.adopt_document(MANAGER, EXAMPLE)
    return contracts


def facts_of(contracts):
    return [*read_facts(contracts.reporting.datastore)]


def agreeing(indicator, bound="5.00"):
    theme = ObjectiveTheme.SOCIAL_ACTION
    return Agreeing(theme, indicator, AT_MOST, None, most({2028: bound}))


def objective(contracts, indicator):
    (found,) = [o for o in contracts.one(2024)[1] if o["indicator"] == indicator]
    return found


def figure(value=(8, 100), definition_version=1, state=ReturnState.VALIDATED):
    return YearFigure(
        {
            "indicator": "I01",
            "definition_version": definition_version,
            "amounts": "cents",
            "numerator": value[0],
            "denominator": value[1],
            "value": f"{value[0] * 100 / value[1]:.2f}" if value[1] else None,
        },
        state,
        date(2026, 1, 15),
    )


def compared(contracts, found):
    """Whether 2025's target of I01 is reached by what is found, and why that is not said."""
    figures = {2025: {"I01": found}} if found else {}
    years = range(2024, 2029)
    followed = follow(objective(contracts, "I01"), indicators()["I01"], years, figures)
    return followed[1].reached, followed[1].why_not


def test_two_versions_of_a_definition_are_not_drawn_in_one_line(contracts):
    def drawn(version):
        figures = {2024: {"I01": figure()}, 2025: {"I01": figure(definition_version=version)}}
        kept = objective(contracts, "I01")
        followed = follow(kept, indicators()["I01"], range(2024, 2029), figures)
        return contract_shown.trend(FollowedObjective(kept, indicators()["I01"], followed))

    assert drawn(1).unit == "%", "an axis says what its numbers are"
    assert (len(drawn(1).lines), drawn(1).breaks) == (1, [])
    assert (len(drawn(2).lines), [version for _, version in drawn(2).breaks]) == (0, [2])


def test_a_document_is_adopted_whole_and_its_words_stay_out_of_the_facts(contracts):
    row, objectives = contracts.one(2024)
    facts = facts_of(contracts)

    assert (row["first_year"], row["last_year"], row["version"]) == (2024, 2028, 4)
    assert [o["indicator"] for o in objectives] == ["I01", "I03", "I19"]
    assert objectives[0]["settings"][0]["words"].startswith("Les présents d'abord")
    assert len(facts) == 4
    assert "présents".encode() not in b"".join(facts)


def test_a_document_that_overlaps_another_contract_changes_nothing(contracts):
    later = EXAMPLE.replace("2024", "2029").replace("2025", "2030")
    later = later.replace("2026", "2031").replace("2027", "2032").replace("2028", "2033")
    contracts.adopt_document(MANAGER, later)

    with pytest.raises(ContractYearsOverlap, match="de 2024 à 2028"):
        contracts.adopt(MANAGER, 2026, 2025)
    with pytest.raises(ContractYearsOverlap, match="de 2024 à 2028"):
        contracts.adopt(MANAGER, 2020, 2019)
    with pytest.raises(ObjectiveAlreadyAgreed):
        contracts.adopt_document(MANAGER, EXAMPLE)
    assert [row["first_year"] for row in contracts.all()] == [2029, 2024]


def test_an_amendment_is_for_the_years_to_come_and_what_stood_before_stays(contracts):
    contracts.amend(
        MANAGER, 2024, "I01", AT_MOST, most({2027: "8.20", 2028: "8.00"}), "L'énergie a augmenté"
    )

    kept = objective(contracts, "I01")
    first, second = kept["settings"]
    assert [target["at_most"] for target in first["targets"]][3:] == ["7.70", "7.40"]
    assert second["words"] == "L'énergie a augmenté"
    followed = follow(kept, indicators()["I01"], range(2024, 2029), {})
    assert [one.target["at_most"] for one in followed] == ["9.00", "8.50", "8.00", "8.20", "8.00"]


def test_what_an_amendment_may_not_do_is_said(contracts):
    def amend(targets, indicator="I01", direction=AT_MOST):
        contracts.amend(MANAGER, 2024, indicator, direction, most(targets), "Pourquoi")

    refused = [
        (TargetOfPastYear, dict.fromkeys(range(2025, 2029), "9.90"), "I01", AT_MOST),
        (NothingToAmend, {2028: "7.40"}, "I01", AT_MOST),
        (TargetsMisplaced, {2027: "7.00"}, "I01", AT_MOST),
        (TargetsMisplaced, {2028: "7.00"}, "I01", TargetDirection.AT_LEAST),
        (TargetsMisplaced, {2028: "740.00"}, "I01", AT_MOST),
        (UnknownObjective, {2028: "7.00"}, "I02", AT_MOST),
    ]
    before = contracts.one(2024)
    for refusal, targets, indicator, direction in refused:
        with pytest.raises(refusal):
            amend(targets, indicator, direction)
    stale = Caller("manager.1", expected_version=1)
    with pytest.raises(StaleEdit):
        contracts.amend(stale, 2024, "I01", AT_MOST, most({2028: "1.00"}), "Pourquoi")
    assert contracts.one(2024) == before


def test_an_objective_that_is_added_later_has_targets_from_then_on(contracts):
    targets = [{"year": 2027, "at_least": "60.00", "at_most": "80.00"}]
    between = TargetDirection.BETWEEN
    new = Agreeing(ObjectiveTheme.RENTAL, "I07", between, None, targets)
    with pytest.raises(TargetsMisplaced, match="jusqu'à 2028"):
        contracts.agree(MANAGER, 2024, new)
    upside_down = [{"year": 2028, "at_least": "80.00", "at_most": "60.00"}]
    with pytest.raises(TargetsMisplaced, match="dépasse"):
        contracts.agree(
            MANAGER, 2024, Agreeing(ObjectiveTheme.RENTAL, "I07", between, None, upside_down)
        )
    last = [{"year": 2028, "at_least": "60.00", "at_most": "80.00"}]
    contracts.agree(MANAGER, 2024, Agreeing(ObjectiveTheme.RENTAL, "I07", between, None, last))

    followed = follow(objective(contracts, "I07"), indicators()["I07"], range(2024, 2029), {})
    assert [one.target is None for one in followed] == [True, True, True, True, False]


def test_a_target_of_more_than_a_hundred_per_cent_is_a_comma_left_out_and_days_are_not(contracts):
    def agree(identity, bound, baseline=None):
        targets = most(dict.fromkeys(range(2024, 2029), bound))
        theme = ObjectiveTheme.RENTAL
        contracts.agree(MANAGER, 2024, Agreeing(theme, identity, AT_MOST, baseline, targets))

    with pytest.raises(TargetsMisplaced, match="Cible de 2024\u00a0: 100\u00a0% au plus"):
        agree("I04", "450.00")
    with pytest.raises(TargetsMisplaced, match="L'état des lieux\u00a0: 100\u00a0% au plus"):
        agree("I04", "45.00", "860.00")
    agree("I04", "100.00", "100.00")
    agree("I06", "120.00", "150.00")


def test_the_last_evaluation_of_a_year_is_read_and_the_first_stays(contracts):
    for comment in ("La cible est manquée", "La cible est atteinte, après rectification"):
        contracts.evaluate(MANAGER, 2024, "I01", 2025, comment)

    words = [row["words"] for row in objective(contracts, "I01")["evaluations"]]
    assert words == ["La cible est manquée", "La cible est atteinte, après rectification"]
    with pytest.raises(YearNotUnderContract):
        contracts.evaluate(MANAGER, 2024, "I01", 2029, "Trop tard")
    with pytest.raises(Malformed, match="n'a pas commencé"):
        contracts.evaluate(MANAGER, 2024, "I01", 2027, "Trop tôt")
    with pytest.raises(UnknownContract):
        contracts.evaluate(MANAGER, 2030, "I01", 2030, "Rien")


def test_only_a_figure_of_the_same_definition_is_held_against_a_target(contracts):
    assert compared(contracts, figure((8, 100))) == (True, None)
    assert compared(contracts, figure((9, 100))) == (False, None)
    assert compared(contracts, figure((8, 100), 2)) == (None, NotCompared.OTHER_DEFINITION)
    assert compared(contracts, figure((0, 0))) == (None, NotCompared.NOT_COMPUTABLE)
    assert compared(contracts, None) == (None, NotCompared.NO_FIGURE)


def test_a_target_is_judged_on_the_exact_quotient(contracts):
    assert compared(contracts, figure((85, 1000)))[0] is True
    assert compared(contracts, figure((8_500_001, 100_000_000)))[0] is False


def test_a_signed_year_is_read_from_its_return_and_says_so(contracts):
    reporting = contracts.reporting
    with reporting.datastore.act() as connection:
        for version, late, changes in ((1, 20, []), (2, 30, [{"indicator": "I03"}])):
            figures = [
                {**figure((late, 100)).figure, "indicator": "I03", "amounts": "leases"},
                figure((7, 100)).figure,
            ]
            connection.execute(SIGNED, (version, Jsonb(figures), Jsonb(changes)))

    standing = contract_standing(reporting, 2024)
    told = {o.indicator.id: o.year(2025) for o in standing.objectives}

    assert (told["I01"].found.state, told["I01"].reached) == (ReturnState.VALIDATED, True)
    assert (told["I03"].found.state, told["I03"].reached) == (ReturnState.RESTATED, False)
    assert told["I19"].why_not is NotCompared.NO_FIGURE


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 1, 31), 2025),
        (date(2026, 2, 1), 2026),
        (date(2024, 1, 15), 2024),
        (date(2031, 6, 1), 2028),
    ],
)
def test_a_contract_opens_at_the_year_that_is_worked_on(day, year):
    standing = ContractStanding({"first_year": 2024, "last_year": 2028}, [])

    assert standing.looked_at(day) == year
    assert standing.looked_at(day, 2027) == 2027


def test_an_objective_that_was_a_mistake_never_was_and_its_figure_is_free_again(contracts):
    contracts.withdraw_objective(MANAGER, 2024, "I01")

    assert [o["indicator"] for o in contracts.one(2024)[1]] == ["I03", "I19"]
    agreed, last = (read_envelope(fact) for fact in facts_of(contracts)[1::3])
    assert (last.type, last.withdrawn, last.corrects) == (agreed.type, True, agreed.id)
    assert (last.data, last.occurred_on) == (agreed.data, agreed.occurred_on)

    contracts.agree(MANAGER, 2024, agreeing("I01"))
    assert objective(contracts, "I01")["settings"][0]["targets"] == most({2028: "5.00"})


def test_a_contract_of_wrong_years_is_withdrawn_with_its_objectives_and_the_right_one_adopted(
    contracts,
):
    contracts.withdraw(MANAGER, 2024)

    assert contracts.all() == []
    with pytest.raises(UnknownContract):
        contracts.one(2024)
    told = [read_envelope(fact) for fact in facts_of(contracts)]
    assert {fact.corrects for fact in told[4:]} == {fact.id for fact in told[:4]}
    assert told[-1].type == "reporting.contract-adopted", "its objectives before it"

    contracts.adopt(MANAGER, 2025, 2024)
    contracts.withdraw(MANAGER, 2025)
    contracts.adopt_document(MANAGER, EXAMPLE)
    assert [o["indicator"] for o in contracts.one(2024)[1]] == ["I01", "I03", "I19"]
    contracts.withdraw(MANAGER, 2024)
    contracts.adopt(MANAGER, 2024, 2023)
    assert contracts.one(2024)[1] == []


def test_what_was_evaluated_or_stood_in_another_year_stays(contracts, at_day):
    contracts.agree(MANAGER, 2024, agreeing("I20", bound="100.00"))
    contracts.evaluate(MANAGER, 2024, "I19", 2025, "Fait")
    before = facts_of(contracts)
    for withdraw in (
        lambda: contracts.withdraw_objective(MANAGER, 2024, "I19"),
        lambda: contracts.withdraw(MANAGER, 2024),
    ):
        with pytest.raises(StaysAgreed, match="I19 a été évalué"):
            withdraw()
    contracts.withdraw_objective(MANAGER, 2024, "I20")

    at_day(contracts.reporting.company.slug, date(2027, 1, 2), services=("reporting",))
    with pytest.raises(StaysAgreed, match="I01 est noté depuis 2026"):
        contracts.withdraw_objective(MANAGER, 2024, "I01")
    with pytest.raises(UnknownObjective):
        contracts.withdraw_objective(MANAGER, 2024, "I20")
    assert len(facts_of(contracts)) == len(before) + 1


def test_what_was_withdrawn_is_read_back_as_that(contracts):
    contracts.withdraw(MANAGER, 2024)

    for fact in map(read_envelope, facts_of(contracts)[4:]):
        (publication,) = PUBLICATIONS.of_fact(fact)
        event = publication.event_from(fact, 9, 1)
        assert publication.data(event) == fact.data
        assert event.corrects_version == 1


def test_the_baseline_lies_before_the_contract(contracts):
    with pytest.raises(Malformed, match="d'avant le contrat"):
        contracts.adopt(MANAGER, 2030, 2030)


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("reporting.[co]*.json")), ids=lambda p: p.stem
)
def test_a_fact_is_read_back_into_the_event_that_it_was_published_from(path):
    fact = read_envelope(path.read_bytes())
    (publication,) = PUBLICATIONS.of_fact(fact)

    assert publication.data(publication.event_from(fact, 2, None)) == fact.data
