"""The same statements as CODA and as camt.053 files: posted once, by the same path."""

from datetime import date

import pytest
from camt_files import altered, camt, document, stmt
from coda_files import BATCH, CHARGES_TAKEN, DAY, RENT_PAID, written

from services.arrears.bank_data import count_unmatched
from services.arrears.bank_statement import BankStatement
from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.imports import select_imports
from services.demonstration.coda_writer import Booking

BOOKINGS = (RENT_PAID, CHARGES_TAKEN, BATCH)
FILES = {
    FileKind.CODA: written(*BOOKINGS),
    FileKind.CAMT053: camt(*BOOKINGS),
}
OTHER_WAY = {FileKind.CODA: FileKind.CAMT053, FileKind.CAMT053: FileKind.CODA}


@pytest.fixture
def take(new_company, hosts):
    """Imports into one company, and lends its arrears service."""
    arrears = hosts("arrears").service(new_company())

    def take(kind, content, name="file", **options):
        return import_file(arrears, Caller("officer"), kind, name, content, **options)

    take.arrears = arrears
    return take


def test_a_camt_file_answers_what_a_coda_file_answers(take, new_company, hosts):
    told = take(FileKind.CAMT053, FILES[FileKind.CAMT053], "november.xml")
    other = hosts("arrears").service(new_company())
    coda = import_file(other, Caller("officer"), FileKind.CODA, "n.cod", FILES[FileKind.CODA])

    own = {"kind", "file", "sha256"}
    assert {key: told[key] for key in told.keys() - own} == {
        key: coda[key] for key in coda.keys() - own
    }
    assert (told["kind"], told["state"], told["accepted"]) == ("camt053", "accepted", 4)
    (noted,) = select_imports(take.arrears)
    assert (noted["kind"], noted["filename"]) == ("camt053", "november.xml")
    with take.arrears.datastore.reading() as rows:
        assert count_unmatched(rows) == (3, 1_150_00)


@pytest.mark.parametrize("kind", FILES)
def test_the_same_statement_in_the_other_format_is_already_imported(take, kind):
    assert take(kind, FILES[kind])["state"] == "accepted"
    facts = len(list(read_facts(take.arrears.datastore)))
    other = OTHER_WAY[kind]

    assert take(other, FILES[other], "other")["state"] == "already-imported"
    assert take(other, FILES[other], dry_run=True)["state"] == "already-imported"
    assert take(kind, FILES[kind] + b"\n", "again")["state"] == "already-imported"
    assert len(list(read_facts(take.arrears.datastore))) == facts


@pytest.mark.parametrize("kind", FILES)
def test_other_movements_under_the_same_identity_are_a_conflict_in_either_format(take, kind):
    take(kind, FILES[kind])
    for other, content in (
        (FileKind.CODA, written(RENT_PAID)),
        (FileKind.CAMT053, camt(RENT_PAID)),
    ):
        report = take(other, content)

        assert (report["state"], report["facts"]) == ("conflicting", 0)
        assert "d'autres mouvements" in report["refused"][0]["reason"]


def test_other_words_in_a_file_of_the_same_format_are_a_conflict(take):
    take(FileKind.CAMT053, FILES[FileKind.CAMT053])
    other = altered(FILES[FileKind.CAMT053], "LEROY ANNE", "LEROY ANNA")

    assert take(FileKind.CAMT053, other)["state"] == "conflicting"


@pytest.mark.parametrize("kind", FILES)
def test_the_same_day_under_another_number_of_the_other_format_is_not_posted_twice(take, kind):
    numbered = {
        FileKind.CODA: written(*BOOKINGS, number=0),
        FileKind.CAMT053: camt(*BOOKINGS, number=12),
    }
    take(kind, numbered[kind])

    report = take(OTHER_WAY[kind], numbered[OTHER_WAY[kind]])

    assert (report["state"], report["facts"]) == ("already-imported", 0)
    assert "sous le numéro" in report["flagged"][0]["reason"]


def test_another_number_of_the_same_format_is_another_statement(take):
    take(FileKind.CAMT053, camt(Booking(5, DAY), Booking(-5, DAY), number=1))

    report = take(FileKind.CAMT053, camt(Booking(5, DAY), Booking(-5, DAY), number=2))

    assert (report["state"], report["accepted"]) == ("accepted", 2)


def test_of_several_statements_the_new_one_alone_is_posted(take):
    take(FileKind.CODA, FILES[FileKind.CODA])
    next_day = stmt(
        Booking(5_00, date(2026, 11, 24)), number=328, day=date(2026, 11, 24), opening=2_137_66
    )

    report = take(FileKind.CAMT053, document(stmt(*BOOKINGS), next_day))

    assert (report["state"], report["accepted"]) == ("accepted", 1)
    assert [statement["number"] for statement in report["statements"]] == ["327", "328"]
    data = take.arrears.bank_data()
    assert (data.gaps, data.complete_until) == ([], date(2026, 11, 24))


def test_nothing_of_a_refused_file_is_posted(take):
    bad = document(stmt(*BOOKINGS), stmt(RENT_PAID, number=328).replace("1450.00", "1450.01"))

    report = take(FileKind.CAMT053, bad)

    assert (report["state"], report["accepted"], report["facts"]) == ("refused", 0, 0)
    assert {error["field"] for error in report["refused"]} == {"Stmt/Bal/Amt"}
    assert list(read_facts(take.arrears.datastore)) == []
    assert select_imports(take.arrears) == []


def test_a_file_given_as_the_other_kind_is_refused_naming_its_own(take):
    as_coda = take(FileKind.CODA, FILES[FileKind.CAMT053])
    as_camt = take(FileKind.CAMT053, FILES[FileKind.CODA])

    assert (as_coda["state"], as_camt["state"]) == ("refused", "refused")
    assert "camt.053" in as_coda["refused"][0]["reason"]
    assert "CODA" in as_camt["refused"][0]["reason"]


def test_a_payer_stands_nowhere_in_clear(take):
    said = Booking(5_00, DAY, communication="pour Odile", counterparty_name="MEUNIER ODILE")
    take(FileKind.CAMT053, camt(said))

    with take.arrears.datastore.reading() as rows:
        stored = rows.execute("SELECT state FROM stored_events").fetchall()
    everything = [bytes(row["state"]) for row in stored]
    everything += read_facts(take.arrears.datastore)
    assert len(everything) > 3
    assert not [one for one in everything if b"MEUNIER" in one.upper() or b"ODILE" in one.upper()]


def test_a_statement_that_was_begun_before_formats_were_told_is_one_of_coda():
    begun = object.__new__(BankStatement.Begun)
    begun.__dict__.update(fingerprint="f")
    statement = object.__new__(BankStatement)

    begun.apply(statement)

    assert (statement.format, statement.amounts) == ("coda", "")
