"""A debt before the court: what may be noted, what the law sets, what blocks an eviction."""

import sys
from datetime import date
from inspect import signature
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest

from contracts import legal_path
from contracts.envelope import read_envelope
from contracts.legal_path import CostKind, SuspensionReason
from services.arrears.casework import acting, agreeing
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.sentences import sentence
from services.arrears.legal import going_to_court as court
from services.arrears.legal.api import DONE_BY, LegalBody
from services.arrears.legal.deadlines import delays_on
from services.arrears.legal.forms import FORMS
from services.arrears.legal.guidance import LegalDayNotPossible
from services.arrears.legal.legal_path import NoEvictionScheduled, NoJudgment
from services.arrears.legal.shown import path_of
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host

sys.path.insert(0, str(Path(__file__).parents[1] / "contracts"))

from validating import fact_validators, facts_of, faults

WALLONIA = (SHIPPED / "wallonie.yaml").read_text("utf-8")
ME = Caller("officer-1")


class Debt:
    """Three months that a household owes, in a company where Wallonia's policy rules."""

    def __init__(self, arrears, slug, at_day):
        self.arrears, self.slug, self.at_day = arrears, slug, at_day
        self.lease = uuid4()

        def decide(act):
            account = RentAccount.open_account(self.lease, uuid4(), date(2024, 6, 1))
            for month in ("2024-06", "2024-07", "2024-08"):
                due_on = date.fromisoformat(f"{month}-10")
                arrears.charge(act, account, month, due_on, 40_000, 5_000)
            return act.save(account)

        arrears.perform(ME, decide)

    def today(self, day):
        self.at_day(self.slug, day, services=["arrears"])

    def judged(self, given_on=date(2024, 8, 20), served_on=date(2024, 9, 2), **given):
        given = {"terms_granted": False, "eviction_authorised": True} | given
        court.file_petition(self.arrears, ME, self.lease, date(2024, 8, 1), 90_000)
        court.give_judgment(self.arrears, ME, self.lease, given_on, 90_000, **given)
        if served_on:
            court.serve_judgment(self.arrears, ME, self.lease, served_on)
        return self

    def schedule(self, evict_on, warned_on=date(2024, 9, 3)):
        return court.schedule_eviction(self.arrears, ME, self.lease, evict_on, warned_on)

    def blocked(self, act, *given):
        with pytest.raises(court.EvictionIsBlocked) as refused:
            act(*given)
        return [str(reason) for reason in refused.value.facts["reasons"]]

    def facts(self, kind):
        facts = map(read_envelope, read_facts(self.arrears.datastore))
        return [
            fact.data
            for fact in facts
            if fact.type == f"arrears.{kind}" and fact.data["lease_id"] == str(self.lease)
        ]


@pytest.fixture(scope="module")
def arrears(new_company, settings_for):
    slug = new_company(date(2024, 9, 4))
    host = Host(settings_for("arrears"), Arrears, ("intake",))
    service = host.service(slug)
    agreeing.adopt_policy(service, Caller("manager"), WALLONIA)
    yield service
    host.stop()


@pytest.fixture
def debt(arrears, at_day):
    at_day(arrears.company.slug, date(2024, 9, 4), services=["arrears"])
    return Debt(arrears, arrears.company.slug, at_day)


@pytest.mark.parametrize("evict_on", [date(2024, 11, 1), date(2025, 3, 15), date(2025, 1, 20)])
def test_br_06_no_eviction_is_fixed_in_the_winter_moratorium_its_first_and_last_day_included(
    debt, evict_on
):
    debt.judged()

    assert debt.blocked(debt.schedule, evict_on) == ["winter-moratorium"]

    (told,) = debt.facts("eviction-blocked")
    assert (told["evict_on"], told["blocked_on"]) == (evict_on.isoformat(), "2024-09-04")
    assert (told["policy"], told["policy_version"]) == ("wallonie", "2024-1")
    assert debt.facts("eviction-scheduled") == []


@pytest.mark.parametrize("evict_on", [date(2024, 10, 31), date(2025, 3, 16)])
def test_br_06_the_day_before_and_the_day_after_the_moratorium_are_possible(debt, evict_on):
    debt.judged().schedule(evict_on)

    (told,) = debt.facts("eviction-scheduled")
    assert told["evict_on"] == evict_on.isoformat()


