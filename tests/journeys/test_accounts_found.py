"""An account is found by what an officer has at hand: a number, a name, an address, an amount."""

from datetime import date

import pytest

from services.arrears.account_search import amount_in, search
from services.arrears.imports import FileKind, import_file
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of

MARCH = date(2024, 3, 18)


def found(company, text):
    """By lease number, why each was found where its number or name does not say it."""
    rows = search(company.arrears, text, MARCH)
    return {row["reference"]: row.get("because", []) for row in rows}


def test_an_account_is_found_by_number_name_address_and_amount(let):
    terms = (date(2024, 3, 1), 30_000, 5_000)
    at = "Rue du Parc 12, 6000 Charleroi"
    let.intake.register_dwelling(let.me, "D3", date(2020, 1, 1))
    let.intake.sign_lease(let.me, "L3", "D3", *terms, [Person("Léa Duparc", address=at)])
    let.go_to(MARCH)
    paid = [Booking(12_345, MARCH, structured=payment_reference_of(let.slug, "L1"))]
    content = write_statement("BE68539007547034", 1, MARCH, 0, paid)
    import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)

    assert found(let, "L2") == {"L2": []}
    assert found(let, "evrard") == {"L1": []}
    assert found(let, "parc 12") == {"L3": [at]}
    assert found(let, "DU PARC") == {"L3": [at]}
    assert found(let, "duparc") == {"L3": []}
    assert found(let, "123,45 €") == {"L1": ["paiement du 18 mars 2024"]}
    assert found(let, "226,55") == {"L1": ["reste dû ce jour"]}
    assert found(let, "350,00") == {
        "L2": ["reste dû ce jour", "loyer et charges du 10 mars 2024"],
        "L1": ["loyer et charges du 10 mars 2024"],
    }
    assert found(let, "1,00") == found(let, "avenue") == {}


@pytest.mark.parametrize(
    ("text", "cents"),
    [("123,45", 12_345), ("−1 234,56 €", 123_456), ("350", None), ("1.2.3", None), ("L,1", None)],
)
def test_a_number_without_decimals_is_no_amount(text, cents):
    assert amount_in(text) == cents
