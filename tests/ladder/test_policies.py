"""Policies as documents: one proposal for every state, who rules when, what is refused."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import FormatChecker, validate
from telling import (
    POLICIES,
    SHIPPED,
    SMALL,
    case_of,
    line,
    policy_of,
    rule,
    rules,
    shipped,
    simulated,
)

from services.arrears.casework.policy_shelf import PolicyNotPossible, adopted_as, read_document
from services.arrears.ladder.case import Case
from services.arrears.ladder.policy import read_policies
from services.arrears.ladder.simulating import Simulation
from services.chassis.written import DocumentRefused, Written, read_file

ENGINE = Path(__file__).parents[2] / "services" / "arrears" / "ladder"
DEBT = line("2025-01-01", "charge", cents=500_00)
DAYS = st.integers(0, 500).map(lambda n: (date(2024, 6, 1) + timedelta(days=n)).isoformat())
CENTS = st.integers(1, 2_000_00)


def made(what, **fields):
    """A line on some day; what is not fixed of it is drawn."""
    drawn = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in fields.items()
    }
    return st.builds(line, DAYS, st.just(what), **drawn)


def random_line(kinds):
    kind = st.sampled_from(sorted(kinds))
    return st.one_of(
        made("charge", cents=CENTS),
        made("payment", cents=CENTS),
        made("balance", cents=st.integers(-500_00, 1_500_00)),
        made("message", kind=kind),
        made("step", kind=kind),
        made("court-date", court_on=DAYS),
        made("court-outcome", outcome="eviction-authorised"),
        made("eviction", evict_on=DAYS),
        made("eviction-withdrawn"),
        made("pause", reason="r", review_on=DAYS).filter(lambda p: p["review_on"] >= p["on"]),
        made("dispute"),
        made("deceased"),
        made("vulnerability", flag="illness"),
    )


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.policy)
@given(data=st.data())
def test_every_state_has_exactly_one_proposal_and_names_what_else_matched(policy, data):
    kinds = {*policy.steps, *policy.also_recorded}
    lines = data.draw(st.lists(random_line(kinds), max_size=12))
    rent = line(
        "2024-06-01",
        "rent",
        period=data.draw(st.sampled_from(["weekly", "four-weekly", "monthly"])),
        first_day="2024-06-03",
        parts=[{"name": "rent", "cents": data.draw(st.integers(0, 600_00))}],
        charge_each_period=data.draw(st.booleans()),
    )
    on = date.fromisoformat(data.draw(DAYS))
    simulation = Simulation(case_of(rent, *lines), [policy], on)

    answer = simulation.answer()

    state = simulation.look(simulation.on, simulation.lines, policy).state
    matching = [rule for rule in policy.ordered if rule.when.holds(state)]
    assert answer["proposed"] in {None, *policy.steps}
    assert answer["proposed"] == (matching[0].propose if matching else policy.default)
    assert answer["also_matching"] == [rule.rule for rule in matching[1:]]
    assert answer["because"]


def test_no_step_of_a_ladder_is_named_in_the_engine():
    text = "\n".join(path.read_text("utf-8") for path in ENGINE.glob("*.py"))
    names = {name for policy in SHIPPED for name in (*policy.steps, *policy.also_recorded)}

    # « eviction » is a dated happening of a case, whatever a ladder calls its steps.
    assert len(names) > 20
    assert {name for name in names if f'"{name}"' in text} <= {"eviction"}
    assert not [policy.policy for policy in SHIPPED if policy.policy in text]


def test_two_policies_of_the_same_days_are_refused():
    text = rules(rule("x", 1, "{dispute: true}"))

    with pytest.raises(DocumentRefused) as refused:
        read_policies([Written("one", text), Written("two", text)])

    assert "laquelle vaut" in refused.value.faults[0].reason


def test_a_policy_that_was_not_adopted_yet_is_not_known():
    assert ruled("2025-04-01", known_on="2025-02-28") == ("a", "1")
    assert ruled("2025-04-01", known_on="2025-03-01") == ("b", "2")


def test_a_later_policy_leaves_the_tolerance_of_earlier_plans():
    old = policy_of(rules(rule("x", 1, "{dispute: true}"), more="tolerance_days: 5\n"))
    text = rules(rule("x", 1, "{dispute: true}"), more="tolerance_days: 20\n")
    new = policy_of(text.replace("2020-01-01", "2025-03-01"))
    plan = line(
        "2025-01-02",
        "plan",
        plan="p",
        frequency="monthly",
        first_due_on="2025-02-01",
        instalment_cents=100_00,
    )

    answer = simulated(DEBT, plan, on="2025-06-01", policies=[old, new])

    assert [(c["on"], c["state"]) for c in answer["plans"][0]["history"]][1] == (
        "2025-02-06",
        "breached",
    )


REFUSED = {
    "two rules of equal rank": (
        rules(rule("x", 1, "{dispute: true}"), rule("y", 1, "{hardship: true}")),
        "«\u00a0x\u00a0» a déjà le rang 1",
    ),
    "a step that is not declared": (rules(rule("x", 1, "{dispute: true}", "c")), "«\u00a0c\u00a0»"),
    "a condition on nothing": (rules(rule("x", 1, "{happened: {message: z}}")), "«\u00a0z\u00a0»"),
    "two conditions in one mapping": (
        rules(rule("x", 1, "{dispute: true, hardship: true}")),
        "Une seule condition par bloc",
    ),
    "a condition that is not known": (rules(rule("x", 1, "{weather: bad}")), "n'existe pas ici"),
    "bounds of what never was": (
        rules(rule("x", 1, "{last: {none: true, at_least: {days: 3}}}")),
        "enlevez les bornes",
    ),
    "no bound": (rules(rule("x", 1, "{owed: {net: true}}")), "au moins une borne"),
    "a span of two units": (
        rules(rule("x", 1, "{owed_for: {at_least: {days: 1, weeks: 1}}}")),
        "days, weeks ou months",
    ),
    "a day that does not exist": (
        rules(rule("x", 1, "{dispute: true}")).replace("2020-01-01", "2021-02-30", 1),
        "qui existe",
    ),
    "a name twice": (
        rules(rule("x", 1, "{dispute: true}")) + "default: a\n",
        "figure déjà plus haut",
    ),
    "aliases": ("policy: &a [x]\nversion: [*a, *a]\n", "renvois"),
    "a number without end": (
        rules(rule("x", 1, "{owed: {at_least: {rents: 1e999999999}}}")),
        "Un nombre",
    ),
    "no YAML at all": ("policy: [", "pas du YAML valide"),
    "a list": ("- 1\n", "Un bloc"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_policy_that_cannot_be_used_is_refused_with_the_line(text, reason):
    with pytest.raises(DocumentRefused) as refused:
        policy_of(text)

    fault = refused.value.faults[0]
    assert fault.line > 0
    assert any(reason in found.reason for found in refused.value.faults)


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (rules(rule("x", 1, "{vulnerability: true}")), "rules.0.when.vulnerability", "'any'"),
        (rules(rule("x", 1, "{court_outcome: won}")), "rules.0.when.court_outcome", "'present'"),
        (rules(rule("x", 1, "{any: []}")), "rules.0.when.any", "vide"),
        (rules(rule("X", 1, "{dispute: true}")), "rules.0.rule", "minuscules"),
        (rules(rule("x", 1.5, "{dispute: true}")), "rules.0.rank", "Un nombre entier"),
        (SMALL.replace('"1"', "1"), "version", "entre guillemets"),
        (SMALL.replace("{}", "{A B: {title: A}}"), "steps.A B", "minuscules"),
    ],
)
def test_a_fault_names_the_word_in_the_document_and_how_to_write_it(text, field, said):
    with pytest.raises(DocumentRefused) as refused:
        policy_of(text)

    assert {fault.field for fault in refused.value.faults} == {field}
    assert said in refused.value.faults[0].reason


def test_the_line_of_a_fault_is_the_one_where_the_word_stands():
    text = rules(rule("x", 1, "{dispute: true}"), rule("y", 2, "{dispute: true}", "c"))

    with pytest.raises(DocumentRefused) as refused:
        policy_of(text)

    (fault,) = refused.value.faults
    assert text.splitlines()[fault.line - 1].lstrip().startswith("- {rule: y")


@pytest.mark.parametrize(
    "path",
    sorted([*POLICIES.glob("*.yaml"), *POLICIES.glob("cases/*")]),
    ids=lambda path: path.stem,
)
def test_the_documents_that_ship_keep_to_the_schemas_that_ship(path):
    kind = "case" if path.parent.name == "cases" else "policy"
    schema = json.loads((POLICIES / f"{kind}.schema.json").read_text("utf-8"))

    validate(read_file(path).tree, schema, format_checker=FormatChecker())


def versions(**scope):
    """An old policy that proposes a, and one adopted in March, from February on, that says b."""
    old = policy_of(rules(rule("r", 1, "{owed: {at_least: {cents: 1}}}", "a")))
    text = rules(rule("r", 1, "{owed: {at_least: {cents: 1}}}", "b")).replace(
        "adopted_on: 2020-01-01\napplies_from: 2020-01-01",
        f"adopted_on: 2025-03-01\napplies_from: 2025-02-01\nscope: {scope}".replace("True", "true"),
    )
    return old, policy_of(text.replace('version: "1"', 'version: "2"').replace("'", ""))


def ruled(on, known_on=None, **scope):
    answer = simulated(DEBT, on=on, known_on=known_on, policies=versions(**scope))
    return answer["proposed"], answer["policy_version"]


def test_a_policy_adopted_later_changes_no_past_answer_unless_its_scope_says_so():
    assert ruled("2025-02-15") == ("a", "1")
    assert ruled("2025-03-01") == ("b", "2")
    assert ruled("2025-02-15", earlier_days=True) == ("b", "2")
    assert ruled("2025-02-15", known_on="2025-02-20", earlier_days=True) == ("a", "1")
    assert ruled("2025-01-31", earlier_days=True) == ("a", "1")


@pytest.mark.parametrize(("scope", "begins"), [("false", "2025-01-29"), ("true", "2025-02-12")])
def test_a_step_taken_before_a_policy_lapses_by_it_only_if_its_scope_says_so(scope, begins):
    def notice(weeks, more=""):
        step = f"n: {{title: N, active: {{after: {{weeks: {weeks}}}}}}}"
        return rules(rule("r", 1, "{dispute: true}", "n"), steps=step, more=more)

    old = policy_of(notice(4))
    new = notice(6, f"scope: {{earlier_steps: {scope}}}\n").replace(
        "applies_from: 2020-01-01", "applies_from: 2025-02-01"
    )
    taken = line("2025-01-01", "step", kind="n")

    answer = simulated(taken, on="2025-03-01", policies=[old, policy_of(new)])

    assert [step["from"] for step in answer["active_steps"]] == [begins]


@pytest.mark.parametrize(
    ("on", "scope", "begins"),
    [
        ("2025-02-20", "{}", "2025-02-19"),
        ("2025-03-10", "{}", None),
        ("2025-03-19", "{}", "2025-03-19"),
        ("2025-02-28", "{earlier_days: true}", None),
        ("2025-03-19", "{earlier_days: true}", "2025-03-19"),
    ],
)
def test_a_step_taken_since_a_policy_applies_becomes_active_by_it_wherever_it_rules(
    on, scope, begins
):
    def notice(weeks):
        step = f"n: {{title: N, active: {{after: {{weeks: {weeks}}}}}}}"
        return rules(rule("r", 1, "{dispute: true}", "n"), steps=step)

    adopted = f"adopted_on: 2025-03-10\napplies_from: 2025-02-01\nscope: {scope}"
    late = notice(6).replace("adopted_on: 2020-01-01\napplies_from: 2020-01-01", adopted)
    taken = line("2025-02-05", "step", kind="n")

    answer = simulated(taken, on=on, policies=[policy_of(notice(2)), policy_of(late)])

    assert [step["from"] for step in answer["active_steps"]] == ([begins] if begins else [])


def test_without_a_policy_nothing_is_proposed_and_it_is_said_why():
    answer = simulated(DEBT, on="2025-01-02")

    assert (answer["proposed"], answer["policy_version"]) == (None, None)
    assert answer["because"] == "No policy was given."
    early = simulated(DEBT, on="2019-01-02", policies=[policy_of(SMALL)])
    assert "applies on 2019-01-02" in early["because"]


@pytest.mark.parametrize(("weeks", "step"), [(3, None), (12, None), (14, "propose-guidance")])
def test_the_walloon_policy_does_not_take_three_weeks_rent_for_three_months(weeks, step):
    part = {"name": "loyer", "cents": 100_00}
    recorded = [
        line("2025-01-01", "rent", period="weekly", first_day="2025-01-01", parts=[part]),
        line("2025-01-10", "charge", cents=weeks * 100_00),
        line("2025-02-01", "message", kind="first-reminder"),
        line("2025-03-01", "message", kind="second-reminder"),
        line("2025-03-10", "step", kind="propose-plan"),
        line("2025-03-12", "step", kind="home-visit"),
        line("2025-03-20", "bank-data", complete_until="2025-03-20"),
    ]

    told = simulated(*recorded, on="2025-03-20", policies=[shipped("wallonie")])

    assert told["proposed"] == step


def test_the_ladder_worked_through_in_the_reference_gives_what_it_says():
    text = (POLICIES / "README.md").read_text("utf-8").split("worked through\n")[1]
    case = read_file(POLICIES / "cases" / "notice-lapses.yaml").read(Case)
    row = re.compile(r"^\| (\d{4}-\d\d-\d\d) \| (\S+) \| (\S+)", re.MULTILINE)
    days = row.findall(text.split("\n## ")[0])

    for day, proposed, why in days:
        answer = Simulation(case, [shipped("weekly-tenancies")], date.fromisoformat(day)).answer()
        assert answer["proposed"] == (None if proposed == "–" else proposed.strip("`")), day
        assert answer["rule"] == (None if why == "the" else why.strip("`:")), day
    assert len(days) == 5


def test_what_no_page_can_hold_is_refused_when_it_is_adopted_and_read_where_it_was():
    text = (POLICIES / "wallonie.yaml").read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    document = text.replace(title, r'title: "Wallonie \0"')

    with pytest.raises(PolicyNotPossible) as refused:
        read_document(document)
    (told,) = refused.value.facts["errors"]
    assert told["field"] == f"ligne {text.splitlines().index(title) + 1}"
    assert "title\u00a0: Un caractère invisible est ici" in told["reason"]
    assert adopted_as(document, date(2024, 3, 1)).title == "Wallonie \0"