def test_br_06_a_refusal_of_guidance_counts_from_the_day_after_it_was_noted(debt):
    debt.judged()
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 1), accepted=False)

    debt.schedule(date(2024, 12, 3))
    debt.today(date(2024, 12, 3))
    court.execute_eviction(debt.arrears, ME, debt.lease, date(2024, 12, 3))

    assert len(debt.facts("eviction-executed")) == 1


def test_br_06_a_refusal_noted_on_the_day_of_execution_comes_too_late(debt):
    debt.judged().schedule(date(2024, 10, 31))
    debt.today(date(2024, 12, 4))
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 1), accepted=False)
    execute = (court.execute_eviction, debt.arrears, ME, debt.lease, date(2024, 12, 4))

    assert debt.blocked(*execute) == ["winter-moratorium"]


def test_br_06_who_accepts_guidance_after_all_is_protected_again(debt):
    debt.judged()
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 1), accepted=False)
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 4), accepted=True)

    assert debt.blocked(debt.schedule, date(2024, 12, 3)) == ["winter-moratorium"]


def test_br_06_a_danger_to_safety_lifts_the_moratorium(debt):
    debt.judged()
    court.record_safety_exception(debt.arrears, ME, debt.lease, date(2024, 9, 3))

    debt.schedule(date(2024, 12, 3))

    assert len(debt.facts("eviction-scheduled")) == 1


def test_trap_14_an_eviction_fixed_on_31_october_is_not_executed_on_2_november(debt):
    debt.judged().schedule(date(2024, 10, 31))
    debt.today(date(2024, 12, 5))
    execute = (court.execute_eviction, debt.arrears, ME, debt.lease)

    assert debt.blocked(*execute, date(2024, 11, 2)) == ["winter-moratorium"]
    assert debt.facts("eviction-executed") == []


def test_a_petition_is_filed_on_every_day_of_the_year(debt):
    debt.today(date(2024, 12, 25))

    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 12, 25), 135_000)

    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 12, 25), 140_000)

    assert [told["claim_cents"] for told in debt.facts("court-petition-filed")] == [
        135_000,
        140_000,
    ]
    (step,) = debt.facts("step-taken")  # nobody notes it as a step of the ladder too
    assert (step["means"], step["taken_on"], step["fee_cents"]) == ("petition", "2024-12-25", 0)


def test_br_07_no_eviction_within_a_month_of_service_unless_the_judge_says_otherwise(debt):
    debt.judged(served_on=date(2024, 8, 31))
    assert debt.blocked(debt.schedule, date(2024, 9, 29)) == ["too-soon-after-service"]
    debt.schedule(date(2024, 9, 30))  # a month after 31 August, clipped to September's end

    debt.judged(no_eviction_before=date(2024, 9, 20), served_on=date(2024, 8, 31))
    debt.schedule(date(2024, 9, 20))
    debt.judged(no_eviction_before=date(2024, 10, 15), served_on=date(2024, 8, 31))
    assert debt.blocked(debt.schedule, date(2024, 10, 14)) == ["too-soon-after-service"]


@pytest.mark.parametrize(
    ("evict_on", "until"),
    [
        (date(2024, 10, 31), date(2024, 10, 24)),
        (date(2025, 5, 5), date(2025, 4, 25)),  # 1 May and two weekend days lie between
        (date(2025, 1, 3), date(2024, 12, 26)),  # over New Year
    ],
)
def test_br_08_a_tenant_is_warned_five_working_days_before(evict_on, until):
    assert delays_on(evict_on).warned_in_time_until(evict_on) == until


def test_br_08_a_warning_that_comes_later_blocks_the_day(debt):
    debt.judged()

    assert debt.blocked(debt.schedule, date(2024, 10, 9), date(2024, 10, 3)) == ["warned-too-late"]

    debt.schedule(date(2024, 10, 9), date(2024, 10, 2))


def test_br_08_the_days_that_the_law_gives_are_told_with_their_source(debt):
    debt.judged().schedule(date(2024, 10, 9))

    found = path_of(debt.arrears, debt.lease, date(2024, 9, 4))

    days = [deadline["on"].isoformat() for deadline in found["deadlines"]]
    assert days == ["2024-08-05", "2024-08-07", "2024-10-02", "2024-10-02", "2024-10-09"]
    assert all(deadline["source"] for deadline in found["deadlines"])


