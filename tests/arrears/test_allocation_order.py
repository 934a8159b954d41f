"""In which order payments pay charges: the same lines as cent by cent, and never another debt."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_lease import know_lease

from contracts.arrears import MatchedBy
from contracts.envelope import read_envelope
from services.arrears.allocation import Charge, Ordering, Payment, PlanDue, allocate
from services.arrears.casework import agreeing
from services.arrears.casework.api import PlanBody
from services.arrears.casework.policy_shelf import SHIPPED, PolicyNotPossible, read_document
from services.arrears.imports import FileKind, import_file
from services.arrears.ladder.allocation_order import PaysFirst
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host

ME = Caller("officer-1")
START = date(2024, 1, 1)
PLAN, CURRENT = PaysFirst.PLAN_FIRST, PaysFirst.CURRENT_RENT_FIRST
ORDERS = ((), (CURRENT,), (PLAN,), (PLAN, CURRENT), (CURRENT, PLAN))
WALLONIA = (SHIPPED / "wallonie.yaml").read_text("utf-8")


def charge(number, cents, due_day=10):
    month = f"{2024 + number // 12}-{number % 12 + 1:02d}"
    return Charge(
        UUID(int=number + 1), month, date.fromisoformat(f"{month}-{due_day}"), cents, 0, 1
    )


def by_number(lines):
    return {charge_id.int: cents for charge_id, cents in lines}


@pytest.mark.parametrize(
    ("first", "lines", "then"),
    [
        ((), {1: 400_00, 2: 50_00}, {2: 60_00}),
        ((PLAN,), {1: 400_00, 2: 50_00}, {2: 60_00}),
        ((CURRENT,), {3: 400_00, 1: 50_00}, {1: 60_00}),
        ((PLAN, CURRENT), {1: 100_00, 3: 350_00}, {3: 50_00, 1: 10_00}),
    ],
)
def test_the_worked_example_of_the_policy_reference(first, lines, then):
    """`then`: what 60 € more pay the next day, when the plan has got what was due of it."""
    plan = PlanDue(UUID(int=9), date(2024, 2, 15), 100_00)
    came = [
        Payment(UUID(int=n), cents, date(2024, 3, 11 + n), 1, ordering=Ordering(first, plan))
        for n, cents in ((1, 450_00), (2, 60_00))
    ]

    found = allocate([charge(n, 400_00) for n in range(3)], came).values()

    assert [by_number(each) for each in found] == [lines, then]


def cent_by_cent(charges, payments):
    """Each cent to the first charge that the payment's order names and that is not paid yet."""
    unpaid = {c.charge_id: c.cents for c in charges}
    oldest = sorted(charges, key=lambda c: (c.due_on, c.month))
    to_plan, found = {}, {}
    for payment in sorted(payments, key=lambda p: (p.value_date, p.order)):
        lines, plan = {}, payment.ordering.plan
        for name in (*payment.ordering.first, PaysFirst.OLDEST_FIRST):
            while sum(lines.values()) < payment.cents:
                if name is PLAN:
                    if plan is None or to_plan.get(plan.plan_id, 0) >= plan.due_cents:
                        break
                    named = [c for c in oldest if c.due_on <= plan.agreed_on]
                elif name is CURRENT:
                    named = [c for c in oldest if c.month == f"{payment.value_date:%Y-%m}"]
                else:
                    named = oldest
                open_charge = next((c.charge_id for c in named if unpaid[c.charge_id]), None)
                if open_charge is None:
                    break
                unpaid[open_charge] -= 1
                lines[open_charge] = lines.get(open_charge, 0) + 1
                if name is PLAN:
                    to_plan[plan.plan_id] = to_plan.get(plan.plan_id, 0) + 1
        found[payment.payment_id] = lines
    return found


days = st.integers(0, 250).map(lambda n: START + timedelta(days=n))
plans = st.builds(PlanDue, st.sampled_from([UUID(int=7), UUID(int=8)]), days, st.integers(0, 40))


