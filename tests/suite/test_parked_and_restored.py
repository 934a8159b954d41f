"""What only an operator can decide: facts that nobody reads, a database that was restored."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg
import pytest

from contracts.envelope import Envelope, fact_id, hash_of, write_envelope

SLUG = "foyer-de-sambre"


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
    assert all("la version 2 est plus récente que la 1" in row["reason"] for row in parked)
    assert own.json("parked", "list", behind)["parked"] == parked
    assert own.json("parked", "list", f"{SLUG}/intake/1")["parked"] == []

    because = ("--because", "the newer release was taken back")
    decided = [("parked", "retry", fact, "--service", name, *because) for name in readers]
    for said in own.run_all(decided):
        assert said.code == 1, said
        assert "la version 2 est plus récente que la 1" in said.err

    first, *others = readers
    said = own.run("parked", "release", fact, "--service", first, *because)
    assert said.out.decode() == f"{fact} in {first}: released. Nothing more is parked there.\n"
    assert {row["service"] for row in own.json("parked", "list")["parked"]} == set(others)
    for name in others:
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
    own.process_of("intake").kill()
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

    assert mended == {"adopted": 1, "repaired": 0, "set_aside": 0, "position": last}
    assert (again.code, nobody.code) == (1, 2)
    assert up.code == 0
    own.status_says(lambda status: status["code"] == 0)
    assert own.facts(SLUG, "intake") == before