def test_without_a_judgment_that_authorises_it_and_was_served_there_is_no_eviction(debt):
    with pytest.raises(NoJudgment):
        court.serve_judgment(debt.arrears, ME, debt.lease, date(2024, 9, 1))
    assert debt.blocked(debt.schedule, date(2024, 10, 9)) == ["not-authorised"]
    debt.judged(eviction_authorised=False, terms_granted=True)
    assert debt.blocked(debt.schedule, date(2024, 10, 9)) == ["not-authorised"]
    debt.judged(served_on=None)
    assert debt.blocked(debt.schedule, date(2024, 10, 9)) == ["not-served"]


def test_an_eviction_that_is_called_off_is_fixed_anew_before_it_is_executed(debt):
    debt.judged().schedule(date(2024, 10, 9))
    court.suspend_eviction(debt.arrears, ME, debt.lease, SuspensionReason.PLAN_AGREED)
    debt.today(date(2024, 12, 10))
    execute = (court.execute_eviction, debt.arrears, ME, debt.lease)

    assert debt.blocked(*execute, date(2024, 10, 10)) == ["not-scheduled"]
    with pytest.raises(NoEvictionScheduled):
        court.suspend_eviction(debt.arrears, ME, debt.lease, SuspensionReason.DEBT_PAID)


def test_an_eviction_is_not_executed_before_the_day_that_the_bailiff_fixed(debt):
    debt.judged().schedule(date(2024, 10, 9))
    debt.today(date(2024, 12, 13))
    execute = (court.execute_eviction, debt.arrears, ME, debt.lease)

    assert debt.blocked(*execute, date(2024, 10, 8)) == ["not-scheduled"]
    court.execute_eviction(debt.arrears, ME, debt.lease, date(2024, 10, 9))


def test_a_block_that_is_asked_for_again_with_its_key_is_one_block(debt):
    debt.judged()
    caller = Caller("officer-1", key=f"once-{debt.lease}", route="r", body_hmac=b"1")
    schedule = (court.schedule_eviction, debt.arrears, caller, debt.lease)

    for _ in range(2):
        asked = (*schedule, date(2024, 12, 3), date(2024, 9, 3))
        assert debt.blocked(*asked) == ["winter-moratorium"]

    assert len(debt.facts("eviction-blocked")) == 1


def test_policy_waits_for_the_hearing_and_then_for_the_bailiff(debt):
    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 8, 1), 90_000)
    court.fix_hearing(debt.arrears, ME, debt.lease, date(2025, 1, 15))
    debt.judged().schedule(date(2024, 10, 9))
    debt.today(date(2024, 12, 12))
    court.incur_costs(debt.arrears, ME, debt.lease, CostKind.COURT, 5_000, date(2024, 9, 1))

    told = [(fact.get("step"), fact.get("rule")) for fact in debt.facts("step-proposed")]

    assert told[0][0] is not None
    assert told[1] == (None, "wait-for-the-court")
    assert told[-1] == ("eviction", "evict")


def test_br_04_costs_stay_apart_from_what_the_account_owes(debt):
    court.incur_costs(debt.arrears, ME, debt.lease, CostKind.BAILIFF, 18_050, date(2024, 9, 1))

    with debt.arrears.datastore.reading() as rows:
        owed = rows.execute(
            "SELECT sum(cents) AS cents FROM account_line WHERE lease_id = %s", (debt.lease,)
        ).fetchone()
    assert owed["cents"] == 135_000
    assert path_of(debt.arrears, debt.lease, date(2024, 9, 4))["costs_cents"] == 18_050


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [
        (court.file_petition, [date(2025, 2, 1), 1], "filed_on"),
        (court.serve_judgment, [date(2024, 8, 19)], "served_on"),
        (court.serve_judgment, [date(2025, 2, 1)], "served_on"),
        (court.record_safety_exception, [date(2025, 2, 1)], "established_on"),
        (court.execute_eviction, [date(2025, 2, 1)], "executed_on"),
        (court.fix_hearing, [date(2024, 7, 31)], "hearing_on"),
        (court.fix_hearing, [date(2062, 2, 1)], "hearing_on"),
        (court.schedule_eviction, [date(2062, 4, 1), date(2024, 9, 3)], "evict_on"),
        (court.incur_costs, [CostKind.COURT, 1, date(2025, 2, 1)], "incurred_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused_by_its_field(debt, act, given, field):
    debt.judged(served_on=date(2024, 9, 2) if field == "evict_on" else None)

    with pytest.raises(LegalDayNotPossible) as refused:
        act(debt.arrears, ME, debt.lease, *given)

    assert [error["field"] for error in refused.value.facts["errors"]] == [field]


def test_a_judgment_comes_after_the_petition_and_no_eviction_before_it(debt):
    given = {"terms_granted": False, "eviction_authorised": True}
    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 8, 10), 1)

    for on, before in ((date(2024, 8, 9), None), (date(2024, 8, 20), date(2024, 8, 19))):
        with pytest.raises(LegalDayNotPossible):
            court.give_judgment(
                debt.arrears, ME, debt.lease, on, 1, no_eviction_before=before, **given
            )