def test_of_one_days_payments_the_first_that_came_pays_the_older_charge():
    first, second = (Payment(UUID(int=n), 400_00, date(2024, 3, 11), n) for n in (1, 2))

    found = allocate([charge(0, 400_00), charge(1, 400_00)], [second, first])

    assert by_number(found[first.payment_id]) == {1: 400_00}
    assert by_number(found[second.payment_id]) == {2: 400_00}


@pytest.mark.parametrize(("agreed_on", "paid"), [(9, {2: 50_00}), (10, {1: 50_00})])
def test_a_plan_covers_what_falls_due_on_the_day_it_is_agreed(agreed_on, paid):
    """The month that is current comes after it, so that one sees which of the two is paid."""
    ordering = Ordering((PLAN, CURRENT), PlanDue(UUID(int=9), date(2024, 1, agreed_on), 100_00))
    money = Payment(UUID(int=100), 50_00, date(2024, 2, 11), 1, ordering=ordering)

    found = allocate([charge(0, 400_00), charge(1, 400_00)], [money])

    assert by_number(found[money.payment_id]) == paid


charges_made = st.lists(
    st.builds(charge, st.integers(0, 9), st.integers(0, 20)),
    max_size=9,
    unique_by=lambda c: c.month,
)
moneys = st.lists(
    st.tuples(st.integers(0, 45), days, st.sampled_from(ORDERS), st.none() | plans), max_size=9
)


@given(charges_made, moneys)
def test_lines_are_those_of_each_cent_and_pay_no_more_than_there_is(charges, came):
    payments = [
        Payment(UUID(int=100 + n), cents, day, n, ordering=Ordering(first, plan))
        for n, (cents, day, first, plan) in enumerate(came)
    ]

    found = allocate(charges, payments)

    assert {identity: dict(lines) for identity, lines in found.items()} == cent_by_cent(
        charges, payments
    )
    for payment in payments:
        assert sum(cents for _, cents in found[payment.payment_id]) <= payment.cents
    for known in charges:
        paid = sum(dict(lines).get(known.charge_id, 0) for lines in found.values())
        assert paid <= known.cents


@given(charges_made, moneys, st.lists(st.tuples(st.integers(0, 8), days), max_size=3))
def test_br_02_does_not_know_in_which_order_payments_pay(charges, came, backs):
    """Arrears of every day, months stated as missed, what is cleared: the same under each order."""
    stories = []
    for first in ORDERS:
        of = RentAccount.open_account(UUID(int=1), UUID(int=2), START)
        for each in charges:
            of.charge_rent("company", each.month, each.due_on, each.cents, 0)
            of.judge(each.due_on, each.due_on + timedelta(days=5))
        for n, (cents, day, _, plan) in enumerate(came):
            if cents:
                ordering = Ordering(first, plan if PLAN in first else None)
                money = (UUID(int=100 + n), cents, day, MatchedBy.OFFICER)
                of.receive_payment(*money, ordering=ordering)
        for n, (which, day) in enumerate(backs):
            if which < len(came) and came[which][0]:
                of.reverse_payment(UUID(int=200 + n), came[which][0], day)
        until = [START + timedelta(days=n) for n in range(0, 400, 7)]
        told = [
            (type(event).__name__, event.occurred_on, getattr(event, "unpaid_cents", None))
            for event in of.collect_events()
            if "Alloc" not in type(event).__name__
        ]
        stories.append(([(of.arrears_on(d), of.credit_on(d)) for d in until], told))

    assert stories == [stories[0]] * len(ORDERS)


def document(version, order, applies_from, *, reaching_back=False):
    own = ("version", "adopted_on", "applies_from")
    kept = [text for text in WALLONIA.splitlines() if not text.startswith(own)]
    section = [f"allocation: {{order: [{order}]}}"] if order else []
    section += ["scope: {earlier_days: true}"] if reaching_back else []
    head = [f"version: '{version}'", f"adopted_on: {START}", f"applies_from: {applies_from}"]
    return "\n".join([*head, *section, *kept])


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("newest-first", "Valeurs admises"),
        ("current-rent-first, current-rent-first", "figure deux fois"),
        ("oldest-first, plan-first", "mettez-le en dernier"),
    ],
)
def test_an_order_that_means_nothing_is_refused_with_its_line(order, reason):
    with pytest.raises(PolicyNotPossible, match="Ligne 4, allocation.*" + reason):
        read_document(document("x", order, START))


