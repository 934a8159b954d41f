"""A household is supported, and its lease ends by a death that was a mistake."""

from datetime import date
from uuid import UUID

import pytest

from contracts.envelope import read_envelope
from contracts.intake import EndReason
from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.aggregate import natural_id
from services.chassis.refusal import NotFound
from services.followup import shown, supporting
from services.followup.support_period import SupportTerms

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


def told(company):
    facts = map(read_envelope, company.facts("followup"))
    return [
        (fact.type.partition(".")[2], fact.withdrawn, fact.data.get("outcome"))
        for fact in facts
        if "support" in fact.type
    ]


def test_a_death_closes_support_and_a_death_that_was_none_opens_it_again(let):
    let.settle()
    household = natural_id(let.slug, "household", "L1")
    terms = SupportTerms.agreed(SupportAxis.ARREARS_PREVENTION, True, MARCH, MARCH)
    with pytest.raises(NotFound):
        supporting.open_support(let.followup, let.me, UUID(int=7), terms)
    opened = supporting.open_support(let.followup, let.me, household, terms)
    let.go_to(APRIL)
    (row,) = shown.open_support(let.followup, APRIL).rows
    assert (row["names"], row["weeks_left"]) == (["Zoé Evrard"], 21)

    let.intake.end_lease(let.me, let.lease_id("L1"), date(2024, 3, 20), EndReason.DEATH)
    let.settle()
    assert shown.open_support(let.followup, APRIL).rows == []
    let.intake.withdraw_end(let.me, let.lease_id("L1"))
    let.settle()

    of_period = let.followup, let.me, household, UUID(opened.id)
    assert [r["period_id"] for r in shown.open_support(let.followup, APRIL).rows] == [of_period[3]]
    supporting.withdraw_agreement(*of_period, MARCH)
    supporting.correct_closure(*of_period, APRIL, SupportOutcome.DROPPED)
    let.intake.end_lease(let.me, let.lease_id("L1"), date(2024, 3, 20), EndReason.DEATH)
    let.settle()

    closed = "support-period-closed"
    assert told(let) == [
        ("support-period-opened", False, None),
        (closed, False, "deceased"),
        (closed, True, "deceased"),
        (closed, False, "dropped"),
        (closed, False, "dropped"),
    ]
    history = shown.household(let.followup, household, APRIL).history
    sentences = [entry.sentence for entry in history if "ccompagnement" in entry.sentence]
    assert "Accompagnement (lutte contre l'impayé) clos : décès. (corrigé ensuite)" in sentences
    assert shown.household(let.followup, household, APRIL).support[0]["agreement_withdrawn"]
