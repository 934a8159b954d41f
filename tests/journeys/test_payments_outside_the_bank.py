"""Payments that the bank's files do not hold: by receipt, once and for ever, line by line."""

from datetime import date
from uuid import UUID

import pytest

from contracts.envelope import read_envelope
from services.arrears.account_pages import what_is
from services.arrears.accounts_in_arrears import select_lines
from services.arrears.imports import FileKind, import_file
from services.chassis.aggregate import natural_id
from services.intake.letting import payment_reference_of

GOOD = """reçu;payé le;montant;bail;communication;payeur
R-1;12/03/2024;200,00;L1;;CPAS
R-2;13/03/2024;350,00;;{communication};
"""


@pytest.fixture
def at_desk(let):
    let.go_to(date(2024, 3, 20))
    return let


def taken(company, text, name="payments.csv", **how):
    communication = payment_reference_of(company.slug, "L2")
    content = text.format(communication=communication).encode()
    return import_file(company.arrears, company.me, FileKind.PAYMENTS, name, content, **how)


def received(company):
    return {
        fact.data["payment_id"]: fact.data
        for fact in map(read_envelope, company.facts("arrears"))
        if fact.type == "arrears.payment-received" and not fact.withdrawn
    }


def test_each_line_pays_its_lease_and_says_who_paid_on_the_account_too(at_desk):
    report = taken(at_desk, GOOD)

    assert (report["state"], report["accepted"], report["refused"]) == ("accepted", 2, [])
    assert [at_desk.balance(name) for name in ("L1", "L2")] == [15_000, 0]
    assert sorted(data.get("paid_by", "") for data in received(at_desk).values()) == ["", "cpas"]
    with at_desk.arrears.datastore.reading() as rows:
        accounts = [select_lines(rows, at_desk.lease_id(name)) for name in ("L1", "L2")]
    paid = [what_is(line) for lines in accounts for line in lines if line["kind"] == "payment"]
    assert paid == ["Paiement par le CPAS", "Paiement"]


def test_a_receipt_is_taken_once_wherever_its_money_is_now(at_desk):
    taken(at_desk, GOOD)
    payment_id = natural_id(at_desk.slug, "payment", "receipt/R-1")
    at_desk.arrears.release_payment(at_desk.me, at_desk.lease_id("L1"), payment_id)
    before = len(at_desk.facts("arrears"))

    again = taken(at_desk, GOOD + "R-3;14/03/2024;1,00;L1;;\n", "more.csv")

    assert (again["state"], again["accepted"]) == ("accepted", 3)
    assert [(told["line"], told["field"]) for told in again["flagged"]] == [(2, "lease")]
    assert len(received(at_desk)) == 3
    assert at_desk.balance("L1") == 34_900
    assert taken(at_desk, GOOD)["state"] == "already-imported"
    news = [read_envelope(fact) for fact in at_desk.facts("arrears")[before:]]
    assert {fact.subject for fact in news} == {str(at_desk.lease_id("L1"))}
    assert UUID(news[0].data["payment_id"]) == natural_id(at_desk.slug, "payment", "receipt/R-3")


def test_a_receipt_that_is_on_another_lease_is_passed_over_and_told(at_desk):
    taken(at_desk, GOOD)

    report = taken(at_desk, GOOD.replace(";L1;", ";L2;"), "again.csv")

    (told,) = report["flagged"]
    assert (report["state"], told["line"], told["field"]) == ("accepted", 2, "lease")
    assert "n'y change rien" in told["reason"]
    assert [at_desk.balance(name) for name in ("L1", "L2")] == [15_000, 0]


WRONG = (
    ("R-9;12/03/2024;0,00;L1;;", "amount", "plus de 0"),
    ("R-9;21/03/2024;1,00;L1;;", "paid_on", "pas encore là"),
    ("R-9;12/03/2024;1,00;L9;;", "lease", "vérifiez son numéro"),
    ("R-9;12/03/2024;1,00;;;", "lease", "Indiquez le bail"),
    ("R-9;12/03/2024;1,00;;+++123/4567/89012+++;", "communication", "contrôle"),
    ("R-9;12/03/2024;1,00;L1;{communication};", "lease", "même locataire"),
    ("R-2;13/03/2024;350,00;L2;;", "receipt", "déjà dans le fichier"),
    ("R-9;12/03/2024;1,00;L1;;chat", "payer", ": tenant, cpas, other, locataire, autre."),
)


def test_one_wrong_line_and_nothing_is_taken(at_desk):
    for line, field, reason in WRONG:
        report = taken(at_desk, f"{GOOD}{line}\n")

        (told,) = report["refused"]
        assert (report["state"], told["line"], told["field"]) == ("refused", 4, field)
        assert reason in told["reason"]
    assert received(at_desk) == {}


@pytest.mark.parametrize("cell", ["0,00", "0,001"])
def test_a_second_line_of_a_receipt_is_refused_also_where_the_first_is_wrong(at_desk, cell):
    twice = f"reçu;payé le;montant;bail\nR-1;12/03/2024;{cell};L1\nR-1;12/03/2024;1,00;L1\n"

    report = taken(at_desk, twice, partial=True)

    refused = [(told["line"], told["field"]) for told in report["refused"]]
    assert (refused, report["accepted"]) == ([(2, "amount"), (3, "receipt")], 0)
    assert received(at_desk) == {}


def test_a_receipt_of_another_amount_is_refused(at_desk):
    taken(at_desk, GOOD)

    report = taken(at_desk, GOOD.replace("350,00", "351,00"), "corrected.csv")

    assert [(r["line"], r["field"]) for r in report["refused"]] == [(3, "receipt")]
