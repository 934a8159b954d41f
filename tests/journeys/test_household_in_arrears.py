"""A household in arrears, from the first day late to the plan that is kept, broken or healed."""

import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("arrears", "contracts")]

from camt_files import camt
from validating import fact_validators, facts_of, faults

from contracts import arrears_cases, repayment_plans
from contracts.arrears_cases import CancelReason, Circumstance, OverrideReason, PauseReason
from contracts.envelope import read_envelope
from contracts.other_charges import OtherChargeKind
from services.arrears.casework import acting, agreeing
from services.arrears.casework.arrears_case import NothingIsProposed
from services.arrears.casework.case_plans import PlanNotPossible
from services.arrears.casework.case_rows import select_case, select_work
from services.arrears.casework.explaining import explain_proposal
from services.arrears.casework.policy_shelf import SHIPPED, read_document
from services.arrears.casework.rehearsing import rehearse
from services.arrears.casework.work_list import by_household, count_by_step, work_list_on
from services.arrears.charging_apart import pay_other_charge
from services.arrears.imports import FileKind, import_file
from services.arrears.ladder.case import Plan
from services.arrears.other_accounts import said_of, select_other_accounts
from services.arrears.other_charges import MoreThanIsDueOfKind
from services.chassis.caller import Caller
from services.demonstration.coda_writer import Booking
from services.intake.imports import FileKind as StockKind
from services.intake.imports import import_file as import_stock
from services.intake.letting import payment_reference_of

WALLONIA = (SHIPPED / "wallonie.yaml").read_text("utf-8")


