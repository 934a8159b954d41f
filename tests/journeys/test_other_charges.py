"""What is owed besides rent, from the desk to the figures: apart, and taken back again."""

from datetime import date
from uuid import UUID

import pytest

from contracts.envelope import read_envelope
from contracts.legal_path import CostKind, StrikeReason
from contracts.other_charges import OtherChargeKind
from services.arrears import charging_apart
from services.arrears.imports import FileKind, import_file
from services.arrears.legal.going_to_court import incur_costs
from services.arrears.legal.mistakes import strike_out
from services.arrears.legal.shown import path_of
from services.arrears.other_accounts import select_other_accounts
from services.arrears.other_charges import MoreThanIsDueOfKind
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.letting import payment_reference_of

APRIL = date(2024, 4, 15)
REPAIRS, COSTS = OtherChargeKind.REPAIRS, OtherChargeKind.COURT_COSTS


def figures(company):
    """Numerators of I01 and I05, in cents."""
    company.settle()
    return tuple(company.reporting.explain(i, 2024)["figure"]["numerator"] for i in ("I01", "I05"))


def balances(company, lease_id):
    with company.arrears.datastore.reading() as rows:
        accounts = select_other_accounts(rows, lease_id, APRIL)
    return {account["kind"]: account["balance_cents"] for account in accounts}


def missed(company):
    """Months stated as missed that stand, of the first lease."""
    last = {}
    for fact in map(read_envelope, company.facts("arrears")):
        if fact.type == "arrears.payment-missed" and fact.subject == str(company.lease_id("L1")):
            last[fact.corrects or fact.id] = fact
    return [fact.data["unpaid_cents"] for fact in last.values() if not fact.withdrawn]


BILLS = """bail;nature;échéance;montant;référence
L1;réparations;10/04/2024;120,00;F-1
L1;garantie;10/04/2024;50,00;F-1
L2;frais;10/04/2024;12,00;F-2
L9;frais;10/04/2024;12,00;F-3
L2;frais;10/04/2024;0,00;F-4
L2;frais;10/04/2024;13,00;Dupont
L2;frais;10/04/2024;13,00;F-2
L2;court-costs;10/04/2024;13,00;F-5
"""


def test_a_list_is_taken_line_by_line_and_twice_is_once(let):
    let.go_to(APRIL)

    def take(content):
        kind = FileKind.OTHER_CHARGES
        return import_file(let.arrears, let.me, kind, "bills.csv", content.encode(), partial=True)

    report = take(BILLS)
    again = take(BILLS.replace("L1;garantie", "L2;garantie"))

    faults = [(4 + 1, "lease"), (6, "amount"), (7, "reference"), (8, "reference"), (9, "kind")]
    assert sorted((r["line"], r["field"]) for r in report["refused"]) == faults
    assert (report["accepted"], again["accepted"]) == (3, 3)
    assert balances(let, let.lease_id("L1")) == {"deposit": 5_000, "repairs": 12_000}
    assert balances(let, let.lease_id("L2")) == {"deposit": 5_000, "fees": 1_200}
    assert let.balance("L1") == 35_000


def test_repairs_and_court_costs_stay_apart_and_a_part_of_a_payment_pays_them(let):
    me, arrears, lease_id = let.me, let.arrears, let.lease_id("L1")
    booking = Booking(35_000, date(2024, 3, 8), structured=payment_reference_of(let.slug, "L1"))
    content = write_statement("BE68539007547034", 1, date(2024, 3, 20), 0, [booking])
    let.go_to(APRIL)
    import_file(arrears, me, FileKind.CODA, "1.cod", content)
    let.settle()
    assert figures(let) == (35_000, 35_000)
    assert missed(let) == []
    charging_apart.record_other_charge(arrears, me, lease_id, REPAIRS, 12_000, APRIL, "F2024-7")
    incur_costs(arrears, me, lease_id, CostKind.COURT, 5_000, APRIL)

    assert balances(let, lease_id) == {"repairs": 12_000, "court-costs": 5_000}
    assert let.balance("L1") == 0
    assert figures(let) == (35_000, 35_000)

    (payment,) = (
        UUID(fact.data["payment_id"])
        for fact in map(read_envelope, let.facts("arrears"))
        if fact.type == "arrears.payment-received"
    )
    done = charging_apart.pay_other_charge(arrears, me, lease_id, payment, REPAIRS, 10_000)
    charging_apart.pay_other_charge(arrears, me, lease_id, payment, COSTS, 5_000)
    with pytest.raises(MoreThanIsDueOfKind):
        charging_apart.pay_other_charge(arrears, me, lease_id, payment, COSTS, 1)

    assert balances(let, lease_id) == {"repairs": 2_000, "court-costs": 0}
    assert let.balance("L1") == 15_000
    assert figures(let) == (50_000, 20_000)
    assert missed(let) == [15_000]

    charging_apart.withdraw_other_charge_payment(arrears, me, lease_id, UUID(done.id))
    (entry,) = path_of(arrears, lease_id, APRIL)["entries"]
    strike_out(arrears, me, lease_id, entry["entry"], StrikeReason.NOTED_TWICE)

    assert balances(let, lease_id) == {"repairs": 12_000, "court-costs": -5_000}
    assert let.balance("L1") == 5_000
    assert figures(let) == (40_000, 30_000)
    assert missed(let) == [5_000]
