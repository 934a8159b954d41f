"""What no service of ours would write, on a topic all the same: nothing lost, all goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from forged import forge

from contracts.envelope import FIRST_HASH, fact_id, hash_of, read_envelope, write_envelope
from contracts.intake import WelcomeMode
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head
from services.chassis.host import Host
from services.chassis.operations import decide, parked_of
from services.chassis.refusal import NotFound, Refusal
from services.chassis.set_aside import FIRST, select_decided
from services.chassis.topics import HEADERS, make_producer
from services.embedded.composition import PARTS
from services.embedded.kinds import service_for_mending
from services.embedded.mending import mend
from services.followup.service import Followup
from services.intake.lease import Lease
from services.intake.leaseholders import Person
from services.reporting.interventions.lists import Choice, Which, interventions
from services.reporting.interventions.words import KINDS, why
from services.reporting.rebuilding import FromKafka, FromLog, rebuild

ME = Caller("operator-1")
EVER = datetime(2199, 1, 1, tzinfo=UTC)
READERS = ("followup", "arrears", "reporting")


class Topic:
    """Intake's topic of one company, written by us; `facts` is what its log would hold."""

    def __init__(self, slug, producer):
        self.slug = slug
        self.producer = producer
        self.facts: list[bytes] = []

    def chain(self, *envelopes):
        """The bytes of facts that follow the last one."""
        made = []
        for envelope in envelopes:
            position = len(self.facts) + 1
            previous = hash_of(self.facts[-1]) if self.facts else FIRST_HASH
            placed = replace(
                envelope,
                id=fact_id(self.slug, "intake", position),
                position=position,
                previous=previous.hex(),
            )
            self.facts.append(write_envelope(placed))
            made.append(self.facts[-1])
        return made

    def send(self, *contents):
        for content in contents:
            self.producer.send(
                f"referent.{self.slug}.intake",
                key=b"key",
                value=content,
                headers=HEADERS,
                partition=0,
            )
        self.producer.flush(timeout=30)


class Town:
    def __init__(self, slug, hosts, topic, recorded):
        self.slug, self.hosts, self.topic, self.recorded = slug, hosts, topic, recorded

    def standing(self, name):
        host = self.hosts[name]
        return host.receiver(host.service(self.slug)).standing("intake")

    def caught_up(self, done=None):
        wanted = done or (lambda standing: standing.last.position == len(self.topic.facts))
        for name, host in self.hosts.items():
            met = host.wait_until(lambda name=name: wanted(self.standing(name)), 20)
            assert met, (name, self.standing(name))

    def parked(self, name):
        return [row["fact"] for row in parked_of(self.hosts[name], self.slug)]

    def waiting(self):
        """The readers whose pages say that something waits."""
        services = {name: host.service(self.slug) for name, host in self.hosts.items()}
        return {name for name, one in services.items() if read_head(one.datastore)["waits"]}

    def leases(self):
        """How many leases each reader knows."""
        counts = {}
        for name, table in (("followup", "household"), ("arrears", "account")):
            with self.hosts[name].service(self.slug).datastore.reading() as rows:
                (found,) = rows.execute(f"SELECT count(*) AS n FROM {table}").fetchall()
                counts[name] = found["n"]
        with self.hosts["reporting"].service(self.slug).store.rows() as cursor:
            asked = "SELECT count(*) FROM fact WHERE type = 'intake.lease-signed'"
            ((counts["reporting"],),) = cursor.execute(asked).fetchall()
        return counts


@pytest.fixture
def town(home, new_company, hosts, start_for) -> Iterator[Town]:
    """Readers at work; intake has recorded four leases and relays nothing itself."""
    slug = new_company(date(2024, 3, 1))
    intake = hosts("intake").service(slug)
    for number in range(1, 5):
        intake.register_dwelling(ME, f"D{number}", date(2020, 1, 1))
        intake.sign_lease(
            ME, f"L{number}", f"D{number}", date(2024, 3, 1), 30_000, 5_000, [Person("A")]
        )
        intake.hold_welcome_meeting(
            ME, Lease.id_of(slug, f"L{number}"), date(2024, 3, 1), WelcomeMode.OFFICE
        )
    recorded = [read_envelope(fact) for fact in read_facts(intake.datastore)]
    readers = {name: hosts(name) for name in READERS}
    producer = make_producer(home.kafka_bootstrap_servers)
    for host in readers.values():
        start_for(host, slug)
    yield Town(slug, readers, Topic(slug, producer), recorded)
    producer.close()


