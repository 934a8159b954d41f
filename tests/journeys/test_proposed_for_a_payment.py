"""Money without a valid reference: whose it may be, with the reasons, and nobody's by itself."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "arrears"))

from camt_files import camt

from services.arrears.bank_data import select_unmatched
from services.arrears.bank_postings import COMMUNICATION_FIELD, PAYER_FIELD
from services.arrears.imports import FileKind, import_file
from services.arrears.proposing import BY_ACCOUNT, BY_AMOUNT, BY_NAME, BY_NUMBER, proposals
from services.chassis.keyring import person_of
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of

MARCH = date(2024, 3, 18)
PAID = (
    Booking(35_000, MARCH, communication="loyer", counterparty_name="EVRARD ZOE"),
    Booking(12_000, MARCH, communication="bail l2, mars", counterparty_name="A. Inconnu"),
    Booking(12_001, MARCH, communication="merci", counterparty_name="Zoé"),
)


def proposed(company):
    """Of each payment, by amount: leases with the reasons."""
    keyring, mine = company.arrears.keyring, company.arrears.company
    with company.arrears.datastore.reading() as rows:
        found = select_unmatched(rows)
    told = {}
    for row in found:
        (payer,) = keyring.show_all(mine, [row["payer"]], PAYER_FIELD)
        (text,) = keyring.show_all(mine, [row["communication"]], COMMUNICATION_FIELD)
        payment = row | {"payer": payer, "communication": text}
        leases = proposals(company.arrears, payment)
        told[row["amount_cents"]] = [(each["reference"], each["because"]) for each in leases]
    return told


def test_a_payment_is_proposed_for_leases_with_the_reasons_and_assigned_to_none(let):
    let.go_to(date(2024, 3, 20))
    content = write_statement("BE68539007547034", 1, MARCH, 0, list(PAID))
    import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)
    let.settle()

    assert proposed(let) == {
        35_000: [("L1", [BY_NAME, BY_AMOUNT]), ("L2", [BY_AMOUNT])],
        12_000: [("L2", [BY_NUMBER])],
        12_001: [],
    }
    assert [let.balance(name) for name in ("L1", "L2")] == [35_000, 35_000]


def test_an_amount_that_many_owe_says_nothing_of_whose_it_is(let):
    roll = "lease;month;rent;charges\n"
    for number in (3, 4):
        let.intake.register_dwelling(let.me, f"D{number}", date(2020, 1, 1))
        terms = (date(2024, 3, 1), 30_000, 5_000, [Person(f"Ada Vos {number}")])
        let.intake.sign_lease(let.me, f"L{number}", f"D{number}", *terms)
        roll += f"L{number};2024-03;300;50\n"
    let.settle()
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "more.csv", roll.encode())
    let.go_to(date(2024, 3, 20))
    content = write_statement("BE68539007547034", 1, MARCH, 0, list(PAID[:1]))
    import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)
    let.settle()

    assert proposed(let) == {35_000: [("L1", [BY_NAME, BY_AMOUNT])]}


ANNE, BEN, CPAS = "BE71096123456769", "FR7630006000011234567890189", "BE62510007547061"


def paid_from(account, cents, **said):
    return Booking(cents, MARCH, counterparty_account=account, **said)


def from_coda(number, opening, bookings):
    return FileKind.CODA, write_statement("BE68539007547034", number, MARCH, opening, bookings)


def from_camt(number, opening, bookings):
    return FileKind.CAMT053, camt(*bookings, day=MARCH, number=number, opening=opening)


@pytest.mark.parametrize("written", [from_coda, from_camt])
def test_money_from_an_account_that_paid_for_one_household_alone_is_proposed_for_it(let, written):
    let.go_to(date(2024, 3, 20))
    first, second = (payment_reference_of(let.slug, name) for name in ("L1", "L2"))

    def take(number, opening, *bookings):
        kind, content = written(number, opening, list(bookings))
        taken = import_file(let.arrears, let.me, kind, f"{number}", content)
        assert taken["state"] == "accepted"

    take(
        1,
        0,
        paid_from(ANNE, 1_00, structured=first),
        paid_from(CPAS, 2_00, structured=first),
        paid_from(CPAS, 3_00, structured=second),
        paid_from(BEN, 4_00, communication="merci"),
    )
    assert proposed(let) == {4_00: []}
    with let.arrears.datastore.reading() as rows:
        (waiting,) = select_unmatched(rows)
    let.arrears.assign_payment(let.me, waiting["payment_id"], let.lease_id("L2"))
    kind, content = from_coda(2, 10_00, [paid_from(a, n) for n, a in ((5, ANNE), (6, BEN))])
    import_file(let.arrears, let.me, kind, "2", content)
    take(3, 10_11, paid_from(CPAS, 7), paid_from("", 8))

    assert proposed(let) == {5: [("L1", [BY_ACCOUNT])], 6: [("L2", [BY_ACCOUNT])], 7: [], 8: []}
    kept = stored(let)
    assert kept.count("sealed:1:") > 10
    assert not [number for number in (ANNE, BEN, CPAS) if number[4:] in kept]

    let.arrears.release_payment(let.me, let.lease_id("L2"), waiting["payment_id"])
    with let.arrears.datastore.reading() as rows:
        (account,) = rows.execute("SELECT * FROM account WHERE reference = 'L1'").fetchall()
    person = person_of(account["leaseholders"][0]["name"])
    let.intake.keyring.destroy(let.intake.company, person)
    let.arrears.keyring._cached.clear()

    assert proposed(let) == {4_00: [], 5: [], 6: [], 7: [("L2", [BY_ACCOUNT])], 8: []}


def stored(company):
    """Everything that arrears keeps of the company, and told, as text."""
    with company.arrears.datastore.reading() as rows:
        names = rows.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        ).fetchall()
        assert {"account_line", "payer_account"} <= {name["table_name"] for name in names}
        kept = [
            str(row)
            for name in names
            for row in rows.execute(f'SELECT t::text FROM "{name["table_name"]}" t').fetchall()
        ]
        events = rows.execute(
            "SELECT convert_from(state, 'UTF8') AS said FROM stored_events"
        ).fetchall()
    told = [content.decode() for content in company.facts("arrears")]
    return "".join([*kept, *(row["said"] for row in events), *told])
