"""What goes wrong for one company, or in a file that people edit, stops nobody else."""

from datetime import date
from uuid import uuid4

import psycopg
import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from contracts.followup import VisitKind
from services.chassis.accounts import Accounts, Role
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller
from services.chassis.companies import Register, RegisterFile, RegisterRefused
from services.chassis.day_book import DayBook
from services.chassis.facts import read_head
from services.chassis.operations import status_of
from services.chassis.provision import provision
from services.chassis.refusal import NotFound
from services.chassis.settings import SettingsRefused
from services.chassis.topics import make_topics
from services.embedded.composition import PARTS
from services.followup.visit import UnknownVisit

ME = Caller("officer-1")


def register(host, slug, number):
    host.service(slug).register_dwelling(ME, f"D{number}", date(2020, 1, 1))


def relayed(host, slug):
    head = read_head(host.service(slug).datastore)
    return head["relayed"] == head["position"]


def heard(host, slug, publisher):
    return host.receiver(host.service(slug)).standing(publisher).last.position


def test_a_missing_topic_holds_up_its_company_alone(home, new_company, hosts, start_for):
    one, other = new_company(), new_company()
    host = start_for(hosts("intake"), one, other)
    topic = host.register[one].topic("intake")
    admin = KafkaAdminClient(bootstrap_servers=home.kafka_bootstrap_servers)
    admin.delete_topics([topic])
    admin.close()
    assert host.wait_until(lambda: one in host.relay.failing, 20)

    register(host, other, 1)

    assert host.wait_until(lambda: relayed(host, other), 20)
    assert "topic is missing" in host.relay.failing[one]
    make_topics(home.kafka_bootstrap_servers, [topic], 1)
    register(host, one, 1)
    assert host.wait_until(lambda: relayed(host, one), 40)
    assert one not in host.relay.failing


def test_a_log_that_lost_what_it_announced_holds_up_its_company_alone(
    home, new_company, hosts, start_for
):
    one, other = new_company(), new_company()
    host = start_for(hosts("intake"), one, other)
    with psycopg.connect(home.admin_url, dbname="intake", autocommit=True) as admin:
        announce = "UPDATE public.news SET position = %s WHERE company = %s"
        admin.execute(announce, (5, one))
        assert host.wait_until(lambda: one in host.relay.failing, 20)

        register(host, other, 1)

        assert host.wait_until(lambda: relayed(host, other), 20)
        assert "were announced and are not there" in host.relay.failing[one]
        admin.execute(announce, (0, one))
    register(host, one, 1)
    assert host.wait_until(lambda: relayed(host, one), 20)
    assert one not in host.relay.failing


def test_a_company_is_known_to_services_only_once_it_has_its_topics(home):
    with home.companies_file.open("a", encoding="utf-8") as file:
        file.write('\n[companies.early]\nnames = { fr = "Early" }\n')
    early = Register({"early": home.register()["early"]})
    servers = home.admin_url, home.kafka_bootstrap_servers
    own = home.passwords, home.folder / "secrets"

    with pytest.raises(KafkaError):
        provision(*servers, early, PARTS, *own, replication=3)  # there is one broker
    with psycopg.connect(home.admin_url, dbname="arrears") as admin:
        known = admin.execute("SELECT company FROM public.news WHERE company = 'early'").fetchall()
    assert known == []

    home.provision("early")


def test_a_register_that_is_being_edited_stops_nothing(home, new_company, hosts):
    slug = new_company()
    host = hosts("intake")
    host.refresh()
    right = home.companies_file.read_text("utf-8")
    home.companies_file.write_text(right + "\n[companies.half", "utf-8")
    try:
        host.refresh()
        register(host, slug, 1)
        fresh = RegisterFile(home.companies_file)
        with pytest.raises(RegisterRefused):
            fresh.read()
    finally:
        home.companies_file.write_text(right, "utf-8")

    assert host.company(slug).slug == slug
    assert fresh.read()[slug].slug == slug


def test_a_company_that_is_taken_out_of_the_register_stops_no_other(
    home, new_company, hosts, start_for
):
    stays, leaves = new_company(), new_company()
    intake, arrears = hosts("intake"), hosts("arrears")
    for host in (intake, arrears):
        start_for(host, stays, leaves)
    right = home.companies_file.read_text("utf-8")
    home.companies_file.write_text(right.replace(f"[companies.{leaves}]", "[companies.away]"))
    try:
        for host in (intake, arrears):
            host.tick_wanted.set()
            assert host.wait_until(lambda host=host: leaves not in host.register.companies, 20)

        register(intake, stays, 1)

        assert intake.wait_until(lambda: relayed(intake, stays), 20)
        assert arrears.wait_until(lambda: heard(arrears, stays, "intake") > 0, 20)
        assert arrears.owned() == {stays}
    finally:
        home.companies_file.write_text(right, "utf-8")

    register(intake, leaves, 2)
    assert intake.wait_until(lambda: relayed(intake, leaves), 20)