def of_lease(town, number):
    """The facts of one lease and its dwelling: registered, signed, let, welcomed."""
    return town.recorded[(number - 1) * 4 : number * 4]


def test_rubbish_on_a_topic_is_passed_over(town):
    topic = town.topic
    first, second = topic.chain(*of_lease(town, 1)), topic.chain(*of_lease(town, 2))
    topic.send(*first, None, b"", b"{", b"\xff\xfe", b"[]", b'{"specversion":"1.0"}', *second)
    town.caught_up()

    assert town.leases() == {"followup": 2, "arrears": 2, "reporting": 2}
    assert all(town.parked(name) == [] for name in READERS)
    assert all(town.standing(name).held is None for name in READERS)


@pytest.mark.parametrize("position", [1, 2, 900])
def test_a_fact_of_another_company_is_passed_over(town, home, position):
    topic = town.topic
    foreign = replace(
        town.recorded[0],
        id=fact_id("alpha", "intake", position),
        position=position,
        previous="0" * 64,
    )
    topic.send(*topic.chain(*of_lease(town, 1)), write_envelope(foreign))
    topic.send(*topic.chain(*of_lease(town, 2)))
    town.caught_up()

    assert town.leases() == {"followup": 2, "arrears": 2, "reporting": 2}
    assert all(town.standing(name).held is None for name in READERS)
    assert all(town.standing(name).passed_over >= 1 for name in READERS)
    reporting = town.hosts["reporting"].service(town.slug)
    assert rebuild(reporting, FromKafka(home.kafka_bootstrap_servers, reporting), by_log=False)[
        "identical_to_previous"
    ]


def test_a_topic_of_another_companys_facts_gives_nothing(town):
    """From the first position on, as a copied topic: each follows the one before."""
    alien = Topic(town.slug, town.topic.producer)
    alien.slug = "alpha"
    foreign = alien.chain(
        *town.recorded,
        *(replace(f, subject=str(uuid4())) for _ in range(40) for f in town.recorded),
    )
    alien.slug = town.slug
    alien.send(*foreign)
    town.topic.send(*town.topic.chain(*of_lease(town, 1)))
    town.caught_up()

    assert town.leases() == {"followup": 1, "arrears": 1, "reporting": 1}


def test_a_type_that_nobody_knows_is_passed_over_and_counted(town):
    topic = town.topic
    (known, *more) = of_lease(town, 1)
    unknown = replace(known, type="intake.cat-registered", subject=str(uuid4()))
    topic.send(*topic.chain(unknown, known, *more))
    town.caught_up()

    assert town.leases() == {"followup": 1, "arrears": 1, "reporting": 1}
    assert all(town.standing(name).passed_over >= 1 for name in ("followup", "arrears"))
    assert all(town.parked(name) == [] for name in READERS)


def test_a_newer_version_is_parked_with_what_follows_of_its_subject_and_the_rest_flows(town):
    topic = town.topic
    registered, signed, let, welcomed = of_lease(town, 1)
    newer = replace(signed, version=9)
    topic.send(*topic.chain(registered, newer, let, welcomed, *of_lease(town, 2)))
    town.caught_up()

    assert town.leases() == {"followup": 1, "arrears": 1, "reporting": 1}
    for name in READERS:
        (row,) = [
            row for row in parked_of(town.hosts[name], town.slug) if row["behind"] is not None
        ]
        assert row["fact"] == fact_id(town.slug, "intake", 2)
        assert "la version 9 est plus récente que la 1" in row["reason"]

    for name in READERS:
        with pytest.raises(Refusal):
            decide(town.hosts[name], town.slug, ME, row["fact"], "once more", release=False)
        decide(town.hosts[name], town.slug, ME, row["fact"], "ticket 7", release=True)

    assert all(town.parked(name) == [] for name in READERS)


