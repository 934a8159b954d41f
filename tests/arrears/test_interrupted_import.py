"""A bank file whose import is killed at any point: nothing lost, nothing twice, and it shows."""

import signal
from collections import Counter
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from camt_files import camt
from forked import Forked
from importer import run_import

from contracts.envelope import read_envelope
from services.arrears.bank_file_cut_off import BankFileCutOff, telling_what_is_recorded
from services.arrears.bank_postings import Tally
from services.arrears.imports import FileKind, import_file
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host
from services.chassis.imports import select_imports
from services.demonstration.coda_writer import Booking, write_statement

POINTS = (
    "act.before-write=kill@2",
    "act.between-events-and-facts=kill@1",
    "act.before-commit=kill@3",
    "act.after-commit=kill@2",
    "bank-file.between-acts=kill@1",
    "bank-file.between-acts=kill@2",
)
AN_ACT = 100
BOOKINGS = 115
"""More than one act takes; so few of either that eight imports can be killed."""


def statement(number, day, opening):
    bookings = [Booking(100 + n, day, communication=f"don {n}") for n in range(BOOKINGS)]
    return write_statement("BE68539007547034", number, day, opening, bookings)


@pytest.fixture
def bank_file(tmp_path):
    """Two statements of 115 movements each, none of which names a lease."""
    total = sum(100 + n for n in range(BOOKINGS))
    first = statement(1, date(2024, 3, 4), 0)
    second = statement(2, date(2024, 3, 5), total)
    path = tmp_path / "bank.cod"
    path.write_bytes(first + second)
    return path


@pytest.fixture
def run(home, bank_file):
    """In a process of its own: how it ended, and what it reported."""

    def run(slug, failpoints=""):
        process = Forked(run_import, home, slug, bank_file, AN_ACT, failpoints=failpoints)
        report = process.told()
        return process.end(), report

    return run


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_import_is_completed_by_importing_the_same_file_again(
    point, new_company, hosts, run
):
    slug = new_company()
    arrears = hosts("arrears").service(slug)

    killed, _ = run(slug, point)
    shown = [row["state"] for row in select_imports(arrears)]
    judged_until = arrears.bank_data().complete_until
    _, again = run(slug)
    _, once_more = run(slug)

    assert killed == -signal.SIGKILL
    assert shown in ([], ["interrupted"])
    assert judged_until in (None, date(2024, 3, 4))
    assert (again["state"], once_more["state"]) == ("accepted", "already-imported")
    assert [row["state"] for row in select_imports(arrears)] == ["accepted"]
    facts = [read_envelope(fact) for fact in read_facts(arrears.datastore)]
    payments = Counter(fact.data["payment_id"] for fact in facts if "payment_id" in fact.data)
    assert len(payments) == 2 * BOOKINGS
    assert set(payments.values()) == {1}
    assert sum(f.data["amount_cents"] for f in facts if "payment_id" in f.data) == 2 * sum(
        100 + n for n in range(BOOKINGS)
    )
    assert [f.position for f in facts] == list(range(1, len(facts) + 1))


def test_a_file_cut_off_whose_statements_came_by_another_file_is_whole(
    new_company, hosts, run, bank_file
):
    slug = new_company()
    arrears = hosts("arrears").service(slug)
    run(slug, "bank-file.between-acts=kill@1")
    other = bank_file.read_bytes() + b"\r\n"
    import_file(arrears, Caller("officer"), FileKind.CODA, "again.cod", other)
    before = {row["filename"]: row["state"] for row in select_imports(arrears)}
    _, told = run(slug)
    after = {row["filename"]: row["state"] for row in select_imports(arrears)}

    assert before == {"bank.cod": "interrupted", "again.cod": "accepted"}
    assert told["state"] == "already-imported"
    assert set(after.values()) == {"accepted"}


def test_a_dry_run_settles_nothing(new_company, hosts, run, bank_file):
    slug = new_company()
    arrears = hosts("arrears").service(slug)
    run(slug, "bank-file.between-acts=kill@1")
    content = bank_file.read_bytes()
    officer = Caller("officer")
    import_file(arrears, officer, FileKind.CODA, "again.cod", content + b"\r\n")

    tried = import_file(arrears, officer, FileKind.CODA, "bank.cod", content, dry_run=True)

    assert tried["state"] == "already-imported"
    states = {row["filename"]: row["state"] for row in select_imports(arrears)}
    assert states == {"bank.cod": "interrupted", "again.cod": "accepted"}


def test_a_statement_begun_in_one_format_is_completed_in_that_format(
    new_company, hosts, run, bank_file
):
    slug = new_company()
    arrears = hosts("arrears").service(slug)
    run(slug, "bank-file.between-acts=kill@1")
    bookings = [
        Booking(100 + n, date(2024, 3, 4), communication=f"don {n}") for n in range(BOOKINGS)
    ]
    same = camt(*bookings, number=1, day=date(2024, 3, 4), opening=0)

    told = import_file(arrears, Caller("officer"), FileKind.CAMT053, "bank.xml", same)
    _, completed = run(slug)
    then = import_file(arrears, Caller("officer"), FileKind.CAMT053, "bank.xml", same)

    assert (told["state"], told["facts"]) == ("conflicting", 0)
    assert "en partie" in told["refused"][0]["reason"]
    assert (completed["state"], then["state"]) == ("accepted", "already-imported")


NOWHERE = "postgresql://nobody@127.0.0.1:1/keyring?connect_timeout=1"
KNOWN_TO_NOBODY = "090933755493"


def test_a_file_that_stops_half_way_says_how_much_of_it_is_recorded_and_how_to_go_on(
    new_company, hosts, settings_for
):
    slug, day, officer = new_company(), date(2024, 3, 4), Caller("officer")
    keyless = Host(replace(settings_for("arrears"), keyring_url=NOWHERE), Arrears)
    bookings = [Booking(100, day, structured=KNOWN_TO_NOBODY) for _ in range(500)]
    bookings.append(Booking(100, day, communication="loyer de Zoé"))
    content = write_statement("BE68539007547034", 1, day, 0, bookings)

    with pytest.raises(BankFileCutOff, match="au moins 500 des 501 mouvements") as told:
        import_file(keyless.service(slug), officer, FileKind.CODA, "1.cod", content)
    keyless.stop()

    assert "coffre des clés" in str(told.value)
    assert "le même fichier" in str(told.value)
    arrears = hosts("arrears").service(slug)
    assert import_file(arrears, officer, FileKind.CODA, "1.cod", content)["state"] == "accepted"
    with arrears.datastore.reading() as rows:
        (found,) = rows.execute("SELECT count(*) AS n FROM unmatched_payment").fetchall()
    assert found["n"] == 501


def test_a_full_disk_in_the_middle_of_a_file_is_named():
    with (
        pytest.raises(BankFileCutOff, match=r"disque du serveur est plein.* au moins 1000 des"),
        telling_what_is_recorded(Tally(recorded=1000), 12_000),
    ):
        raise psycopg.errors.DiskFull