def test_accounts_that_are_being_edited_stay_as_they_were(tmp_path):
    path = tmp_path / "accounts.toml"
    path.write_text('[accounts.a]\nname = "A"\nrole = "auditor"\ncompanies = ["alpha"]\n')
    accounts = Accounts(tmp_path)
    assert accounts.find("a").role is Role.AUDITOR

    path.write_text("[accounts.a")

    assert accounts.find("a").role is Role.AUDITOR
    with pytest.raises(SettingsRefused):
        Accounts(tmp_path).all()
    path.write_text('[accounts.b]\nname = "B"\nrole = "manager"\ncompanies = ["alpha"]\n')
    assert accounts.find("a") is None
    assert accounts.find("b").role is Role.MANAGER


def test_a_timer_outlives_what_it_meets_and_says_so(home, new_company, hosts, start_for):
    slug = new_company()
    host = start_for(hosts("intake"), slug)
    schema = host.service(slug).datastore.schema
    with psycopg.connect(home.admin_url, dbname="intake", autocommit=True) as admin:
        admin.execute(f"ALTER TABLE {schema}.clock RENAME TO clock_put_away")
        host.tick_wanted.set()

        assert host.wait_until(lambda: slug in host.failing, 20)
        assert "UndefinedTable" in host.failing[slug]
        admin.execute(f"ALTER TABLE {schema}.clock_put_away RENAME TO clock")
    host.tick_wanted.set()
    assert host.wait_until(lambda: slug not in host.failing, 20)


def test_what_cannot_be_taken_is_told_and_holds_up_its_company_alone(
    home, new_company, hosts, start_for
):
    one, other = new_company(), new_company()
    intake, followup = hosts("intake"), hosts("followup")
    for host in (intake, followup):
        start_for(host, one, other)
    schema = followup.service(one).datastore.schema
    with psycopg.connect(home.admin_url, dbname="followup", autocommit=True) as admin:
        admin.execute(f"ALTER TABLE {schema}.inbox_seen RENAME TO seen_put_away")
        register(intake, one, 1)
        assert followup.wait_until(lambda: one in followup.inbox.failing, 20)

        told = {told["company"]: told["failing"] for told in status_of(followup)}
        for number in range(5):
            register(intake, other, number)
            register(intake, one, 2 + number)
            known = read_head(intake.service(other).datastore)["position"]
            assert followup.wait_until(
                lambda known=known: heard(followup, other, "intake") == known, 20
            )
        admin.execute(f"ALTER TABLE {schema}.seen_put_away RENAME TO inbox_seen")

    assert told[one] == "what it hears cannot be taken (UndefinedTable)"
    assert told[other] is None
    known = read_head(intake.service(one).datastore)["position"]
    assert followup.wait_until(lambda: heard(followup, one, "intake") == known, 20)
    assert not followup.inbox.failing


@pytest.mark.parametrize("opened", [True, False])
def test_an_address_cannot_take_the_place_of_a_day_book(new_company, hosts, opened):
    slug = new_company()
    followup = hosts("followup").service(slug)
    if opened:
        followup.tick()
    book = DayBook.id_of(slug, "followup")

    with pytest.raises(NotFound):
        followup.plan_visit(ME, book, uuid4(), uuid4(), VisitKind.M1, date(2027, 11, 1))

    followup.tick()


def test_an_address_cannot_take_the_visits_that_are_planned_for_a_lease(new_company, hosts):
    slug = new_company()
    followup = hosts("followup").service(slug)
    visit = natural_id(slug, "visit", f"{natural_id(slug, 'lease', 'L1')}/m1")

    with pytest.raises(UnknownVisit):
        followup.plan_visit(ME, uuid4(), visit, uuid4(), VisitKind.M1, date(2027, 11, 1))


def test_the_status_of_reporting_is_told_while_a_company_is_moving(company):
    company.reporting.may_hold = lambda: False

    (told,) = [c for c in status_of(company.hosts["reporting"]) if c["company"] == company.slug]

    assert (told["consumed"], told["parked"]) == ({}, 0)
    assert told["facts"] == read_head(company.reporting.datastore)["position"]