def test_what_waits_behind_a_parked_fact_is_not_taken_before_it_but_may_be_left_out(town):
    topic = town.topic
    registered, signed, let, _ = of_lease(town, 1)
    newer = replace(signed, version=9)
    topic.send(*topic.chain(registered, newer, let, newer))
    town.caught_up()
    first, behind = (fact_id(town.slug, "intake", position) for position in (2, 4))

    for name in READERS:
        one = town.hosts[name], town.slug, ME
        with pytest.raises(NotFound, match="attend derrière"):
            decide(*one, behind, "first", release=False)
        with pytest.raises(Refusal, match="4 est toujours"):
            decide(*one, first, "without it", release=True)
        decide(*one, behind, "ticket 7", release=True)
        decide(*one, first, "ticket 7", release=True)

    assert all(town.parked(name) == [] for name in READERS)


def test_what_was_decided_of_a_fact_is_asked_again_where_a_mended_service_hears_it_again(
    town, home, settings_for, start_for
):
    """The log tells another first fact than its topic: all of it is set aside."""
    topic, host = town.topic, town.hosts["followup"]
    registered, signed, let, welcomed = of_lease(town, 1)
    newer, fact = replace(signed, version=9), fact_id(town.slug, "intake", 2)
    topic.send(*topic.chain(registered, newer, let, welcomed, *of_lease(town, 2)))
    town.caught_up()
    decide(host, town.slug, ME, fact, "ticket 7", release=True)
    told = host.service(town.slug).datastore
    assert host.wait_until(lambda: read_head(told)["relayed"] == read_head(told)["position"], 20)
    company = host.company(town.slug)
    host.stop()
    (tables,) = [part.read_models for part in PARTS if part.service == "followup"]
    with service_for_mending(home, company, "followup") as service:
        log = [*read_facts(service.datastore)]
        forge(home, service, 1)
        mended = mend(home.admin_url, home.kafka_bootstrap_servers, service, tables)
    again = Host(settings_for("followup"), Followup, host.consumes)
    town.hosts["followup"] = start_for(again, town.slug)
    try:
        town.caught_up()

        assert mended.adopted == mended.set_aside == len(log)
        assert town.parked("followup") == [fact]
        assert town.leases()["followup"] == 1
    finally:
        again.stop()


@pytest.mark.parametrize("release", [True, False])
def test_what_was_decided_of_a_strangers_bytes_is_not_said_of_the_fact_that_the_log_has_there(
    town, release
):
    registered, signed, *_ = of_lease(town, 1)
    stranger = replace(signed, data=signed.data | {"start_on": "some day"})
    town.topic.send(*town.topic.chain(registered, stranger))
    town.caught_up()
    host = town.hosts["reporting"]
    if release:
        decide(host, town.slug, ME, town.parked("reporting")[0], "ticket 7", release=True)
    logs = {"intake": [write_envelope(fact) for fact in town.recorded]}

    source = FromLog(lambda name, first: logs.get(name, [])[first - 1 :])
    rebuild(host.service(town.slug), source, by_log=True)

    assert town.leases()["reporting"] == 4


def test_a_fact_whose_data_does_not_fit_is_parked_where_it_is_needed(town, caplog):
    topic, fact = town.topic, fact_id(town.slug, "intake", 2)
    registered, signed, *more = of_lease(town, 1)
    spoilt = replace(signed, data=signed.data | {"start_on": "some day"})
    topic.send(*topic.chain(registered, spoilt, *more, *of_lease(town, 2)))
    town.caught_up()

    assert town.leases() == {"followup": 1, "arrears": 1, "reporting": 1}
    assert all(fact in town.parked(name) for name in READERS)
    logged = [r.facts["fact"] for r in caplog.records if r.getMessage() == "parked"]
    assert logged == [fact] * len(READERS)


