"""Money without a valid reference: whose it may be, with the reasons, and nobody's by itself."""

from datetime import date

from services.arrears.bank_data import select_unmatched
from services.arrears.bank_postings import COMMUNICATION_FIELD, PAYER_FIELD
from services.arrears.imports import FileKind, import_file
from services.arrears.proposing import BY_AMOUNT, BY_NAME, BY_NUMBER, proposals
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.leaseholders import Person

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
