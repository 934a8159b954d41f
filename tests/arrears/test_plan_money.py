"""Plans that are watched by their instalments alone: rent first, the rest to the plan."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from camt_files import camt

from contracts.arrears import MatchedBy
from contracts.arrears_cases import PlanMethod
from contracts.envelope import read_envelope
from services.arrears.casework import agreeing
from services.arrears.casework.api import PlanBody
from services.arrears.casework.explaining import explain_proposal
from services.arrears.casework.plan_money import paid_to_plan
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.imports import FileKind, import_file
from services.arrears.ladder.case import Plan
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host

ME = Caller("officer-1")
AGREED = date(2025, 1, 15)
TERMS = Plan.model_construct(
    what="plan",
    plan="p",
    on=AGREED,
    method="instalments-only",
    frequency=None,
    instalment_cents=50_00,
    starting_balance_cents=900_00,
)
CHARGES = [(date(2025, month, 10), date(2025, month, 1), 450_00) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("moves", "to_plan"),
    [
        # the rent of the month in which money comes is paid first, though not due yet
        ([("2025-02-05", 500_00)], [50_00]),
        ([("2025-01-20", 50_00)], [50_00]),
        ([("2025-02-12", 400_00), ("2025-02-20", 100_00)], [0, 50_00]),
        # a rent that was left unpaid is paid before the plan gets more
        ([("2025-03-05", 950_00)], [50_00]),
        ([("2025-01-14", 100_00)], [0]),
        ([("2025-01-20", 800_00), ("2025-01-21", 200_00)], [800_00, 100_00]),
        # what is taken back undoes the payment of its amount, else the newest money
        (
            [("2025-02-05", 500_00), ("2025-02-20", 30_00), ("2025-02-21", -500_00)],
            [50_00, 30_00, -50_00],
        ),
        (
            [("2025-02-05", 500_00), ("2025-02-20", 30_00), ("2025-02-21", -40_00)],
            [50_00, 30_00, -40_00],
        ),
        ([("2025-02-05", 450_00), ("2025-02-21", -450_00), ("2025-02-22", 500_00)], [0, 0, 50_00]),
    ],
)
def test_money_pays_the_rent_of_its_month_first_and_the_plan_gets_the_rest(moves, to_plan):
    money = [(UUID(int=n), date.fromisoformat(day), c) for n, (day, c) in enumerate(moves)]

    found = paid_to_plan(TERMS, date.max, CHARGES, money)

    assert [found.get(identity, 0) for identity, _, _ in money] == to_plan


def test_after_its_end_a_plan_gets_nothing():
    money = [(UUID(int=n), date(2025, 1, day), 10_00) for n, day in enumerate((20, 25))]

    assert paid_to_plan(TERMS, date(2025, 1, 20), CHARGES, money) == {UUID(int=0): 10_00}


def test_a_plan_by_its_instalments_is_late_late_by_more_on_time_again_and_completed(
    new_company, settings_for, at_day
):
    host = Host(settings_for("arrears"), Arrears, ("intake",))
    arrears = host.service(new_company(AGREED))
    wallonia = (SHIPPED / "wallonie.yaml").read_text("utf-8")
    never = "broken_after_missed: 0"
    agreeing.adopt_policy(arrears, ME, wallonia.replace("broken_after_missed: 2", never))
    lease, statements = uuid4(), iter(range(1, 99))

    def act(decide):
        def decided(act):
            account = act.find(RentAccount, lease) or RentAccount.open_account(
                lease, uuid4(), date(2024, 12, 1)
            )
            decide(act, account)
            return act.save(account)

        arrears.perform(ME, decided)

    def pay(cents, on):
        act(lambda _, account: account.receive_payment(uuid4(), cents, on, MatchedBy.OFFICER))

    def day(on):
        """The bank tells everything up to the day."""
        at_day(arrears.company.slug, on, services=["arrears"])
        content = camt(day=on, number=next(statements), opening=0)
        import_file(arrears, ME, FileKind.CAMT053, "bank.xml", content)
        arrears.tick()
        (plan,) = explain_proposal(arrears, lease, on, on)["plans"]
        return plan["state"], plan["expected_cents"], plan["shortfall_cents"]

    act(lambda a, account: arrears.charge(a, account, "2025-01", date(2025, 1, 10), 300_00, 0))
    for month in ("2025-02", "2025-03", "2025-04"):
        due_on = date.fromisoformat(f"{month}-10")
        act(lambda a, x, m=month, d=due_on: arrears.charge(a, x, m, d, 100_00, 0))
    body = PlanBody(
        method=PlanMethod.INSTALMENTS_ONLY,
        instalment_cents=100_00,
        frequency="monthly",
        first_due_on=date(2025, 2, 1),
        count=3,
    )
    agreeing.agree_plan(arrears, ME, lease, body.terms(AGREED))

    assert day(date(2025, 1, 31)) == ("on-time", 0, 0)
    assert day(date(2025, 2, 1)) == ("late", 100_00, 100_00)
    pay(150_00, date(2025, 2, 5))
    assert day(date(2025, 2, 6)) == ("late", 100_00, 50_00)
    assert day(date(2025, 3, 2)) == ("late-by-more", 200_00, 150_00)
    pay(250_00, date(2025, 3, 3))
    assert day(date(2025, 3, 3)) == ("on-time", 200_00, 0)
    pay(200_00, date(2025, 4, 1))
    assert day(date(2025, 4, 1))[0] == "completed"
    facts = [f for f in map(read_envelope, read_facts(arrears.datastore)) if "plan" in f.type]
    told = [(f.type.removeprefix("arrears.repayment-plan-"), f.data.get("state")) for f in facts]
    assert told == [
        ("agreed", None),
        ("breached", "late"),
        ("breached", "late-by-more"),
        ("healed", None),
        ("completed", None),
    ]
    assert (facts[0].data["method"], facts[0].data["count"]) == ("instalments-only", 3)
    host.stop()
