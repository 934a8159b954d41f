"""BR-01 to BR-05 in integer cents, against a slow and obvious reckoning."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from contracts.arrears import MatchedBy
from services.arrears.account_decisions import MoreThanIsOwed, MoreThanTheCredit
from services.arrears.accounts_in_arrears import band
from services.arrears.due_days import DueDays
from services.arrears.policy import due_on, policy_on
from services.arrears.rent_account import RentAccount
from services.arrears.rent_charges import MonthAlreadyCharged

LEASE, HOUSEHOLD = UUID(int=1), UUID(int=2)
START, LATER = date(2024, 1, 1), date(2027, 1, 1)


def account():
    return RentAccount.open_account(LEASE, HOUSEHOLD, START)


def charge(of, month, cents):
    of.charge_rent("company", month, due_on(month), cents, 0)


def receive(of, number, cents, day):
    matched_by = MatchedBy.STRUCTURED_COMMUNICATION
    of.receive_payment(UUID(int=100 + number), cents, day, matched_by)


def test_br_01_rent_is_due_on_the_tenth_and_judged_after_the_grace_days():
    assert due_on("2024-02") == date(2024, 2, 10)
    assert policy_on(date(2024, 2, 10)).judged_on(date(2024, 2, 10)) == date(2024, 2, 15)


def test_br_02_a_payment_counts_on_its_value_date_and_not_before():
    of = account()
    charge(of, "2024-01", 35_000)
    receive(of, 1, 35_000, date(2024, 1, 11))

    assert of.arrears_on(date(2024, 1, 9)) == 0
    assert of.arrears_on(date(2024, 1, 10)) == 35_000
    assert of.arrears_on(date(2024, 1, 11)) == 0


def test_br_02_a_reversal_counts_on_its_own_day():
    of = account()
    charge(of, "2024-01", 35_000)
    receive(of, 1, 35_000, date(2024, 1, 5))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 1, 20))

    assert of.arrears_on(date(2024, 1, 10)) == 0
    assert of.arrears_on(date(2024, 1, 20)) == 35_000


@pytest.mark.parametrize(
    ("owed", "shown"),
    [(1, "<1"), (34_999, "<1"), (35_000, "1-3"), (104_999, "1-3"), (105_000, "3+")],
)
def test_br_03_months_in_arrears_fall_into_bands_with_stated_boundaries(owed, shown):
    assert band(owed, 35_000) == shown


def test_a_month_is_stated_as_missed_once_and_withdrawn_when_the_money_had_come_in_time():
    of = account()
    charge(of, "2024-01", 35_000)

    assert of.judge(date(2024, 1, 10), date(2024, 1, 15)) == 1
    assert of.judge(date(2024, 1, 10), date(2024, 1, 15)) == 0

    receive(of, 1, 15_000, date(2024, 1, 16))
    assert of.missed["2024-01"].unpaid_cents == 35_000
    receive(of, 2, 20_000, date(2024, 1, 12))
    assert of.missed["2024-01"].unpaid_cents == 15_000
    receive(of, 3, 15_000, date(2024, 1, 15))

    assert of.missed == {}
    told = [type(event).__name__ for event in of.collect_events()]
    assert told.count("MissWithdrawn") == 1
    assert "ArrearsCleared" not in told, "nothing was owed after its day"


def test_a_due_day_is_stated_as_judged_once_also_by_whoever_was_slower():
    days = DueDays.open(DueDays.Opened, DueDays.id_of("company"), occurred_on=date(2024, 1, 10))
    for due in (date(2024, 1, 10), date(2024, 2, 10), date(2024, 2, 10), date(2024, 1, 10)):
        days.judged(due, due + timedelta(days=5), 0)

    told = [event for event in days.collect_events() if isinstance(event, DueDays.DueDayJudged)]
    assert [event.due_on for event in told] == [date(2024, 1, 10), date(2024, 2, 10)]
    assert days.last_judged == date(2024, 2, 10)


def test_what_was_cleared_and_is_owed_again_is_stated_as_cleared_again():
    of = account()
    charge(of, "2024-01", 35_000)
    of.judge(date(2024, 1, 10), date(2024, 1, 15))
    receive(of, 1, 35_000, date(2024, 1, 20))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 1, 25))
    receive(of, 2, 35_000, date(2024, 2, 1))

    cleared = [e for e in of.collect_events() if isinstance(e, RentAccount.ArrearsCleared)]
    assert [event.cleared_on for event in cleared] == [date(2024, 1, 20), date(2024, 2, 1)]


def test_what_was_paid_before_it_was_judged_is_stated_as_missed_and_as_cleared():
    of = account()
    for month in ("2024-01", "2024-02"):
        charge(of, month, 35_000)
    receive(of, 1, 35_000, date(2024, 1, 20))
    receive(of, 2, 35_000, date(2024, 2, 20))
    of.judge(date(2024, 1, 10), date(2024, 1, 15))
    of.judge(date(2024, 2, 10), date(2024, 2, 15))

    told = [
        e for e in of.collect_events() if type(e).__name__ in ("PaymentMissed", "ArrearsCleared")
    ]
    assert [type(event).__name__ for event in told] == ["PaymentMissed", "ArrearsCleared"] * 2
    assert [event.occurred_on.day for event in told] == [15, 20, 15, 20]


def test_what_was_paid_and_taken_back_before_it_was_judged_is_cleared_when_it_is_paid_again():
    of = account()
    charge(of, "2024-01", 35_000)
    receive(of, 1, 35_000, date(2024, 1, 20))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 1, 25))
    of.judge(date(2024, 1, 10), date(2024, 1, 15))
    receive(of, 2, 35_000, date(2024, 2, 1))

    cleared = [e for e in of.collect_events() if isinstance(e, RentAccount.ArrearsCleared)]
    assert [event.cleared_on for event in cleared] == [date(2024, 2, 1)]


def test_what_is_paid_twice_and_taken_back_once_is_not_owed_again():
    of = account()
    charge(of, "2024-01", 35_000)
    of.judge(date(2024, 1, 10), date(2024, 1, 15))
    receive(of, 1, 35_000, date(2024, 1, 20))
    receive(of, 2, 35_000, date(2024, 1, 22))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 1, 25))
    receive(of, 3, 5_000, date(2024, 2, 1))

    cleared = [e for e in of.collect_events() if isinstance(e, RentAccount.ArrearsCleared)]
    assert [event.cleared_on for event in cleared] == [date(2024, 1, 20)]


def test_of_two_payments_alike_the_bank_takes_the_newest_back():
    of = account()
    receive(of, 2, 35_000, date(2024, 2, 10))
    receive(of, 1, 35_000, date(2024, 1, 10))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 3, 1))

    (back,) = [e for e in of.collect_events() if isinstance(e, RentAccount.PaymentReversed)]
    assert back.payment_id == UUID(int=102)


def test_what_came_after_the_bank_took_money_back_is_not_what_it_took():
    of = account()
    receive(of, 1, 35_000, date(2024, 1, 10))
    receive(of, 2, 35_000, date(2024, 3, 10))
    of.reverse_payment(UUID(int=9), 35_000, date(2024, 1, 20))
    of.reverse_payment(UUID(int=10), 35_000, date(2024, 1, 21))

    back = [e for e in of.collect_events() if isinstance(e, RentAccount.PaymentReversed)]
    assert [event.payment_id for event in back] == [UUID(int=101), None]


def test_a_month_is_charged_once():
    of = account()
    charge(of, "2024-01", 35_000)
    charge(of, "2024-01", 35_000)

    assert len(of.charges) == 1
    with pytest.raises(MonthAlreadyCharged):
        charge(of, "2024-01", 36_000)


def write_off(of, decision_id, cents, on):
    """What it adds to what is owed."""
    why = (WriteOffReason.SMALL_AMOUNT, DecidedBy.BOARD)
    of.write_off(decision_id, cents, on, *why, today=LATER)
    return -cents


def return_credit(of, decision_id, cents, on):
    of.return_credit(decision_id, cents, on, CreditReturnReason.AT_REQUEST, None, today=LATER)
    return cents


DECIDE = {"write off": write_off, "give back": return_credit}


def test_br_02_a_write_off_counts_from_its_day_and_is_no_payment():
    of = account()
    charge(of, "2024-01", 35_000)
    of.judge(date(2024, 1, 10), date(2024, 1, 15))
    write_off(of, UUID(int=5), 35_000, date(2024, 3, 1))

    assert of.arrears_on(date(2024, 2, 29)) == 35_000
    assert of.arrears_on(date(2024, 3, 1)) == 0
    assert of.allocated == {}
    assert not of.in_arrears

    of.withdraw_decision(UUID(int=5))

    assert of.arrears_on(date(2024, 3, 1)) == 35_000
    assert of.in_arrears


def test_money_that_comes_after_a_write_off_pays_what_is_still_asked_for():
    of = account()
    charge(of, "2024-01", 35_000)
    write_off(of, UUID(int=5), 35_000, date(2024, 1, 20))
    charge(of, "2024-02", 35_000)
    receive(of, 1, 10_000, date(2024, 2, 12))

    ((_, lines),) = of.allocated.values()
    (february,) = [c.charge_id for c in of.charges.values() if c.month == "2024-02"]
    assert lines == ((february, 10_000),)


@pytest.mark.parametrize("cents", [0, 35_001])
def test_no_more_is_written_off_than_is_owed(cents):
    of = account()
    charge(of, "2024-01", 35_000)

    with pytest.raises(MoreThanIsOwed):
        write_off(of, UUID(int=5), cents, date(2024, 1, 20))


def test_what_was_owed_and_has_been_paid_since_is_not_written_off():
    of = account()
    charge(of, "2024-01", 35_000)
    receive(of, 1, 30_000, date(2024, 2, 1))

    with pytest.raises(MoreThanIsOwed):
        write_off(of, UUID(int=5), 10_000, date(2024, 1, 20))
    write_off(of, UUID(int=5), 5_000, date(2024, 1, 20))


def test_no_more_is_given_back_than_was_paid_too_much_then_and_still_is():
    of = account()
    receive(of, 1, 40_000, date(2024, 1, 5))
    charge(of, "2024-01", 35_000)

    with pytest.raises(MoreThanTheCredit):
        return_credit(of, UUID(int=5), 40_000, date(2024, 1, 6))
    return_credit(of, UUID(int=5), 5_000, date(2024, 1, 12))
    assert of.credit_on(LATER) == of.arrears_on(LATER) == 0
    with pytest.raises(MoreThanTheCredit):
        return_credit(of, UUID(int=6), 1, date(2024, 1, 12))


acts = st.lists(
    st.one_of(
        st.tuples(st.just("charge"), st.integers(0, 23), st.integers(0, 60_000)),
        st.tuples(st.just("pay"), st.integers(0, 720), st.integers(1, 90_000)),
        st.tuples(st.just("reverse"), st.integers(0, 720), st.integers(0, 5)),
        st.tuples(st.just("write off"), st.integers(0, 720), st.integers(1, 90_000)),
        st.tuples(st.just("give back"), st.integers(0, 720), st.integers(1, 90_000)),
        st.tuples(st.just("withdraw"), st.integers(0, 720), st.integers(0, 3)),
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(acts, st.integers(0, 760))
def test_br_02_holds_against_a_slow_and_obvious_reckoning(done, asked):
    of, charges, payments, reversals, decided = account(), {}, [], [], {}
    for number, (what, when, how) in enumerate(done):
        if what == "charge":
            month = f"{2024 + when // 12}-{when % 12 + 1:02d}"
            if month not in charges:
                charges[month] = (due_on(month), how)
                charge(of, month, how)
        elif what == "pay":
            day = START + timedelta(days=when)
            payments.append((day, how))
            receive(of, number, how, day)
        elif what in DECIDE:
            decision_id, day = UUID(int=20_000 + number), START + timedelta(days=when)
            with suppress(MoreThanIsOwed, MoreThanTheCredit):
                decided[decision_id] = (day, DECIDE[what](of, decision_id, how, day))
        elif what == "withdraw":
            for decision_id in list(decided)[how : how + 1]:
                of.withdraw_decision(decision_id)
                del decided[decision_id]
        elif how < len(payments):
            day = payments[how][0] + timedelta(days=when % 30)
            reversals.append((day, payments[how][1]))
            of.reverse_payment(UUID(int=10_000 + number), payments[how][1], day)
    day = START + timedelta(days=asked)
    slow = sum(cents for due, cents in charges.values() if due <= day)
    slow -= sum(cents for on, cents in payments if on <= day)
    slow += sum(cents for on, cents in reversals if on <= day)
    slow += sum(cents for on, cents in decided.values() if on <= day)

    assert of.arrears_on(day) == max(0, slow)
    stated = len(of.pending_events)
    of._settle()
    assert len(of.pending_events) == stated, "allocated anew, something else would be stated"
    for payment_id, (_, lines) in of.allocated.items():
        paid = of.payments.get(payment_id)
        assert sum(cents for _, cents in lines) <= (paid.cents if paid else 0)
    for known in of.charges.values():
        asked_of = [
            c for _, lines in of.allocated.values() for i, c in lines if i == known.charge_id
        ]
        assert sum(asked_of) <= known.cents