@pytest.mark.parametrize("act", sorted(DONE_BY))
def test_an_act_is_asked_for_by_a_body_and_a_form_of_the_same_fields(act):
    bodies = {body.model_fields["act"].annotation: body for body in LegalBody.__subclasses__()}
    body = bodies[Literal[act]]
    taken = set(signature(DONE_BY[act]).parameters) - {"arrears", "caller", "lease_id"}

    assert set(body.model_fields) - {"act"} == taken
    assert {asks.name for asks in FORMS[act].fields} == taken


def test_no_form_is_of_an_act_that_nobody_does():
    assert set(FORMS) == set(DONE_BY)


def test_every_entry_of_the_history_is_a_sentence(debt):
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 1), accepted=True)
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 1), accepted=False)
    court.record_safety_exception(debt.arrears, ME, debt.lease, date(2024, 9, 3))
    court.fix_hearing(debt.arrears, ME, debt.lease, date(2024, 8, 15))
    court.incur_costs(debt.arrears, ME, debt.lease, CostKind.COURT, 5_000, date(2024, 9, 1))
    debt.judged().blocked(debt.schedule, date(2024, 9, 5))
    debt.schedule(date(2024, 10, 9))
    court.suspend_eviction(debt.arrears, ME, debt.lease, SuspensionReason.DEBT_PAID)
    debt.schedule(date(2024, 10, 9))
    debt.today(date(2024, 12, 11))
    court.execute_eviction(debt.arrears, ME, debt.lease, date(2024, 10, 9))

    with debt.arrears.datastore.reading() as rows:
        entries = select_entries(rows, debt.lease)

    steps = ("StepProposed", "StepTaken")
    legal = [entry for entry in reversed(entries) if entry["what"] not in steps]
    told = [sentence(entry["what"], entry["said"], {}) for entry in legal]
    too_soon = "le délai depuis la signification n'est pas écoulé"
    too_late = "le locataire n'en est pas averti assez tôt"
    assert told[-5:] == [
        f"Expulsion du 5 septembre 2024 refusée : {too_soon} ; {too_late}.",
        "Expulsion fixée le 9 octobre 2024, annoncée le 3 septembre 2024.",
        "Expulsion du 9 octobre 2024 suspendue : la dette est payée.",
        "Expulsion fixée le 9 octobre 2024, annoncée le 3 septembre 2024.",
        "Expulsion exécutée.",
    ]
    assert len({entry["what"] for entry in legal}) == 12
    facts = [
        fact
        for fact in read_facts(debt.arrears.datastore)
        if read_envelope(fact).data.get("lease_id") == str(debt.lease)
    ]
    assert {fact.TYPE for fact in facts_of(legal_path)} <= {read_envelope(f).type for f in facts}
    validators = fact_validators()
    assert [faults(validators, fact) for fact in facts] == [[]] * len(facts)


@pytest.mark.parametrize("step", ["petition", "eviction"])
def test_what_the_law_judges_is_noted_on_the_legal_path_and_not_as_a_step(debt, step):
    with pytest.raises(acting.StepOnLegalPath):
        acting.take_step(debt.arrears, ME, debt.lease, step)

    assert debt.facts("step-taken") == []


def test_a_petition_of_long_ago_has_the_deadlines_of_the_first_rules(debt):
    court.file_petition(debt.arrears, ME, debt.lease, date(1990, 1, 1), 90_000)

    found = path_of(debt.arrears, debt.lease, date(2024, 9, 4))

    assert [d["on"].year for d in found["deadlines"]] == [1990, 1990]
