"""Calls and promises: noted in a moment, taken back if wrong; what became of one is reckoned."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.account_decisions import DecidedBy, WriteOffReason
from contracts.arrears import MatchedBy
from contracts.contacts import ContactChannel
from contracts.envelope import read_envelope
from services.arrears.casework import agreeing, contacting, informing
from services.arrears.casework.contacts import (
    ContactDayNotPossible,
    ContactNotNoted,
    PromiseNotPossible,
)
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.promises import PromiseState, last_promises, shown_promises, state_of
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host

TODAY, PAY_BY = date(2025, 3, 13), date(2025, 3, 20)
ME = Caller("officer-1")


@pytest.mark.parametrize(
    ("paid_cents", "bank_until", "today", "state"),
    [
        (100_00, None, TODAY, PromiseState.KEPT),
        (99_99, PAY_BY, PAY_BY, PromiseState.AWAITED),
        (99_99, date(2025, 3, 19), date(2025, 3, 21), PromiseState.BANK_AWAITED),
        (99_99, None, date(2025, 3, 21), PromiseState.BANK_AWAITED),
        (99_99, PAY_BY, date(2025, 3, 21), PromiseState.PASSED),
        (100_00, PAY_BY, date(2025, 3, 21), PromiseState.KEPT),
    ],
)
def test_a_promise_is_kept_by_its_money_and_passes_only_once_the_bank_has_told_of_its_day(
    paid_cents, bank_until, today, state
):
    assert state_of(100_00, paid_cents, PAY_BY, bank_until, today) is state


@pytest.fixture(scope="module")
def arrears(new_company, settings_for):
    host = Host(settings_for("arrears"), Arrears, ("intake",))
    service = host.service(new_company(TODAY))
    wallonia = (SHIPPED / "wallonie.yaml").read_text("utf-8")
    agreeing.adopt_policy(service, Caller("manager"), wallonia)
    yield service
    host.stop()


@pytest.fixture
def lease(arrears):
    lease_id = uuid4()

    def decide(act):
        account = RentAccount.open_account(lease_id, uuid4(), date(2025, 1, 1))
        arrears.charge(act, account, "2025-01", date(2025, 1, 10), 40_000, 5_000)
        return act.save(account)

    arrears.perform(ME, decide)
    return lease_id


def told(arrears, lease, kind):
    facts = map(read_envelope, read_facts(arrears.datastore))
    return [f for f in facts if f.type == f"arrears.{kind}" and f.data["lease_id"] == str(lease)]


def test_a_call_is_a_contact_attempted_reached_or_not_until_it_is_taken_back(arrears, lease):
    def missing():
        seen = informing.may_inform(arrears, lease, TODAY)["missing"]
        return [each["precondition"] for each in seen]

    proposed = len(told(arrears, lease, "step-proposed"))
    contacting.note_contact(arrears, ME, lease, ContactChannel.PHONE, reached=False)
    attempted = missing()
    (noted,) = told(arrears, lease, "contact-noted")
    contact_id = noted.data["contact_id"]
    with pytest.raises(ContactDayNotPossible):
        contacting.note_contact(
            arrears, ME, lease, ContactChannel.HOME, date(2025, 3, 14), reached=True
        )
    contacting.withdraw_contact(arrears, ME, lease, type(lease)(contact_id))
    with pytest.raises(ContactNotNoted):
        contacting.withdraw_contact(arrears, ME, lease, type(lease)(contact_id))

    assert "personal-contact-attempted" not in attempted
    assert "personal-contact-attempted" in missing()
    *_, withdrawn = told(arrears, lease, "contact-noted")
    assert (withdrawn.withdrawn, withdrawn.corrects) == (True, noted.id)
    assert len(told(arrears, lease, "step-proposed")) - proposed == 1  # the first look at the case


def test_the_last_promise_is_shown_with_the_money_that_came_from_its_day_on(arrears, lease):
    def pay(cents, on):
        def decide(act):
            account = act.load(RentAccount, lease)
            account.receive_payment(uuid4(), cents, on, MatchedBy.OFFICER)
            return act.save(account)

        arrears.perform(ME, decide)

    def shown(until, today):
        with arrears.datastore.reading() as rows:
            (last,) = last_promises(rows, [lease], until, today).values()
            listed = [r for r in shown_promises(rows, until, today) if r["lease_id"] == lease]
        return last, listed

    contacting.note_promise(arrears, ME, lease, 50_00, date(2025, 3, 14))
    contacting.note_promise(arrears, ME, lease, 100_00, PAY_BY)
    pay(70_00, date(2025, 3, 12))
    pay(60_00, TODAY)
    pay(40_00, date(2025, 3, 21))
    for cents, day in ((0, PAY_BY), (1, date(2025, 3, 12)), (1, date(2027, 1, 1))):
        with pytest.raises(PromiseNotPossible):
            contacting.note_promise(arrears, ME, lease, cents, day)

    last, listed = shown(date(2025, 3, 21), date(2025, 3, 22))
    assert (last["promised_cents"], last["paid_cents"], last["state"]) == (100_00, 60_00, "passed")
    assert [row["state"] for row in listed] == ["passed"]
    assert shown(None, date(2025, 4, 20))[1] == []
    pay(40_00, PAY_BY)
    assert shown(date(2025, 3, 21), date(2025, 3, 22))[0]["state"] == "kept"
    contacting.withdraw_promise(arrears, ME, lease, last["promise_id"])
    assert shown(PAY_BY, date(2025, 3, 22))[0]["promised_cents"] == 50_00


def test_what_is_written_off_is_no_money_that_came_and_keeps_no_promise(arrears, lease):
    why = (WriteOffReason.SMALL_AMOUNT, DecidedBy.BOARD)

    def decide(act):
        account = act.load(RentAccount, lease)
        account.write_off(uuid4(), 100_00, TODAY, *why, today=TODAY)
        return act.save(account)

    contacting.note_promise(arrears, ME, lease, 100_00, PAY_BY)
    arrears.perform(ME, decide)

    with arrears.datastore.reading() as rows:
        (last,) = last_promises(rows, [lease], PAY_BY, date(2025, 3, 22)).values()
    assert (last["paid_cents"], last["state"]) == (0, "passed")