def test_every_page_can_tell_that_something_waits_for_a_decision(town):
    topic, fact = town.topic, fact_id(town.slug, "intake", 2)
    registered, signed, *more = of_lease(town, 1)
    topic.send(*topic.chain(registered, replace(signed, version=9), *more))
    town.caught_up()
    parked = town.waiting()
    for name in READERS:
        decide(town.hosts[name], town.slug, ME, fact, "ticket 7", release=True)
    released = town.waiting()
    topic.send(topic.facts[2].replace(b"2024-03-01", b"2024-03-02"))
    town.caught_up(lambda standing: standing.held_fact is not None)

    assert parked == set(READERS)
    assert released == set()
    assert {"followup", "arrears"} <= town.waiting()


def test_nothing_is_taken_past_a_gap_until_what_is_missing_comes(town):
    topic = town.topic
    contents = topic.chain(*of_lease(town, 1), *of_lease(town, 2))
    topic.send(*contents[:3], *contents[4:])
    town.caught_up(lambda standing: standing.held is not None)
    held = {name: town.standing(name) for name in READERS}
    topic.send(contents[3])
    town.caught_up()

    assert {s.last.position for s in held.values()} == {3}
    assert all("position 4 is missing" in str(s.held) for s in held.values())
    assert town.leases() == {"followup": 2, "arrears": 2, "reporting": 2}
    assert all(town.standing(name).held is None for name in READERS)


def test_a_repeat_with_other_bytes_holds_until_a_person_decides_for_good(town, home):
    topic = town.topic
    first = topic.chain(*of_lease(town, 1))
    topic.send(*first)
    town.caught_up()
    topic.send(*first, first[1].replace(b"30000", b"20000"))
    town.caught_up(lambda standing: standing.held_fact is not None)
    topic.send(*topic.chain(*of_lease(town, 2)))
    missing = " ".join(town.hosts["reporting"].service(town.slug).report(2024)["missing"])

    assert "La lecture des faits de «\u00a0Accueil\u00a0» est arrêtée" in missing
    for name in READERS:
        standing = town.standing(name)
        assert "came again with other bytes" in str(standing.held)
        decide(town.hosts[name], town.slug, ME, str(standing.held_fact), "forged", release=True)
    town.caught_up()

    assert town.leases() == {"followup": 2, "arrears": 2, "reporting": 2}
    reporting = town.hosts["reporting"].service(town.slug)
    again = rebuild(reporting, FromKafka(home.kafka_bootstrap_servers, reporting), by_log=False)
    assert again["identical_to_previous"]


def test_what_was_decided_of_a_repeat_with_other_bytes_says_who_when_and_why(town):
    topic = town.topic
    first = topic.chain(*of_lease(town, 1))
    topic.send(*first)
    town.caught_up()
    topic.send(first[1].replace(b"30000", b"20000"))
    town.caught_up(lambda standing: standing.held_fact is not None)

    for name in READERS:
        decide(town.hosts[name], town.slug, ME, fact_id(town.slug, "intake", 2), "?", release=False)
    town.caught_up(lambda standing: standing.held_fact is not None)
    for name in READERS:
        forged = fact_id(town.slug, "intake", 2)
        decide(town.hosts[name], town.slug, ME, forged, "forged", release=True)

    for name in READERS:
        service = town.hosts[name].service(town.slug)
        decided = select_decided(service.datastore, FIRST, EVER)
        # The company's clock stands still: both were decided at the same moment.
        assert sorted(
            (row["state"], row["position"], row["decided_by"], row["decided_because"])
            for row in decided.rows
        ) == [
            ("held-released", 2, ME.actor, "forged"),
            ("held-retried", 2, ME.actor, "?"),
        ]
    told = interventions(town.hosts["reporting"].service(town.slug), Choice(Which.RELEASES))
    assert told["counts"]["releases"] == 2
    assert sorted((row["type"], row["actor"], why(row)) for row in told["rows"]) == [
        ("intake.lease-signed", ME.actor, f"{said} (il était revenu avec d'autres octets)")
        for said in ("?", "forged")
    ]
    assert all(row["kind"] in KINDS for row in told["rows"])
