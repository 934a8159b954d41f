"""What persons decided against the rule, beside it or after it, told by the facts of their acts."""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("arrears", "contracts")]

from contracts.arrears_cases import OverrideReason, PauseReason
from contracts.envelope import read_envelope
from contracts.intake import WelcomeMode
from services.arrears.casework import acting, agreeing
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.chassis.clock import end_of
from services.chassis.facts import read_facts
from services.chassis.operations import decide
from services.chassis.position_rule import Delivery
from services.chassis.receiving import Receiver
from services.chassis.refusal import Malformed
from services.chassis.set_aside import FIRST, select_decided
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of
from services.reporting.exports.writing import written
from services.reporting.interventions import decided_views, pages
from services.reporting.interventions.lists import Choice, Which, interventions
from services.reporting.interventions.words import KINDS, REASONS, TITLES

AGENT, OPERATOR = Caller("arrears-officer.alpha"), Caller("operator.alpha")
MARCH = date(2024, 3, 19)


def listed(company, which, **more):
    company.settle()
    return interventions(company.reporting, Choice(which, **more))


def rows(company, which, *names, **more):
    return [tuple(row[name] for name in names) for row in listed(company, which, **more)["rows"]]


def statement(company, number, *bookings):
    content = write_statement("BE68539007547034", number, MARCH, 0, list(bookings))
    import_file(company.arrears, company.me, FileKind.CODA, f"{number}.cod", content)


def waiting(company):
    with company.arrears.datastore.reading() as found:
        (row,) = found.execute("SELECT payment_id FROM unmatched_payment").fetchall()
    return row["payment_id"]


@pytest.fixture
def late(let):
    """Zoé owes March, and the first reminder is proposed."""
    agreeing.adopt_policy(
        let.arrears, Caller("manager"), (SHIPPED / "wallonie.yaml").read_text("utf-8")
    )
    let.go_to(MARCH)
    statement(let, 1)
    let.go_to(date(2024, 3, 20))
    return let


def test_a_proposal_set_aside_and_a_pause_are_told_with_who_when_and_why(late):
    lease = late.lease_id("L1")
    acting.override(late.arrears, AGENT, lease, OverrideReason.PAYMENT_EXPECTED)
    acting.pause(late.arrears, AGENT, lease, PauseReason.ILLNESS, date(2024, 4, 1))

    told = listed(late, Which.OVERRIDES)

    shown = [
        (r["kind"], r["step"], r["reason"], r["actor"], r["occurred_on"]) for r in told["rows"]
    ]
    assert shown == [
        ("case-paused", None, "illness", AGENT.actor, date(2024, 3, 20)),
        (
            "proposal-overridden",
            "first-reminder",
            "payment-expected",
            AGENT.actor,
            date(2024, 3, 20),
        ),
    ]
    facts = {fact.id: fact for fact in map(read_envelope, late.facts("arrears"))}
    assert all(facts[r["fact"]].recorded_at == r["recorded_at"] for r in told["rows"])
    assert [facts[r["fact"]].subject for r in told["rows"]] == [r["subject"] for r in told["rows"]]
    assert told["counts"] == {"overrides": 2, "corrections": 0, "releases": 0, "assignments": 0}


def test_a_step_that_was_not_proposed_is_told_and_that_it_was_taken_back(late):
    lease = late.lease_id("L1")
    acting.take_step(late.arrears, AGENT, lease, "second-reminder")
    assert rows(late, Which.OVERRIDES, "kind", "step", "undone") == [
        ("step-taken", "second-reminder", False)
    ]
    facts = map(read_envelope, late.facts("arrears"))
    (taken,) = [UUID(fact.data["step_id"]) for fact in facts if fact.type == "arrears.step-taken"]

    acting.withdraw_step(late.arrears, AGENT, lease, taken)

    assert rows(late, Which.OVERRIDES, "step", "undone") == [("second-reminder", True)]


def test_every_correction_of_every_service_names_the_fact_and_its_day_in_whatever_month(let):
    lease = let.lease_id("L1")
    let.go_to(date(2024, 3, 4))
    let.intake.hold_welcome_meeting(let.me, lease, date(2024, 3, 4), WelcomeMode.OFFICE)
    let.go_to(date(2025, 1, 8))
    let.intake.correct_welcome(let.me, lease, date(2024, 3, 5), WelcomeMode.OFFICE)
    let.intake.withdraw_welcome(let.me, lease)

    told = rows(let, Which.CORRECTIONS, "kind", "type", "of_day", "corrects", "actor", persons=True)
    missing = interventions(let.reporting, Choice(Which.CORRECTIONS, 2025))["missing"]

    assert "I13" not in " ".join(missing), "what a figure looks back on is nothing to a list"
    corrected = [read_envelope(fact) for fact in let.facts("intake")]
    (first,) = [f.id for f in corrected if f.type.endswith("welcomed") and not f.corrects]
    assert told == [
        ("withdrawal", "intake.tenant-welcomed", date(2024, 3, 4), first, let.me.actor),
        ("correction", "intake.tenant-welcomed", date(2024, 3, 4), first, let.me.actor),
    ]
    every = [
        fact
        for service in ("intake", "followup", "arrears")
        for fact in map(read_envelope, let.facts(service))
        if fact.corrects
    ]
    assert {row[0] for row in rows(let, Which.CORRECTIONS, "fact")} == {fact.id for fact in every}
    # Noted in 2025, of a day of 2024: the year is that of the day.
    assert len(rows(let, Which.CORRECTIONS, "fact", year=2024, persons=True)) == 2
    assert rows(let, Which.CORRECTIONS, "fact", year=2025, persons=True) == []


