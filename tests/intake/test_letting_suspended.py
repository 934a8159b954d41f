"""A vacant dwelling is taken out of letting and put back: the rules, and the page, API and file."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.intake import SuspensionReason
from services.chassis.caller import Caller
from services.intake.dwelling import (
    Dwelling,
    DwellingAlreadyLet,
    LettingIsNotSuspended,
    LettingIsSuspended,
)
from services.intake.imports import FileKind, import_file
from services.intake.lease_terms import DayNotPossible

TODAY = date(2026, 3, 2)
WORKS, SALE = SuspensionReason.WORKS, SuspensionReason.SALE
LEASE = uuid4()


def day(month, number, year=2026):
    return date(year, month, number)


@pytest.fixture
def dwelling():
    registered = Dwelling.register("alpha", "L1", day(1, 1, 2010))
    registered.pending_events.clear()
    return registered


def recorded(dwelling):
    return [type(event).__name__ for event in dwelling.pending_events]


def test_it_is_suspended_from_a_day_resumed_from_another_and_then_let(dwelling):
    dwelling.suspend_letting(day(2, 1), WORKS, TODAY)
    dwelling.suspend_letting(day(2, 1), WORKS, TODAY)
    dwelling.resume_letting(day(3, 20), TODAY)
    dwelling.resume_letting(day(3, 20), TODAY)
    dwelling.let(LEASE, day(3, 20))

    assert recorded(dwelling) == ["LettingSuspended", "LettingResumed", "Let"]


def test_one_that_is_let_cannot_be_suspended_nor_one_that_is_suspended_be_let(dwelling):
    dwelling.let(LEASE, day(1, 1))
    with pytest.raises(DwellingAlreadyLet):
        dwelling.suspend_letting(day(2, 1), WORKS, TODAY)
    dwelling.vacate(LEASE, day(3, 1))

    with pytest.raises(DayNotPossible, match="1er mars 2026"):
        dwelling.suspend_letting(day(2, 28), WORKS, TODAY)
    dwelling.suspend_letting(day(3, 1), WORKS, TODAY)

    with pytest.raises(LettingIsSuspended, match="Remettez-le"):
        dwelling.let(uuid4(), day(4, 1))
    with pytest.raises(LettingIsSuspended, match="déjà retiré"):
        dwelling.suspend_letting(day(3, 1), SALE, TODAY)
    dwelling.resume_letting(day(4, 2), TODAY)
    with pytest.raises(LettingIsSuspended, match="jusqu'au 2 avril 2026"):
        dwelling.let(uuid4(), day(4, 1))
    with pytest.raises(DayNotPossible, match="2 avril 2026"):
        dwelling.suspend_letting(day(4, 1), SALE, TODAY)


def test_days_that_are_out_of_order_or_far_away_are_refused(dwelling):
    with pytest.raises(DayNotPossible, match="1er janvier 2010"):
        dwelling.suspend_letting(day(12, 31, 2009), WORKS, TODAY)
    with pytest.raises(DayNotPossible, match="plus d'un an"):
        dwelling.suspend_letting(day(3, 4, 2027), WORKS, TODAY)
    dwelling.suspend_letting(day(2, 1), WORKS, TODAY)
    with pytest.raises(DayNotPossible, match="1er février 2026"):
        dwelling.resume_letting(day(1, 31), TODAY)


def test_either_is_withdrawn_last_first_and_only_while_it_changes_nothing_else(dwelling):
    with pytest.raises(LettingIsNotSuspended):
        dwelling.withdraw_suspension()
    dwelling.suspend_letting(day(2, 1), WORKS, TODAY)
    with pytest.raises(LettingIsNotSuspended):
        dwelling.withdraw_resumption()
    dwelling.resume_letting(day(2, 20), TODAY)
    with pytest.raises(LettingIsNotSuspended):
        dwelling.withdraw_suspension()
    dwelling.let(LEASE, day(3, 1))
    with pytest.raises(DwellingAlreadyLet):
        dwelling.withdraw_resumption()
    dwelling.withdraw_letting(LEASE, day(3, 1))

    dwelling.withdraw_resumption()
    dwelling.withdraw_suspension()
    dwelling.let(LEASE, day(2, 2))

    corrected = [getattr(event, "corrects_version", None) for event in dwelling.pending_events]
    assert recorded(dwelling)[-3:] == ["ResumptionWithdrawn", "SuspensionWithdrawn", "Let"]
    assert corrected[-3:-1] == [3, 2]


def test_a_dwelling_is_taken_out_and_put_back_by_its_pages(desk):
    lease_id = desk.lease()
    browser, api = desk.browser(), f"/api/{desk.company}"
    body = {"reference": "L2", "registered_on": "2020-01-01"}
    dwelling_id = desk.program().post(f"{api}/dwellings", json=body).json()["id"]
    here = f"dwellings/{dwelling_id}"

    unsaid = browser.fill_in(f"{here}/suspension")
    suspended = browser.fill_in(f"{here}/suspension", reason="works")
    listed = browser.get("vacant-dwellings").text
    day_three = {"start_on__day": "3", "start_on__month": "3", "start_on__year": "2026"}
    to_it = {"dwelling_reference": "L2", "reference": "B2", "rent": "500"} | day_three
    refused = browser.fill_in(f"leases/{lease_id}/transfer", **to_it)
    state = desk.program().get(f"{api}/{here}").json()["state"]
    resumed = browser.fill_in(f"{here}/resumption")
    undone = browser.fill_in(f"{here}/resumption/withdrawal")
    undone_too = browser.fill_in(f"{here}/suspension/withdrawal")

    assert (unsaid.status_code, refused.status_code, state) == (422, 409, "unlettable")
    assert "Choisissez le motif." in unsaid.text
    assert {a.status_code for a in (suspended, resumed, undone, undone_too)} == {303}
    assert "1 logement vide, dont 1 non louable" in listed
    assert "travaux depuis le 2 mars 2026" in listed
    assert "est retiré de la location depuis le 2 mars 2026" in refused.text
    page = browser.get(here).text
    assert "Retiré de la location : travaux. (corrigé ensuite)" in page
    assert "Vide, louable" in page


def test_a_file_of_dwellings_says_which_cannot_be_let_and_why(desk):
    intake = desk.app.state.frame.host.service(desk.company)

    def take(kind, text):
        return import_file(intake, Caller("officer"), FileKind(kind), "d.csv", text.encode())

    head = "référence;registered_on;Non louable depuis;motif\n"
    since = "2010-01-01;2026-01-05"
    lines = f"L1;{since};\nL2;2010-01-01;;works\nL3;;2026-01-05;sale\nL4;{since};bruit\n"
    wrong = take("dwellings", head + lines)
    good = take("dwellings", head + f"L1;{since};works\nL2;2010-01-01;;\n")
    again = take("dwellings", head + "L1;2010-01-01;2026-01-06;sale\n")
    leases = "reference;dwelling;start_on;rent;charges;name\nB1;L1;2026-02-01;1;1;Zoé\n"
    lease = take("leases", leases)

    assert [(r.line, r.field) for r in wrong.refused] == [
        (2, "unlettable_reason"),
        (3, "unlettable_from"),
        (4, "unlettable_from"),
        (5, "unlettable_reason"),
    ]
    assert "sale (vente)" in wrong.refused[3].reason
    assert (good.state, good.facts) == ("accepted", 3)
    assert [f.field for f in again.flagged] == ["unlettable_from", "unlettable_reason"]
    assert [(r.line, r.field) for r in lease.refused] == [(2, "dwelling")]
