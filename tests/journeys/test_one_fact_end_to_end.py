"""From a command to a figure and back to the facts, over the real log."""

import json
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.envelope import hash_of, read_envelope
from contracts.intake import WelcomeMode
from services.arrears.imports import FileKind, import_file
from services.chassis.keyring import PREFIX, PersonErased
from services.demonstration.coda_writer import Booking, write_statement
from services.embedded.composition import PARTS
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of
from services.reporting.rebuilding import FromKafka, FromLog, rebuild
from services.reporting.renewal import Renewal

sys.path.insert(0, str(Path(__file__).parents[1] / "chaos"))

from folded import folded_differences

ACCOUNT = "BE68539007547034"


def sign(company, number, start_on=date(2024, 3, 1), rent=30_000, charges=5_000):
    intake = company.intake
    intake.register_dwelling(company.me, f"D{number}", date(2020, 1, 1))
    intake.sign_lease(
        company.me, f"L{number}", f"D{number}", start_on, rent, charges, [Person("Anne Testard")]
    )
    return company.lease_id(f"L{number}")


def roll(company, month, lines):
    text = "lease;month;rent;charges\n" + "".join(
        f"{lease};{month};{rent};{charges}\n" for lease, rent, charges in lines
    )
    return import_file(
        company.arrears, company.me, FileKind.RENT_ROLL, f"roll-{month}.csv", text.encode()
    )


def bank(company, number, day, opening, bookings):
    content = write_statement(ACCOUNT, number, day, opening, bookings)
    return import_file(company.arrears, company.me, FileKind.CODA, f"{day}.cod", content)


def pay(company, lease, cents, day):
    return Booking(
        cents, day, structured=payment_reference_of(company.slug, lease), counterparty_name="A T"
    )


@pytest.fixture
def late_company(company):
    """Two leases, March charged to both; L1 pays in time, L2 pays a part; the 15th is judged."""
    for number in (1, 2):
        sign(company, number)
    company.settle()
    assert (
        roll(company, "2024-03", [("L1", "300,00", "50,00"), ("L2", "300,00", "50,00")])["state"]
        == "accepted"
    )
    company.go_to(date(2024, 3, 20))
    bookings = [
        pay(company, "L1", 35_000, date(2024, 3, 8)),
        pay(company, "L2", 10_000, date(2024, 3, 9)),
    ]
    assert bank(company, 1, date(2024, 3, 18), 0, bookings)["unmatched"] == 0
    company.settle()
    return company


def figure(report, indicator):
    return next(f for f in report["figures"] if f["indicator"] == indicator)


def test_a_figure_is_the_sum_of_the_facts_it_cites(late_company):
    company = late_company
    report = company.reporting.report(2024)
    explained = company.reporting.explain("I01", 2024)
    facts = {read_envelope(f).id: json.loads(f)["data"] for f in company.facts("arrears")}
    owed = {}
    for part in explained["numerator_parts"]:
        for fact in part["facts"]:
            data = facts[fact]
            signed = data.get("rent_cents", 0) + data.get("charges_cents", 0)
            signed -= data.get("amount_cents", 0)
            owed[part["subject"]] = owed.get(part["subject"], 0) + signed

    assert figure(report, "I01")["numerator"] == 25_000 == sum(owed.values())
    assert figure(report, "I01")["denominator"] == 70_000
    assert figure(report, "I01")["value"] == "35.71"
    assert owed == {part["subject"]: part["amount"] for part in explained["numerator_parts"]}


def test_a_missed_payment_is_stated_once_and_an_arrears_visit_is_proposed(late_company):
    company = late_company
    company.arrears.tick()
    company.settle()
    missed = [f for f in map(read_envelope, company.facts("arrears")) if "missed" in f.type]
    proposed = [f for f in map(read_envelope, company.facts("followup")) if "proposed" in f.type]

    assert [(f.data["month"], f.data["unpaid_cents"]) for f in missed] == [("2024-03", 25_000)]
    assert missed[0].occurred_on == date(2024, 3, 15)
    assert [f.data["because"] for f in proposed] == [missed[0].id]


def test_what_was_known_on_a_past_day_is_shown_without_what_came_later(late_company):
    company = late_company
    lease_id = company.lease_id("L1")
    company.intake.hold_welcome_meeting(company.me, lease_id, date(2024, 3, 2), WelcomeMode.OFFICE)
    company.go_to(date(2024, 12, 31))
    company.go_to(date(2025, 1, 2))

    assert figure(company.reporting.report(2024), "I19")["numerator"] == 1
    # The bank file came on the 20th: until then both leases owed the whole month.
    assert figure(company.reporting.report(2024, "2024-03-19"), "I01")["numerator"] == 70_000
    assert figure(company.reporting.report(2024, "2024-03-20"), "I01")["numerator"] == 25_000
    told = company.reporting.report(2024, "2024-12-31")
    assert [sentence for sentence in told["missing"] if "journal commence" not in sentence] == []


def test_a_rebuild_from_kafka_and_from_the_log_give_the_digest_of_the_live_view(late_company, home):
    company = late_company
    live = company.reporting.store.digest()
    from_kafka = rebuild(
        company.reporting, FromKafka(home.kafka_bootstrap_servers, company.reporting), by_log=False
    )
    services = {name: company.hosts[name] for name in ("intake", "followup", "arrears")}
    logs = {name: company.facts(name) for name in services}
    from_log = rebuild(
        company.reporting, FromLog(lambda name, first: logs[name][first - 1 :]), by_log=True
    )

    assert from_kafka["digest"] == live == from_log["digest"]
    assert from_kafka["identical_to_previous"]