def test_what_a_list_says_of_a_past_day_is_what_was_noted_by_then(let):
    lease = let.lease_id("L1")
    let.go_to(date(2024, 3, 4))
    let.intake.hold_welcome_meeting(let.me, lease, date(2024, 3, 4), WelcomeMode.OFFICE)
    let.go_to(date(2024, 3, 6))
    let.intake.withdraw_welcome(let.me, lease)

    wanted = {"persons": True}
    assert rows(let, Which.CORRECTIONS, "kind", known="2024-03-05", **wanted) == []
    assert rows(let, Which.CORRECTIONS, "kind", known="2024-03-06", **wanted) == [("withdrawal",)]
    with pytest.raises(Malformed):
        listed(let, Which.CORRECTIONS, known="2999-01-01")
    with pytest.raises(Malformed):
        listed(let, Which.CORRECTIONS, year=2100)


def test_money_assigned_by_hand_is_told_and_so_is_taking_it_back(let):
    let.go_to(MARCH)
    statement(let, 1, Booking(35_000, MARCH, communication="loyer"))
    payment = waiting(let)
    let.arrears.assign_payment(AGENT, payment, let.lease_id("L1"))
    let.arrears.release_payment(AGENT, let.lease_id("L1"), payment)
    let.arrears.assign_payment(AGENT, payment, let.lease_id("L2"))

    told = rows(let, Which.ASSIGNMENTS, "kind", "amount_cents", "actor", "undone", "subject")

    money = (35_000, AGENT.actor)
    assert told == [
        ("assigned", *money, False, str(payment)),
        ("unassigned", *money, False, str(payment)),
        ("assigned", *money, True, str(payment)),
    ]


def test_taking_money_off_the_lease_that_it_named_is_told_and_what_the_rule_did_is_not(let):
    let.go_to(MARCH)
    statement(let, 1, Booking(35_000, MARCH, structured=payment_reference_of(let.slug, "L1")))
    with let.arrears.datastore.reading() as found:
        (line,) = found.execute(
            "SELECT line_id FROM account_line WHERE kind = 'payment'"
        ).fetchall()
    assert rows(let, Which.ASSIGNMENTS, "kind") == []

    let.arrears.release_payment(AGENT, let.lease_id("L1"), line["line_id"])

    assert rows(let, Which.ASSIGNMENTS, "kind", "amount_cents", "actor") == [
        ("taken-off", 35_000, AGENT.actor)
    ]


WRONG = [
    (
        "a withdrawal left out",
        "persons_corrections",
        "f.corrects IS NOT NULL",
        "f.corrects IS NOT NULL AND NOT f.withdrawn",
    ),
    (
        "the day of noting for the day of the fact",
        "persons_corrections",
        "r.occurred_on AS of_day",
        "r.recorded_at::DATE AS of_day",
    ),
    (
        "what a machine matched taken for a person's",
        "persons_assignments",
        " AND f.matched_by = 'officer'",
        "",
    ),
    (
        "an assignment that was undone left out",
        "persons_assignments",
        "f.recorded_at < known AND (",
        "f.recorded_at < known AND NOT f.withdrawn AND (",
    ),
    (
        "a pause left out",
        "persons_overrides",
        "'arrears.proposal-overridden', 'arrears.case-paused'",
        "'arrears.proposal-overridden'",
    ),
]
"""What the query would be if it were wrong, each to be seen in what it tells of one company."""