def open_with_three_months(arrears, lease):
    def opened(act):
        account = RentAccount.open_account(lease, uuid4(), date(2025, 1, 1))
        know_lease(account, date(2025, 1, 1))
        for month in ("2025-01", "2025-02", "2025-03"):
            arrears.charge(act, account, month, date.fromisoformat(f"{month}-10"), 40_000, 0)
        return act.save(account)

    arrears.perform(ME, opened)


def allocated_by(arrears):
    """The last lines of each payment, by its amount and the months of the charges."""
    said, charges, amounts = {}, {}, {}
    for fact in map(read_envelope, read_facts(arrears.datastore)):
        data = fact.data
        if fact.type == "arrears.rent-charged":
            charges[data["charge_id"]] = data["month"][5:]
        elif fact.type == "arrears.payment-received":
            amounts[data["payment_id"]] = data["amount_cents"]
        elif fact.type == "arrears.payment-allocated":
            said[data["payment_id"]] = data["lines"]
    return {
        amounts[p]: {charges[line["charge_id"]]: line["cents"] for line in lines}
        for p, lines in said.items()
    }


def test_the_policy_of_the_value_date_orders_a_payment_and_a_later_one_where_its_scope_says_so(
    new_company, settings_for, at_day
):
    host = Host(settings_for("arrears"), Arrears, ())
    arrears = host.service(new_company(date(2025, 3, 1)))
    slug, lease = arrears.company.slug, uuid4()

    def pay(receipt, day, euros):
        content = f"receipt;paid_on;amount;lease\n{receipt};{day};{euros};L1\n".encode()
        taken = import_file(arrears, ME, FileKind.PAYMENTS, f"{receipt}.csv", content)
        assert taken["accepted"] == 1, taken

    def adopt(version, order, applies_from, **more):
        agreeing.adopt_policy(arrears, ME, document(version, order, applies_from, **more))

    open_with_three_months(arrears, lease)
    adopt("1", "", date(2025, 2, 1))
    pay("R1", "2025-03-01", "100")
    at_day(slug, date(2025, 3, 2), services=["arrears"])
    pay("R0", "2025-03-02", "20")
    adopt("2", "current-rent-first", date(2025, 3, 2))
    arrears.tick()
    pay("R2", "2025-03-02", "150")
    pay("R3", "2025-03-01", "10")
    taken_before = {2_000: {"01": 2_000}, 15_000: {"03": 15_000}}
    before = taken_before | {10_000: {"01": 10_000}, 1_000: {"01": 1_000}}
    assert allocated_by(arrears) == before
    body = PlanBody(
        instalment_cents=20_000, frequency="monthly", first_due_on=date(2025, 3, 3), count=5
    )
    agreeing.agree_plan(arrears, ME, lease, body.terms(date(2025, 3, 2)))

    at_day(slug, date(2025, 3, 4), services=["arrears"])
    adopt("3", "plan-first, current-rent-first", date(2025, 3, 3), reaching_back=True)
    pay("R4", "2025-03-04", "300")
    assert allocated_by(arrears) == before | {30_000: {"01": 20_000, "03": 10_000}}
    adopt("4", "current-rent-first", date(2025, 3, 1), reaching_back=True)
    at_day(slug, date(2025, 3, 5), services=["arrears"])
    arrears.tick()
    assert allocated_by(arrears) == taken_before | {
        10_000: {"03": 10_000},
        1_000: {"03": 1_000},
        30_000: {"01": 20_000, "03": 10_000},
    }
    head = len(list(read_facts(arrears.datastore)))
    arrears.tick()
    assert len(list(read_facts(arrears.datastore))) == head
    arrears.cache.drop([lease])
    pay("R5", "2025-03-05", "1")
    assert allocated_by(arrears)[100] == {"03": 100}
    assert len(list(read_facts(arrears.datastore))) == head + 2
    host.stop()