def test_views_that_another_version_made_are_made_anew_from_the_topics_unasked(late_company, home):
    reporting = late_company.reporting
    live, old = reporting.store.digest(), reporting.store
    old.is_outdated = True
    assert "se recalculent" in reporting.report(2024)["missing"][0]
    renewal = Renewal(reporting, home.kafka_bootstrap_servers)

    renewal.look()

    host = late_company.hosts["reporting"]
    assert host.wait_until(lambda: not reporting.store.is_outdated, 60)
    assert reporting.store is not old
    assert reporting.store.digest() == live
    assert reporting.report(2024)["rebuilt_at"]
    renewal.stop()


def test_a_lease_corrected_after_charges_payments_and_visits_exist_is_corrected_everywhere(
    late_company,
):
    company = late_company
    company.intake.correct_lease(
        company.me, company.lease_id("L2"), date(2024, 3, 1), 20_000, 5_000, "D2"
    )
    company.settle()
    explained = company.reporting.explain("I01", 2024)

    assert figure(company.reporting.report(2024), "I01")["numerator"] == 15_000
    assert len(explained["numerator_parts"]) == 1


def test_a_lease_withdrawn_after_charges_payments_and_visits_leaves_nothing_but_its_money(
    late_company,
):
    company = late_company
    company.intake.withdraw_lease(company.me, company.lease_id("L2"))
    company.settle()
    visits = [f for f in map(read_envelope, company.facts("followup")) if f.withdrawn]
    with company.arrears.datastore.reading() as rows:
        waiting = rows.execute(
            "SELECT amount_cents FROM unmatched_payment WHERE lease_id IS NULL"
        ).fetchall()

    assert figure(company.reporting.report(2024), "I01")["numerator"] == 0
    assert figure(company.reporting.report(2024), "I03")["denominator"] == 1
    assert len([f for f in visits if f.type == "followup.visit-planned"]) == 3
    assert [row["amount_cents"] for row in waiting] == [10_000]


def test_a_payment_that_comes_before_its_lease_waits_under_its_reference(company):
    bank(company, 1, date(2024, 3, 1), 0, [pay(company, "L1", 35_000, date(2024, 3, 1))])
    roll(company, "2024-03", [("L1", "300,00", "50,00")])
    lease_id = sign(company, 1)
    company.settle()
    with company.arrears.datastore.reading() as rows:
        lines = rows.execute(
            "SELECT kind, cents FROM account_line WHERE lease_id = %s ORDER BY kind", (lease_id,)
        ).fetchall()

    assert [(line["kind"], line["cents"]) for line in lines] == [
        ("charge", 35_000),
        ("payment", -35_000),
    ]


def test_the_log_is_chained_and_the_read_models_are_a_fold_of_it(late_company, home):
    company = late_company
    for part in PARTS[:3]:
        service = company.hosts[part.service].service(company.slug)
        facts = company.facts(part.service)
        for before, after in pairwise(facts):
            assert read_envelope(after).previous == hash_of(before).hex()
        assert folded_differences(home, service, part.read_models) == []


def test_a_query_without_its_where_meets_one_company_alone(late_company, new_company, hosts):
    other = hosts("arrears").service(new_company(date(2024, 3, 1)))
    with other.datastore.reading() as rows:
        assert rows.execute("SELECT * FROM account").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows.execute(f"SELECT * FROM {late_company.arrears.datastore.schema}.account")
    with late_company.arrears.datastore.get_connection() as connection:
        assert len(connection.execute("SELECT * FROM account").fetchall()) == 2


def test_what_was_recorded_cannot_be_changed_by_the_company_s_own_role(late_company):
    for statement in ("UPDATE facts SET content = ''", "DELETE FROM stored_events"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            late_company.arrears.datastore.act() as connection,
        ):
            connection.execute(statement)


def test_names_are_sealed_and_read_erased_once_their_key_is_gone_and_no_figure_moves(
    late_company, home
):
    company = late_company
    signed = next(f for f in company.facts("intake") if b"lease-signed" in f)
    holder = json.loads(signed)["data"]["leaseholders"][0]
    keyring = company.intake.keyring
    shown = keyring.show_all(company.intake.company, [holder["name"]], "name")[0]
    figures = company.reporting.report(2024)["figures"]
    keyring.destroy(company.intake.company, UUID(holder["person_id"]))
    topics = FromKafka(home.kafka_bootstrap_servers, company.reporting)
    assert rebuild(company.reporting, topics, by_log=False)["identical_to_previous"]
    assert company.reporting.report(2024)["figures"] == figures

    assert b"Testard" not in b"".join(company.facts("intake"))
    assert shown == "Anne Testard"
    assert keyring.show_all(company.intake.company, [holder["name"]], "name")[0] == "[effacé]"


def test_a_name_may_be_typed_again_whose_key_a_restore_lost_and_not_one_that_was_erased(
    late_company,
):
    company, keyring = late_company.intake.company, late_company.intake.keyring
    person = uuid4()
    shown = keyring.show_all(company, [f"{PREFIX}{person}:x"], "name")
    sealed = keyring.seal(company, person, "name", "Anne Testard")
    again = keyring.show_all(company, [sealed], "name")
    keyring.destroy(company, person)

    assert (shown, again) == (["[effacé]"], ["Anne Testard"])
    assert keyring.show_all(company, [sealed], "name") == ["[effacé]"]
    with pytest.raises(PersonErased):
        keyring.seal(company, person, "name", "Anne Testard")