@pytest.fixture
def eventful(late):
    """A company in which each list has something of every kind that a wrong query would miss."""
    lease = late.lease_id("L1")
    late.intake.hold_welcome_meeting(late.me, lease, date(2024, 3, 4), WelcomeMode.OFFICE)
    late.intake.correct_welcome(late.me, lease, date(2024, 3, 5), WelcomeMode.OFFICE)
    late.intake.withdraw_welcome(late.me, lease)
    acting.pause(late.arrears, AGENT, lease, PauseReason.ILLNESS, date(2024, 4, 1))
    named = payment_reference_of(late.slug, "L9")
    paid = (Booking(100, MARCH, communication="loyer"), Booking(200, MARCH, structured=named))
    statement(late, 2, *paid)
    with late.arrears.datastore.reading() as found:
        payments = found.execute(
            "SELECT payment_id, amount_cents FROM unmatched_payment"
        ).fetchall()
    (by_hand,) = [row["payment_id"] for row in payments if row["amount_cents"] == 100]
    late.arrears.assign_payment(AGENT, by_hand, lease)
    late.arrears.release_payment(AGENT, lease, by_hand)
    late.intake.register_dwelling(late.me, "D9", date(2020, 1, 1))
    late.intake.sign_lease(late.me, "L9", "D9", date(2024, 3, 1), 1, 1, [Person("Ana Peeters")])
    late.settle()
    return late


def told_by(company):
    """Everything that the lists tell, as the views of the running code have it."""
    return {
        which: Counter((r["kind"], r["fact"], r["of_day"]) for r in listed(company, which)["rows"])
        for which in Which
    }


def test_a_wrong_query_is_seen_in_what_it_tells(eventful):
    right = told_by(eventful)
    store = eventful.reporting.store

    for words, name, good, bad in WRONG:
        (statement_,) = [sql for sql in decided_views.ALL if f" {name}(" in sql]
        assert good in statement_, words
        store._writer.execute(statement_.replace(good, bad))
        seen = told_by(eventful)
        store._writer.execute(statement_)
        assert seen != right, words
    assert told_by(eventful) == right


def park(company, name):
    """A fact in a version that does not exist yet, heard by one service."""
    service = company.hosts[name].service(company.slug)
    receiver = None if name == "reporting" else Receiver(service)
    facts = read_facts(company.intake.datastore)
    *_, signed = (fact for fact in facts if b'"intake.lease-signed"' in fact)
    standing = receiver.standing("intake") if receiver else service.store.standing("intake")
    document = json.loads(signed) | {
        "id": f"{company.slug}/intake/{standing.last.position + 1}",
        "dataschema": "urn:referent:intake.lease-signed.v99",
        "position": standing.last.position + 1,
        "previous": standing.last.hash.hex(),
    }
    content = json.dumps(document, separators=(",", ":")).encode()
    delivery = [Delivery(10**6, content)]
    if receiver:
        receiver.receive("intake", delivery)
    else:
        service.ingestion.take("intake", delivery)
    return document["id"]


@pytest.mark.parametrize("name", ["reporting", "followup"])
def test_what_an_operator_released_is_told_by_the_service_that_set_it_aside(let, name):
    let.go_to(date(2024, 3, 4))
    let.at_day(let.slug, date(2024, 3, 4), services=("reporting",))
    fact = park(let, name)

    decide(let.hosts[name], let.slug, OPERATOR, fact, "Version inconnue", release=True)

    service = let.hosts[name].service(let.slug)
    decided = select_decided(service.datastore, FIRST, end_of(date(2024, 3, 4)))
    (row,) = decided.rows
    assert (row["state"], row["decided_by"]) == ("released", OPERATOR.actor)
    # A demonstration's own time, beside every other fact of it.
    assert row["decided_at"].date() == date(2024, 3, 4)
    told = interventions(let.reporting, Choice(Which.RELEASES))
    own = [(r["fact"], r["kind"], r["actor"], r["because"]) for r in told["rows"]]
    assert own == (
        [(fact, "released", OPERATOR.actor, "Version inconnue")] if name == "reporting" else []
    )


def test_a_long_list_has_pages_and_its_export_all_of_it(eventful):
    whole = listed(eventful, Which.CORRECTIONS)["rows"]
    every = [row["fact"] for row in whole]
    assert every == [
        row["fact"]
        for page in range(1, len(every) + 1)
        for row in interventions(eventful.reporting, Choice(Which.CORRECTIONS), page, limit=1)[
            "rows"
        ]
    ]
    choice = Choice(Which.CORRECTIONS)
    sheet = pages._sheet(
        eventful.slug, choice, interventions(eventful.reporting, choice, limit=None)
    )
    with written(sheet, "json") as told:
        document = json.load(told)
    assert [row["fact"] for row in document["rows"]] == every
    assert all(set(row) == set(document["schema"]["required"]) for row in document["rows"])
    for file in ("csv", "xlsx", "parquet"):
        with written(sheet, file) as told:
            assert told.read()


def test_no_name_of_a_person_is_in_a_list(eventful):
    told = "".join(str(listed(eventful, which)) for which in Which)

    for name in ("Evrard", "Dubois", "Peeters", "sealed:"):
        assert name not in told


def test_there_are_words_for_whatever_is_corrected_and_for_every_reason():
    assert set(OverrideReason) | set(PauseReason) <= REASONS.keys()
    assert set(Which) == TITLES.keys()
    assert KINDS.keys() >= {"released", "retried"}