class Household:
    """The tenant of L1 and the company's bank, day after day."""

    def __init__(self, company: Any) -> None:
        self.company = company
        self.arrears = company.arrears
        self.lease = company.lease_id("L1")
        self.bank = 0
        self.statements = 0

    def day(self, day: date, *paid: int) -> None:
        """Go to a day on which the bank tells everything up to the day before."""
        bookings = [
            Booking(c, day, structured=payment_reference_of(self.company.slug, "L1")) for c in paid
        ]
        self.statements += 1
        content = camt(*bookings, day=day, number=self.statements, opening=self.bank)
        self.bank += sum(paid)
        self.company.at_day(self.company.slug, day, 8)
        import_file(self.arrears, self.company.me, FileKind.CAMT053, "bank.xml", content)
        self.company.at_day(self.company.slug, day, 9)
        self.empty_marks()
        self.arrears.tick()

    def empty_marks(self) -> None:
        """A demonstration that stands still is looked at once a day: look again."""
        with self.arrears.datastore.act() as connection:
            connection.execute("UPDATE looked_until SET day = day - 1")

    def looked_at_on(self) -> date | None:
        """The day on which the round looks at the account though nothing is recorded of it."""
        with self.arrears.datastore.reading() as rows:
            found = rows.execute(
                "SELECT look_on FROM look_ahead WHERE lease_id = %s", (self.lease,)
            ).fetchone()
        return found["look_on"] if found else None

    @property
    def proposed(self) -> str | None:
        with self.arrears.datastore.reading() as rows:
            found = select_case(rows, date(2024, 12, 31), self.lease)
        return found["step"] if found else None

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The data of the facts of a type, in order."""
        facts = map(read_envelope, self.company.facts("arrears"))
        return [
            fact.data
            for fact in facts
            if fact.type == f"arrears.{kind}" and fact.data["lease_id"] == str(self.lease)
        ]

    def fact_of(self, kind: str) -> str:
        """The id of the first fact of a type."""
        facts = map(read_envelope, self.company.facts("arrears"))
        return next(fact.id for fact in facts if fact.type == f"arrears.{kind}")


@pytest.fixture
def household(let: Any) -> Household:
    agreeing.adopt_policy(let.arrears, Caller("manager"), WALLONIA)
    return Household(let)


def test_the_ladder_is_climbed_by_the_days_and_left_when_the_rent_is_paid(household):
    household.day(date(2024, 3, 19))
    early = household.proposed
    household.day(date(2024, 3, 20))
    first = household.proposed
    acting.take_step(household.arrears, household.company.me, household.lease, "first-reminder")
    after = household.proposed
    household.day(date(2024, 4, 3))
    second = household.proposed
    household.day(date(2024, 4, 4), 35_000)

    assert (early, first, after) == (None, "first-reminder", None)
    assert (second, household.proposed) == ("second-reminder", None)
    (reminder,) = household.told("step-taken")
    assert (reminder["means"], reminder["fee_cents"], reminder["proposed"]) == ("reminder", 0, True)
    steps = [fact.get("step") for fact in household.told("step-proposed")]
    assert steps == ["first-reminder", None, "second-reminder", None]


def test_who_pays_before_anything_is_proposed_is_looked_at_no_more_until_rent_is_due(household):
    household.day(date(2024, 3, 19))
    awaited = household.looked_at_on()
    household.day(date(2024, 3, 20), 35_000)
    household.day(date(2024, 3, 21))
    paid = household.looked_at_on()
    april = b"lease;month;rent;charges\nL1;2024-04;300;50\n"
    import_file(household.arrears, household.company.me, FileKind.RENT_ROLL, "roll.csv", april)
    household.day(date(2024, 4, 10))
    due = household.looked_at_on()
    household.day(date(2024, 4, 20))

    assert (awaited, paid, due) == (date(2024, 3, 20), None, date(2024, 4, 20))
    assert household.proposed == "first-reminder"


def test_a_step_that_the_policy_does_not_have_is_refused_with_those_that_it_has(household):
    with pytest.raises(acting.StepNotInPolicy, match=r"Elle a : .*first-reminder, "):
        acting.take_step(household.arrears, household.company.me, household.lease, "frobnicate")


def test_what_is_paid_an_hour_ago_stops_the_letter_and_says_so_once(household):
    household.day(date(2024, 3, 20))
    caller = Caller("officer-1", key="once", route="r", body_hmac=b"1")
    bank = household.day
    bank(date(2024, 3, 21), 35_000)

    for _ in range(2):
        with pytest.raises(acting.StepIsStopped) as refused:
            acting.take_step(household.arrears, caller, household.lease, "first-reminder")
        assert refused.value.facts["reasons"] == ["paid"]

    assert [fact["reasons"] for fact in household.told("step-stopped")] == [["paid"]]
    assert household.told("step-taken") == []


def test_old_bank_data_stops_every_letter(household):
    household.day(date(2024, 3, 20))
    household.company.at_day(household.company.slug, date(2024, 3, 26), 9)

    with pytest.raises(acting.StepIsStopped) as refused:
        acting.take_step(household.arrears, household.company.me, household.lease, "first-reminder")

    assert refused.value.facts["reasons"] == ["bank-data-stale"]


@pytest.mark.parametrize("stop", ["hardship", "dispute", "paused"])
def test_hardship_a_dispute_or_a_pause_stop_it_until_they_are_over(household, stop):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    if stop == "paused":
        acting.pause(arrears, me, lease, PauseReason.ILLNESS, date(2024, 4, 1))
    else:
        acting.record_circumstance(arrears, me, lease, Circumstance(stop))
    with pytest.raises(acting.StepIsStopped) as refused:
        acting.take_step(arrears, me, lease, "first-reminder")
    if stop == "paused":
        acting.resume(arrears, me, lease)
    else:
        over = {"hardship": Circumstance.HARDSHIP_ENDED, "dispute": Circumstance.DISPUTE_SETTLED}
        acting.record_circumstance(arrears, me, lease, over[stop])
    acting.take_step(arrears, me, lease, "first-reminder")

    assert refused.value.facts["reasons"] == [stop]
    assert len(household.told("step-taken")) == 1


def test_a_step_that_was_overridden_is_off_the_list_until_another_is_proposed(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    acting.override(arrears, me, lease, OverrideReason.PAYMENT_EXPECTED)
    with pytest.raises(NothingIsProposed):
        acting.override(arrears, me, lease, OverrideReason.PAYMENT_EXPECTED)
    household.day(date(2024, 3, 21))

    with arrears.datastore.reading() as rows:
        waiting = [row["lease_id"] for row in select_work(rows, date(2024, 3, 21))]
    assert lease not in waiting
    assert household.proposed == "first-reminder"


def test_a_policy_that_is_adopted_while_a_demonstration_stands_still_is_seen_at_once(household):
    household.day(date(2024, 3, 20))
    assert household.proposed == "first-reminder"
    weekly = (SHIPPED / "early-signal.yaml").read_text("utf-8")
    newer = weekly.replace("applies_from: 2021-01-01", "applies_from: 2024-03-01")
    agreeing.adopt_policy(household.arrears, Caller("manager"), newer)

    household.arrears.tick()

    assert household.proposed == "reminder"


def test_a_step_that_waits_longer_than_the_policy_lets_it_is_overdue(household):
    household.day(date(2024, 3, 20))
    household.day(date(2024, 3, 26), 5_000)

    def counted(day):
        return count_by_step(work_list_on(household.arrears, day).every)

    in_time, late = counted(date(2024, 3, 27)), counted(date(2024, 3, 28))

    assert [(row["cases"], row["overdue"], row["cents"]) for row in in_time] == [(2, 0, 65_000)]
    assert [(row["step"], row["overdue"]) for row in late] == [("first-reminder", 2)]


def test_a_step_noted_by_mistake_is_taken_back_and_proposed_again(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    acting.take_step(arrears, me, lease, "first-reminder")
    (taken,) = household.told("step-taken")
    acting.withdraw_step(arrears, me, lease, UUID(taken["step_id"]))

    assert household.proposed == "first-reminder"


def test_a_step_that_costs_a_fee_charges_it_apart_from_rent_until_it_is_taken_back(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    for day, step in ((date(2024, 3, 20), "first-reminder"), (date(2024, 4, 3), "second-reminder")):
        household.day(day)
        acting.take_step(arrears, me, lease, step)
    _, second = household.told("step-taken")
    assert apart(household) == {"fees": 750}
    assert [said_of(line) for line in besides_rent(household)[0]["lines"]] == ["Frais d'une étape"]

    household.day(date(2024, 4, 4), 35_750)
    assert household.company.balance("L1") == -750
    (paid,) = household.told("payment-received")
    pay = partial(pay_other_charge, arrears, me, lease, UUID(paid["payment_id"]))
    with pytest.raises(MoreThanIsDueOfKind):
        pay(OtherChargeKind.FEES, 751)
    pay(OtherChargeKind.FEES, 750)
    assert apart(household) == {"fees": 0}
    assert household.company.balance("L1") == 0

    acting.withdraw_step(arrears, me, lease, UUID(second["step_id"]))
    assert apart(household) == {"fees": -750}


def apart(household: Household) -> dict[str, int]:
    """What each account besides rent owes, in cents."""
    return {other["kind"]: other["balance_cents"] for other in besides_rent(household)}


def besides_rent(household: Household) -> list[dict[str, Any]]:
    with household.arrears.datastore.reading() as rows:
        return select_other_accounts(rows, household.lease, date(2024, 12, 31))


def plan(**terms: Any) -> Plan:
    usual = {
        "what": "plan",
        "plan": "new",
        "on": date(2024, 3, 20),
        "frequency": "monthly",
        "instalment_cents": 10_000,
        "first_due_on": date(2024, 4, 1),
    }
    return Plan.model_validate(usual | terms)


def test_br_16_a_plan_is_breached_once_healed_once_and_broken_after_two_missed(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    household.day(date(2024, 4, 10))
    kept = household.told("repayment-plan-breached")
    household.day(date(2024, 4, 11))
    household.day(date(2024, 4, 12))
    household.day(date(2024, 4, 15), 10_000)
    household.day(date(2024, 5, 11))
    household.day(date(2024, 6, 11))

    assert kept == []
    breached = household.told("repayment-plan-breached")
    assert [(b["breached_on"], b["expected_cents"]) for b in breached] == [
        ("2024-04-11", 25_000),
        ("2024-05-11", 15_000),
    ]
    assert [h["healed_on"] for h in household.told("repayment-plan-healed")] == ["2024-04-15"]
    missed = [(m["number"], m["judged_on"]) for m in household.told("instalment-missed")]
    assert missed == [(1, "2024-04-11"), (2, "2024-05-11")]
    (broken,) = household.told("repayment-plan-broken")
    assert (broken["broken_on"], broken["missed_in_a_row"]) == ("2024-05-11", 2)


def test_a_plan_that_is_paid_is_completed_and_a_kept_one_stops_the_letters(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    with pytest.raises(acting.StepIsStopped) as refused:
        acting.take_step(arrears, me, lease, "first-reminder")
    household.day(date(2024, 4, 2), 35_000)

    assert refused.value.facts["reasons"] == ["plan-active"]
    assert [c["completed_on"] for c in household.told("repayment-plan-completed")] == ["2024-04-02"]


def test_a_new_plan_takes_the_place_of_the_live_one(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    agreeing.agree_plan(arrears, me, lease, plan(instalment_cents=5_000))

    (cancelled,) = household.told("repayment-plan-cancelled")
    assert cancelled["reason"] == CancelReason.REPLACED
    assert len(household.told("repayment-plan-agreed")) == 2


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"first_due_on": date(2024, 3, 19)}, "first_due_on"),
        ({"frequency": None}, "frequency"),
        ({"count": 2}, "instalment_cents"),
        ({"lump_sum_cents": 5_000}, "lump_sum_on"),
        ({"suspended_years": 3}, "suspended_years"),
        ({"first_due_on": date(2126, 4, 1)}, "first_due_on"),
        ({"lump_sum_cents": 5_000, "lump_sum_on": date(2126, 4, 1)}, "lump_sum_on"),
        ({"lump_sum_cents": 35_001, "lump_sum_on": date(2024, 4, 1)}, "lump_sum_cents"),
        ({"instalment_cents": 35_001}, "instalment_cents"),
        ({"starting_balance_cents": 35_001}, "starting_balance_cents"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_field(household, terms, field):
    household.day(date(2024, 3, 20))

    with pytest.raises(PlanNotPossible) as refused:
        agreeing.agree_plan(household.arrears, household.company.me, household.lease, plan(**terms))

    assert refused.value.facts["errors"][0]["field"] == field
    assert household.told("repayment-plan-agreed") == []


def test_a_judge_may_have_stated_more_than_is_owed_today(household):
    household.day(date(2024, 3, 20))
    stated = plan(starting_balance_cents=35_001, formal=True)

    agreeing.agree_plan(household.arrears, household.company.me, household.lease, stated)

    assert len(household.told("repayment-plan-agreed")) == 1


def test_a_breached_plan_has_somebody_visit_and_a_healed_one_no_more(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    household.day(date(2024, 4, 11))
    household.company.settle()
    followed = list(household.company.facts("followup"))
    household.day(date(2024, 4, 15), 10_000)
    household.company.settle()

    breach = household.fact_of("repayment-plan-breached")
    causes = [read_envelope(fact) for fact in followed if b"visit-cause-added" in fact]
    assert [cause.data["because"] for cause in causes] == [breach]
    dropped = [read_envelope(f) for f in household.company.facts("followup") if b"dropped" in f]
    assert [drop.data["because"] for drop in dropped] == [breach]


def sides(household, indicator, known_on=None):
    household.company.settle()
    figure = household.company.reporting.explain(indicator, 2024, known_on)["figure"]
    return figure["numerator"], figure["denominator"]


def test_i07_counts_a_plan_from_its_agreement_to_the_eve_of_its_end(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    before = sides(household, "I07")
    agreeing.agree_plan(arrears, me, lease, plan())
    agreed = sides(household, "I07")
    (told,) = household.told("repayment-plan-agreed")
    household.day(date(2024, 3, 25))
    agreeing.cancel_plan(arrears, me, lease, UUID(told["plan_id"]), CancelReason.HOUSEHOLD_ASKED)

    assert (before, agreed) == ((0, 2), (1, 2))
    assert sides(household, "I07") == (0, 2)
    assert sides(household, "I07", "2024-03-24") == (1, 2)


def test_i07_leaves_out_who_owes_less_than_a_month(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    household.day(date(2024, 3, 21), 1)

    assert sides(household, "I07") == (0, 1)


def test_i08_br_15_a_missed_instalment_costs_the_plan_its_year_and_a_completed_one_is_kept(
    household,
):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    not_due = sides(household, "I08", "2024-03-31")
    household.day(date(2024, 4, 1))
    due = sides(household, "I08", "2024-04-01")
    household.day(date(2024, 4, 11))
    missed = sides(household, "I08")
    household.day(date(2024, 4, 15), 35_000)

    assert (not_due, due, missed) == ((0, 0), (1, 1), (0, 1))
    assert sides(household, "I08") == (1, 1)
    assert sides(household, "I08", "2024-04-12") == (0, 1)


def test_i08_counts_a_lump_sum_and_no_instalment_after_the_plan_has_ended(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    lump = {"instalment_cents": 0, "frequency": None, "first_due_on": None}
    lump |= {"lump_sum_cents": 35_000, "lump_sum_on": date(2024, 3, 22)}
    agreeing.agree_plan(arrears, me, lease, plan(**lump))
    household.day(date(2024, 3, 21))
    agreeing.agree_plan(arrears, me, lease, plan(first_due_on=date(2024, 3, 23)))
    household.day(date(2024, 3, 24))

    assert sides(household, "I08") == (1, 1)


def test_i08_expects_no_instalment_after_a_plan_s_own_end_nor_one_of_nothing(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    lump = {"lump_sum_cents": 35_000, "lump_sum_on": date(2025, 2, 1), "instalment_cents": 0}
    agreeing.agree_plan(arrears, me, lease, plan(**lump))
    household.day(date(2024, 12, 2))
    assert sides(household, "I08") == (0, 0)

    ends = {"first_due_on": date(2024, 12, 20), "ends_on": date(2024, 12, 31)}
    agreeing.agree_plan(arrears, me, lease, plan(instalment_cents=35_000, **ends))
    household.day(date(2025, 2, 1))
    household.company.settle()
    told = household.company.reporting.explain("I08", 2025, None)["figure"]

    assert sides(household, "I08") == (0, 1)
    assert (told["numerator"], told["denominator"]) == (0, 0)


def test_a_policy_run_over_history_says_what_was_done_of_what_it_would_have_proposed(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    acting.take_step(arrears, me, lease, "first-reminder")
    household.day(date(2024, 4, 3))
    acting.take_step(arrears, me, lease, "home-visit")

    told = rehearse(arrears, read_document(WALLONIA), date(2024, 3, 1), date(2024, 4, 12))

    rows = [
        (row["account"], str(row["on"]), row["would_propose"], row["was_done"])
        for row in told["rows"]
    ]
    assert rows == [
        ("L1", "2024-03-20", "first-reminder", "first-reminder"),
        ("L2", "2024-03-20", "first-reminder", None),
        ("L1", "2024-04-03", "second-reminder", "home-visit"),
    ]
    assert told["totals"] == {
        "proposed": 3,
        "done_as_proposed": 1,
        "done_otherwise": 1,
        "not_done": 1,
        "done_unproposed": 0,
        "by_step": {"first-reminder": 2, "second-reminder": 1},
    }


def test_a_policy_run_over_history_knows_what_held_then_and_is_over_now(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 18))
    acting.pause(arrears, me, lease, PauseReason.ILLNESS, date(2024, 5, 2))
    household.day(date(2024, 3, 22))
    acting.record_circumstance(arrears, me, lease, Circumstance.DISPUTE)
    acting.resume(arrears, me, lease)
    household.day(date(2024, 3, 26))
    acting.record_circumstance(arrears, me, lease, Circumstance.DISPUTE_SETTLED)

    told = rehearse(arrears, read_document(WALLONIA), date(2024, 3, 1), date(2024, 3, 28))

    assert [(row["account"], str(row["on"]), row["would_propose"]) for row in told["rows"]] == [
        ("L2", "2024-03-20", "first-reminder"),
        ("L1", "2024-03-26", "first-reminder"),
    ]


def test_what_was_done_unproposed_has_a_row_of_its_own(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 15))
    acting.take_step(arrears, me, lease, "home-visit")

    told = rehearse(arrears, read_document(WALLONIA), date(2024, 3, 1), date(2024, 3, 19))

    assert [(str(row["on"]), row["would_propose"], row["was_done"]) for row in told["rows"]] == [
        ("2024-03-15", None, "home-visit")
    ]


def test_a_past_day_is_told_by_what_was_known_and_ruled_then(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    household.day(date(2024, 3, 26), 35_000)
    later = WALLONIA.replace('version: "2024-1"', 'version: "2024-2"')
    later = later.replace("rank: 10\n    propose: null", "rank: 10\n    propose: home-visit")
    agreeing.adopt_policy(arrears, Caller("manager"), later.replace("2024-01-01", "2024-01-02"))
    now = date(2024, 3, 26)

    then = explain_proposal(arrears, lease, date(2024, 3, 20), now)
    assert (then["proposed"], then["balance_cents"]) == ("first-reminder", 35_000)
    assert (then["policy_version"], then["bank_complete_until"]) == ("2024-1", date(2024, 3, 20))
    today = explain_proposal(arrears, lease, now, now)
    assert (today["proposed"], today["policy_version"]) == ("home-visit", "2024-2")
    assert me.actor


def test_a_policy_adopted_later_answers_for_earlier_days_where_its_scope_says_so(household):
    arrears, lease = household.arrears, household.lease
    household.day(date(2024, 3, 20))
    household.day(date(2024, 3, 26))
    later = WALLONIA.replace('version: "2024-1"', 'version: "2024-2"\nscope: {earlier_days: true}')
    later = later.replace("applies_from: 2024-01-01", "applies_from: 2024-01-02")
    agreeing.adopt_policy(arrears, Caller("manager"), later)

    then = explain_proposal(arrears, lease, date(2024, 3, 20), date(2024, 3, 26))

    assert then["policy_version"] == "2024-2"


def test_the_story_of_a_household_leads_to_every_kind_of_fact_and_each_keeps_to_its_schema(
    household,
):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    acting.take_step(arrears, me, lease, "home-visit")
    (taken,) = household.told("step-taken")
    acting.withdraw_step(arrears, me, lease, UUID(taken["step_id"]))
    acting.override(arrears, me, lease, OverrideReason.DATA_IS_WRONG)
    acting.pause(arrears, me, lease, PauseReason.ILLNESS, date(2024, 4, 1))
    with pytest.raises(acting.StepIsStopped):
        acting.take_step(arrears, me, lease, "first-reminder")
    acting.resume(arrears, me, lease)
    acting.record_circumstance(arrears, me, lease, Circumstance.DISPUTE)
    weekly = {"frequency": "weekly", "instalment_cents": 1_000, "first_due_on": date(2024, 3, 20)}
    agreeing.agree_plan(arrears, me, lease, plan(**weekly))
    household.day(date(2024, 3, 30))
    household.day(date(2024, 3, 31), 2_000)
    household.day(date(2024, 4, 20))
    agreeing.agree_plan(arrears, me, lease, plan(first_due_on=date(2024, 5, 1)))
    agreeing.agree_plan(arrears, me, lease, plan(first_due_on=date(2024, 5, 1)))
    household.day(date(2024, 4, 22), 33_000)

    validators = fact_validators()
    facts = household.company.facts("arrears")
    kinds = {f.TYPE for m in (arrears_cases, repayment_plans) for f in facts_of(m)}
    assert kinds - {read_envelope(fact).type for fact in facts} == set()
    assert [why for fact in facts for why in faults(validators, fact)] == []


def test_a_breach_is_stated_once_the_bank_has_told_of_the_day_though_nobody_paid(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    agreeing.agree_plan(arrears, me, lease, plan())
    household.day(date(2024, 4, 10))
    household.company.at_day(household.company.slug, date(2024, 4, 12), 9)
    arrears.tick()
    unknown = household.told("repayment-plan-breached")
    household.day(date(2024, 4, 13))

    assert unknown == []
    breached = household.told("repayment-plan-breached")
    assert [breach["breached_on"] for breach in breached] == ["2024-04-11"]


def test_what_is_recorded_at_midnight_was_not_known_the_day_before(household):
    arrears, me, lease = household.arrears, household.company.me, household.lease
    household.day(date(2024, 3, 20))
    household.company.at_day(household.company.slug, date(2024, 3, 21), 0)
    acting.record_circumstance(arrears, me, lease, Circumstance.DISPUTE)
    now = date(2024, 3, 21)

    before, after = (explain_proposal(arrears, lease, day, now) for day in (date(2024, 3, 20), now))

    assert (before["proposed"], after["proposed"]) == ("first-reminder", None)


def test_a_household_with_two_leases_is_one_row_the_larger_debt_first(household):
    company, me = household.company, household.company.me
    for dwelling in ("D3", "D4"):
        company.intake.register_dwelling(me, dwelling, date(2020, 1, 1))
    leases = b"reference;dwelling;start_on;rent;charges;name;household\n" + b"".join(
        b"L%d;D%d;01/03/2024;%d;0;Max Peeters;H9\n" % (n, n, rent)
        for n, rent in ((3, 90), (4, 400))
    )
    import_stock(company.intake, me, StockKind.LEASES, "leases.csv", leases)
    company.settle()
    roll = b"lease;month;rent;charges\nL3;2024-03;90;0\nL4;2024-03;400;0\n"
    import_file(household.arrears, me, FileKind.RENT_ROLL, "two.csv", roll)
    household.day(date(2024, 3, 20))

    every = work_list_on(household.arrears, date(2024, 3, 20)).every
    rows, counted = by_household(every), count_by_step(every)

    told = [(row["reference"], [each["reference"] for each in row["others"]]) for row in rows]
    assert told == [("L4", ["L3"]), ("L1", []), ("L2", [])]
    assert all(each["step"] for row in rows for each in [row, *row["others"]])
    assert [(row["cases"], row["households"], row["cents"]) for row in counted] == [(4, 3, 119_000)]
