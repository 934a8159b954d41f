"""What an operator does: look, import, decide on parked facts, mend, stop and start again."""

import shlex
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg
import pytest

from contracts.envelope import Envelope, fact_id, hash_of, write_envelope
from services.__main__ import parser
from services.demonstration.steps import FileKind, ImportFile

SLUG = "foyer-de-sambre"
REGISTERED = """
[companies.foyer-de-sambre]
names = { fr = "Le Foyer de Sambre" }
commune = "Charleroi"
bank_accounts = ["BE31 4356 4765 7255"]
"""
IMPORT_KEYS = {
    *("kind", "file", "sha256", "state", "statements", "accepted"),
    *("refused", "flagged", "unmatched", "facts"),
}


@pytest.fixture(scope="module")
def own(played, log):
    """A company of one's own beside the demonstration."""
    with (played.home / "companies.toml").open("a", encoding="utf-8") as file:
        file.write(REGISTERED)
    provisioned = played.json("provision")["companies"]
    created = {company["company"]: company["created"] for company in provisioned}
    assert created[SLUG]
    assert not created["demonstration"]
    return played


@pytest.fixture
def imported(own, tmp_path):
    """Import a content under a name; what `referent import` said."""

    def run(kind, name, content, *more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = own.run("import", kind, str(path), "--company", SLUG, "--format", "json", *more)
        assert set(said.json) >= IMPORT_KEYS, said.json
        return said.code, said.json

    return run


def commands():
    (subs,) = [action for action in parser()._actions if action.dest == "command"]
    return sorted(subs.choices.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_the_example_of_every_command_is_one_that_it_takes(name, command):
    example = command.epilog.removeprefix("Example: ")
    assert shlex.split(example)[:2] == ["referent", name]
    assert parser().parse_args(shlex.split(example)[1:]).command == name


def test_status_has_the_shape_that_is_contracted(suite):
    status = suite.json("status")

    assert status["mode"] == "embedded"
    assert [s["service"] for s in status["services"]] == [
        *("intake", "followup", "arrears", "reporting")
    ]
    for service in status["services"]:
        assert service["up"]
        (company,) = [c for c in service["companies"] if c["company"] == "demonstration"]
        assert company["facts"] == company["relayed"]
        assert (company["diverged"], company["parked"]) == (None, 0)
        assert all(seen["lag"] == 0 for seen in company["consumed"].values())


def test_wrong_use_is_told_in_a_sentence_and_ends_with_2(suite, tmp_path):
    here = ("--company", "demonstration", "--year", "2025")
    wrong = {
        ("frobnicate",): "invalid choice: 'frobnicate'",
        ("report", "--year", "2025"): "--company",
        ("report", "--company", "nowhere", "--year", "2025"): "no account auditor.nowhere",
        ("report", *here, "--known-on", "yesterday"): "« yesterday »",
        ("report", *here[:3], "1800"): "",
        ("explain", "I99", *here): "L'indicateur I99 n'existe pas",
        ("facts", "--company", "nowhere", "--service", "arrears"): "no account auditor.nowhere",
        ("facts", "--company", "../x", "--service", "arrears"): "",
        ("import", "coda", str(tmp_path / "none.cod"), "--company", "demonstration"): "none.cod",
        ("import", "coda", str(tmp_path), "--company", "demonstration"): str(tmp_path),
        (
            "import",
            "dwellings",
            __file__,
            "--company",
            "nowhere",
        ): "no account intake-officer.nowhere",
        ("demo", "--leases", "5", "--exit"): "from 20 to",
        ("parked", "list", "--company", "nowhere"): "société",
        ("parked", "retry", "demonstration/intake/1"): "--because",
        (
            *("parked", "release", "demonstration/nowhere/1"),
            *("--service", "reporting", "--because", "x"),
        ): "demonstration/nowhere/1",
    }

    said = suite.run_all(list(wrong))

    for (command, words), one in zip(wrong.items(), said, strict=True):
        assert one.code == 2, (command, one)
        assert words in one.err, (command, one.err)
        assert "Traceback" not in one.err
        assert not one.out


def test_a_second_start_and_another_demonstration_on_the_home_are_refused(suite):
    again, other, mend = suite.run_all(
        [
            ("demo", "--leases", "40", "--months", "13", "--exit"),
            ("demo", "--leases", "60", "--months", "13", "--exit"),
            ("mend", "--company", "demonstration", "--service", "intake"),
        ]
    )

    assert (again.code, other.code, mend.code) == (1, 1, 1)
    assert f"already runs under process {suite.state['pid']}" in again.err
    assert "holds another demonstration (--leases 40 --months 13 --seed 1)" in other.err
    assert "« referent down » first" in mend.err
    assert all(one.err.count("\n") == 1 for one in (again, other, mend))


def test_tables_are_judged_then_imported_once(imported, own):
    dwellings = "reference;bedrooms\nA1;2\nA2;1\n"
    assert imported("dwellings", "d.csv", dwellings, "--dry-run")[1]["facts"] == 0
    code, first = imported("dwellings", "d.csv", dwellings)
    again, second = imported("dwellings", "again.csv", dwellings)
    assert (code, first["state"], first["accepted"], first["facts"]) == (0, "accepted", 2, 2)
    assert (again, second["state"]) == (0, "already-imported")

    leases = "reference,dwelling,start_on,rent,charges,name\nL1,A1,01/02/2026,300.00,50.00,A B\n"
    spoilt = leases + "L2,A9,2026-13-01,ten,0,C D\n"
    code, refused = imported("leases", "l.csv", spoilt)
    assert (code, refused["state"], refused["facts"]) == (1, "refused", 0)
    assert {(error["line"], error["field"]) for error in refused["refused"]} >= {(3, "start_on")}
    assert all(error["reason"] for error in refused["refused"])
    code, partial = imported("leases", "l.csv", spoilt, "--partial")
    assert (code, partial["state"], partial["accepted"]) == (0, "accepted", 1)
    assert partial["refused"]

    roll = "lease;month;rent;charges\nL1;2026-02;300,00;50,00\n"
    code, charged = imported("rent-roll", "r.csv", roll)
    assert (code, charged["state"], charged["facts"]) == (0, "accepted", 1)


def test_a_bank_file_is_taken_whole_once_its_account_is_listed(imported, own, story):
    statements = [
        step.content
        for page in story.days
        for step in page.steps
        if isinstance(step, ImportFile) and step.kind is FileKind.CODA
    ]
    content = max(statements[:40], key=len)
    code, unlisted = imported("coda", "one.cod", content)
    assert (code, unlisted["state"], unlisted["facts"]) == (1, "refused", 0)

    companies = own.home / "companies.toml"
    listed = companies.read_text("utf-8").replace("BE31 4356 4765 7255", "BE68 5390 0754 7034")
    companies.write_text(listed, "utf-8")
    own.json("provision")
    code, cut = imported("coda", "cut.cod", content[:-131])
    assert (code, cut["state"], cut["facts"]) == (1, "refused", 0)
    code, dry = imported("coda", "one.cod", content, "--dry-run")
    assert (code, dry["state"], dry["facts"]) == (0, "accepted", 0)
    code, taken = imported("coda", "one.cod", content)
    assert (code, taken["state"]) == (0, "accepted")
    (statement,) = taken["statements"]
    assert set(statement) >= {
        *("account", "number", "date", "opening_cents", "closing_cents", "movements", "details"),
    }
    assert taken["unmatched"] > 0
    assert imported("coda", "other-name.cod", content)[1]["state"] == "already-imported"


def from_a_newer_version(position, previous, subject, kind, data):
    return Envelope(
        id=fact_id(SLUG, "intake", position),
        source=f"urn:referent:company:{SLUG}:intake",
        type=kind,
        version=1,
        subject=str(subject),
        recorded_at=datetime.now(UTC),
        position=position,
        previous=previous.hex(),
        occurred_on=date(2026, 3, 1),
        actor="officer-1",
        corrects=None,
        withdrawn=False,
        correlation_id=None,
        causation_id=None,
        data=data,
    )


def record(connection, envelope, version):
    """What a newer release of intake, since taken back, had recorded."""
    content = write_envelope(envelope)
    row = (envelope.position, envelope.subject, version, envelope.type, envelope.recorded_at)
    connection.execute(
        "INSERT INTO facts (position, subject, version, type, recorded_at, hash, content)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (*row, hash_of(content), content),
    )
    connection.execute(
        "UPDATE head SET position = %s, hash = %s, recorded_at = %s, acts = acts + 1",
        (envelope.position, hash_of(content), envelope.recorded_at),
    )
    connection.execute(
        "UPDATE public.news SET position = %s WHERE company = %s", (envelope.position, SLUG)
    )
    connection.execute("SELECT pg_notify('news', %s)", (SLUG,))
    return content


@pytest.fixture
def unreadable(own):
    """A lease in a version that nobody here reads, and its end behind it; the two positions."""
    lease, household = uuid4(), uuid4()
    with own.connect("intake") as connection, connection.transaction():
        connection.execute(f"SET LOCAL search_path = c_{SLUG.replace('-', '_')}")
        position, before = connection.execute("SELECT position, hash FROM head").fetchone()
        newer = replace(
            from_a_newer_version(position + 1, bytes(before), lease, "intake.lease-signed", {}),
            version=2,
        )
        content = record(connection, newer, 1)
        data = {"lease_id": str(lease), "household_id": str(household), "ended_on": "2026-03-01"}
        end = from_a_newer_version(
            *(position + 2, hash_of(content), lease, "intake.lease-ended"),
            data | {"reason": "notice"},
        )
        record(connection, end, 2)
    return fact_id(SLUG, "intake", position + 1), fact_id(SLUG, "intake", position + 2)


def test_a_fact_that_nobody_reads_is_parked_and_decided_with_a_reason(unreadable, own):
    fact, behind = unreadable
    readers = ("followup", "arrears", "reporting")
    own.status_says(
        lambda status: sum(c["parked"] for s in status["services"] for c in s["companies"]) == 3
    )
    parked = own.json("parked", "list", "--company", SLUG)["parked"]
    assert own.run("status").code == 1
    assert {(row["service"], row["fact"]) for row in parked} == {(name, fact) for name in readers}
    assert all(row["behind"] == [behind] for row in parked)
    assert all("version 2 is newer than 1" in row["reason"] for row in parked)

    because = ("--because", "the newer release was taken back")
    decided = [("parked", "retry", fact, "--service", name, *because) for name in readers]
    for said in own.run_all(decided):
        assert said.code == 1, said
        assert "version 2 is newer than 1" in said.err

    for name in readers:
        left = own.json("parked", "release", fact, "--service", name, *because)
        assert left == {"parked": []}

    assert own.json("parked", "list") == {"parked": []}
    assert own.run("status").code == 0
    assert own.json("rebuild", "--company", SLUG)["identical_to_previous"]
    with own.connect("followup") as connection:
        connection.execute(f"SET search_path = c_{SLUG.replace('-', '_')}")
        kept = connection.execute(
            "SELECT state, decided_by, decided_because FROM parked ORDER BY position"
        ).fetchall()
    assert [row[0] for row in kept] == ["released", "retried"]
    assert {row[2] for row in kept} == {because[1]}


def restore_before_the_last_fact(connection: psycopg.Connection) -> int:
    """What a backup from before the last fact leaves."""
    with connection.transaction():
        connection.execute(f"SET LOCAL search_path = c_{SLUG.replace('-', '_')}")
        (last,) = connection.execute("SELECT position FROM head").fetchone()
        connection.execute(
            "DELETE FROM stored_events e USING facts f WHERE f.subject = e.originator_id"
            " AND f.version = e.originator_version AND f.position = %s",
            (last,),
        )
        connection.execute("DELETE FROM facts WHERE position = %s", (last,))
        connection.execute(
            "UPDATE head SET (position, hash, recorded_at) ="
            " (SELECT position, hash, recorded_at FROM facts WHERE position = %s)",
            (last - 1,),
        )
        connection.execute("UPDATE relay_position SET position = %s, next_offset = 0", (last - 1,))
        connection.execute(
            "UPDATE public.news SET position = %s WHERE company = %s", (last - 1, SLUG)
        )
    return int(last)


def test_a_restored_database_is_told_and_mended_as_the_readme_says(own, imported):
    imported("dwellings", "last.csv", "reference\nZ9\n")
    before = own.facts(SLUG, "intake")
    own.status_says(lambda status: status["code"] == 0)
    with own.connect("intake") as connection:
        last = restore_before_the_last_fact(connection)
    own.process_of("services.intake").kill()
    own.status_says(lambda s: any(c["diverged"] for x in s["services"] for c in x["companies"]))
    shown = own.run("status")
    assert shown.code == 1
    assert b"DIVERGED" in shown.out
    path = own.home / "refused.csv"
    path.write_text("reference\nZ10\n", "utf-8")
    refused = own.run("import", "dwellings", str(path), "--company", SLUG)
    assert refused.code == 1
    assert "referent mend" in refused.out.decode()

    down = own.run("down", "--format", "json")
    assert (down.code, down.json) == (0, {"stopped": True})
    mended = own.json("mend", "--company", SLUG, "--service", "intake")
    again = own.run("mend", "--company", SLUG, "--service", "intake")
    nobody = own.run("mend", "--company", "nowhere", "--service", "intake")
    up = own.up()

    assert mended == {"adopted": 1, "set_aside": 0, "position": last}
    assert (again.code, nobody.code) == (1, 2)
    assert up.seconds < 10
    own.status_says(lambda status: status["code"] == 0)
    assert own.facts(SLUG, "intake") == before
