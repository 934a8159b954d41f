"""A rent by the week, from the lease to what is missed of it and what the page and API say."""

import re
from datetime import date

import pytest

from contracts.envelope import read_envelope
from contracts.words import RentPeriod
from services.arrears.account_pages import period_in
from services.arrears.accounts_in_arrears import select_in_arrears, select_lines
from services.arrears.bank_data import select_waiting_charges
from services.arrears.imports import FileKind, import_file
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of

WEEKS = ("04/03/2024", "11/03/2024", "18/03/2024", "25/03/2024")
HEAD = "bail;mois;premier jour;loyer;charges\n"


@pytest.fixture
def town(company):
    """L2 by the month; of L1, by the week, two weeks and a month came before its lease."""
    early = "".join(f"L1;;{day};96,00;4,00\n" for day in WEEKS[:2])
    assert take(company, f"{early}L1;2024-04;;100;0\n")["accepted"] == 3
    for number, period in ((1, RentPeriod.WEEKLY), (2, None)):
        company.intake.register_dwelling(company.me, f"D{number}", date(2020, 1, 1))
        lease = (f"L{number}", f"D{number}", date(2024, 3, 1), 96_00, 4_00, [Person("Zoé Evrard")])
        company.intake.sign_lease(company.me, *lease, rent_period=period)
    company.settle()
    return company


def take(company, lines, **how):
    content = (HEAD + lines).encode()
    return import_file(company.arrears, company.me, FileKind.RENT_ROLL, "roll.csv", content, **how)


def lines_of(company, lease="L1"):
    with company.arrears.datastore.reading() as rows:
        return select_lines(rows, company.lease_id(lease))


def told(company, kind):
    facts = map(read_envelope, company.facts("arrears"))
    return [fact for fact in facts if fact.type == f"arrears.{kind}"]


def waiting(company):
    with company.arrears.datastore.reading() as rows:
        return [(row["months"], row["known"]) for row in select_waiting_charges(rows)]


def test_a_weekly_rent_is_charged_due_missed_and_corrected_week_by_week(town):
    assert [period_in(line) for line in lines_of(town)] == [
        "du 04/03/2024 au 10/03/2024",
        "du 11/03/2024 au 17/03/2024",
    ]
    assert waiting(town) == [(["2024-04"], True)]
    rest = "".join(f"L1;;{day};96,00;4,00\n" for day in WEEKS[1:])
    assert take(town, rest)["state"] == "accepted"

    paid = payment_reference_of(town.slug, "L1")
    booked = Booking(150_00, date(2024, 3, 14), structured=paid, counterparty_name="Z E")
    town.go_to(date(2024, 4, 2))
    content = write_statement("BE68539007547034", 1, date(2024, 4, 1), 0, [booked])
    import_file(town.arrears, town.me, FileKind.CODA, "bank.cod", content)
    town.arrears.tick()
    town.arrears.tick()

    missed = [
        (f.data["period_start"], f.data["unpaid_cents"]) for f in told(town, "payment-missed")
    ]
    assert missed == [
        ("2024-03-04", 100_00),
        ("2024-03-11", 50_00),
        ("2024-03-18", 100_00),
        ("2024-03-25", 100_00),
    ]
    with town.arrears.datastore.reading() as rows:
        (late,) = select_in_arrears(rows, date(2024, 4, 1))
    assert (late["owed_cents"], late["month_cents"], late["band"]) == (250_00, 433_33, "<1")
    assert late["missed_months"] == 4

    town.arrears.correct_charge(town.me, town.lease_id("L1"), "2024-03-25", 50_00, 0)
    town.arrears.cancel_charge(town.me, town.lease_id("L1"), "2024-03-18")
    assert town.balance("L1") == 100_00
    with town.arrears.datastore.reading() as rows:
        (late,) = select_in_arrears(rows, date(2024, 4, 1))
    assert (late["owed_cents"], late["month_cents"], late["missed_months"]) == (100_00, 216_67, 3)
    first, *_, corrected, cancelled = told(town, "rent-charged")
    said = ("month", "due_on", "period_start", "period_end", "periods_a_year")
    assert [first.data[name] for name in said] == [
        *("2024-03", "2024-03-04", "2024-03-04", "2024-03-10", 52)
    ]
    assert (corrected.data["period_start"], corrected.data["rent_cents"]) == ("2024-03-25", 50_00)
    assert (cancelled.data["period_start"], cancelled.withdrawn) == ("2024-03-18", True)
    assert [f.data["period_start"] for f in told(town, "payment-missed") if f.withdrawn] == [
        "2024-03-18"
    ]


def test_a_line_that_does_not_fit_is_refused_with_its_reason_and_nothing_is_charged(town):
    report = take(
        town,
        "L1;2024-05;;100;0\nL2;;04/03/2024;100;0\nL1;2024-03;18/03/2024;100;0\nL1;;;100;0\n"
        "L1;;13/03/2024;100;0\nL1;;18/03/2024;100;0\nL1;;20/03/2024;100;0\nL1;;02/04/2024;100;0\n"
        "L1;;11/03/2024;101;0\nL1;;18/03/2024;100;0\n",
    )

    refused = {(r["line"], r["field"]): r["reason"] for r in report["refused"]}
    assert {at: re.split(r"\s: ", reason)[0] for at, reason in refused.items()} == {
        (2, "month"): "Le loyer de ce bail est demandé par semaine",
        (3, "period_start"): "Le loyer de ce bail est mensuel",
        (4, "month"): re.split(r"\s: ", refused[(5, "month")])[0],
        (5, "month"): re.split(r"\s: ", refused[(4, "month")])[0],
        (6, "period_start"): "La période du 11/03/2024 au 17/03/2024 est déjà facturée",
        (8, "period_start"): "La période du 18/03/2024 au 24/03/2024 est déjà facturée",
        (9, "period_start"): "Les périodes se comptent par 7 jours depuis le 04/03/2024",
        (10, "rent"): "Cette période est déjà facturée pour un autre montant",
        (11, "lease"): "Ce bail figure déjà dans le fichier pour cette période.",
    }
    assert len(lines_of(town)) == 2
    (whole,) = import_file(
        town.arrears, town.me, FileKind.RENT_ROLL, "x.csv", b"lease;rent;charges\nL1;1;0\n"
    )["refused"]
    assert (whole["line"], whole["field"]) == (1, "month")
    early = take(town, "L1;;26/02/2024;100;0\nL1;;19/02/2024;100;0\n", dry_run=True)
    assert [(flag["line"], flag["field"]) for flag in early["flagged"]] == [(3, "period_start")]


def test_a_lease_whose_period_was_wrong_is_charged_by_the_right_one_from_then_on(town):
    lease_id, terms = town.lease_id("L1"), (date(2024, 3, 1), 96_00, 4_00, "D1")
    town.intake.correct_lease(town.me, lease_id, *terms, RentPeriod.WEEKS_48)
    town.settle()
    assert [line["periods_a_year"] for line in lines_of(town)] == [48, 48]

    town.intake.correct_lease(town.me, lease_id, *terms, RentPeriod.MONTHLY)
    town.settle()

    assert [(x["month"], x["period_start"], x["cents"]) for x in lines_of(town)] == [
        ("2024-04", None, 100_00)
    ]
    assert waiting(town) == []
    withdrawn = [f.data["period_start"] for f in told(town, "rent-charged") if f.withdrawn]
    assert withdrawn == ["2024-03-04", "2024-03-11"]
