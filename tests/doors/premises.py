"""The five applications over the real servers, and what fills two companies.

What the companies hold came in by the doors: files, forms and acts, and facts through the real
relay and inbox. Once they have settled, nothing works in the background any more, so that a test
sees only what it does itself.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from in_process import client_of

from services.arrears.__main__ import build as build_arrears
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.letters.template_shelf import SHIPPED as LETTERS
from services.chassis.accounts import OF_ALL_COMPANIES, Role, access_code
from services.chassis.aggregate import natural_id
from services.chassis.amounts import format_cents
from services.chassis.facts import read_facts, read_head
from services.chassis.identity import mint_token
from services.chassis.ownership import Ownership
from services.chassis.position_rule import Delivery
from services.chassis.receiving import Receiver
from services.chassis.settings import SERVICES, Settings
from services.demonstration.coda_writer import Booking, write_statement
from services.embedded.composition import Home
from services.embedded.front import build as build_front
from services.followup.__main__ import build as build_followup
from services.intake.__main__ import build as build_intake
from services.reporting.__main__ import build as build_reporting

BUILDS: dict[str, Callable[[Settings], FastAPI]] = {
    "front": build_front,
    "intake": build_intake,
    "followup": build_followup,
    "arrears": build_arrears,
    "reporting": build_reporting,
}
LINKS = {name: f"http://127.0.0.1:{number}" for number, name in enumerate(BUILDS, 1)}
ORDER = ("intake", "arrears", "followup", "reporting")
FIRST, TODAY = date(2024, 3, 1), date(2024, 4, 12)
RENTS = {"Nordwattiez": 43_117, "Sudokkerse": 65_823, "Estberger": 50_000, "Ouestvael": 71_204}
"""A word that all names of a company carry, and its rent in cents: both of one company alone."""
ACCOUNT = "BE68539007547034"
CONTRACT = (
    Path(__file__).parents[2] / "services" / "reporting" / "objectives" / "contract-example.yaml"
)


def claim_only(ownership: Ownership, slugs: frozenset[str]) -> None:
    """Let a process try for these companies alone, whatever else the home has."""
    claim = ownership.claim
    ownership.claim = lambda _: claim(slugs)  # type: ignore[method-assign]


@dataclass
class Town:
    """A company with what it holds: `ids` by the name of a path parameter, and what is its own."""

    slug: str
    word: str
    rent_cents: int
    ids: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)


class Premises:
    """The applications, and clients of them as whoever a test wants to be."""

    def __init__(self, home: Home, apps: dict[str, FastAPI]) -> None:
        self.home = home
        self.apps = apps
        self._cookies: dict[str, str] = {}

    def account(self, role: Role, slug: str) -> str:
        name = role.value.replace("_", "-")
        return name if role in OF_ALL_COMPANIES else f"{name}.{slug}"

    def client(self, service: str, **headers: str) -> httpx.Client:
        return client_of(self.apps[service], headers=headers, follow_redirects=False)

    def program(self, service: str, role: Role, slug: str) -> httpx.Client:
        """A program with a bearer token; the sign-in of all services is one."""
        token = mint_token(self.home.folder, self.account(role, slug))
        return self.client(service, authorization=f"Bearer {token}")

    def browser(self, service: str, role: Role, slug: str) -> httpx.Client:
        """A browser with the session of a sign-in that took place at the front page."""
        account = self.account(role, slug)
        front_door = self.apps["front"].state.frame.identity
        if front_door.who(self._cookies.get(account), None) is None:  # signed out by a test
            front = self.client("front", accept="text/html")
            answer = front.post(
                "/sign-in", data={"account": account, "code": access_code(self.home.folder)}
            )
            assert answer.status_code == 303, answer.text
            self._cookies[account] = front.cookies["referent_session"]
        browser = self.client(service, accept="text/html")
        browser.cookies.set("referent_session", self._cookies[account])
        return browser

    def csrf(self, service: str, browser: httpx.Client) -> str:
        identity = self.apps[service].state.frame.identity
        return str(identity.csrf(identity.who(browser.cookies["referent_session"], None).session))

    def service(self, name: str, slug: str) -> Any:
        return self.apps[name].state.frame.host.service(slug)

    def settle(self, slug: str) -> None:
        """Wait until every service has heard all that the others said of a company."""
        heads: dict[str, int] = {}
        for name in ORDER:
            host = self.apps[name].state.frame.host
            receiver = host.receiver(host.service(slug))

            def done(host: Any = host, receiver: Any = receiver) -> bool:
                return all(receiver.standing(p).last.position >= heads[p] for p in host.consumes)

            assert host.wait_until(done, 30), f"{name} has not caught up"
            heads[name] = read_head(host.service(slug).datastore)["position"]

    def heads(self, slug: str) -> dict[str, int]:
        """How many facts each publisher has recorded."""
        return {
            name: read_head(self.service(name, slug).datastore)["position"] for name in SERVICES
        }


def done(answer: Any) -> Any:
    assert answer.status_code < 400, answer.text
    return answer.json()


def sign_and_charge(premises: Premises, town: Town) -> None:
    look_at_the_clock(premises, town)
    word, api = town.word, f"/api/{town.slug}"
    intake = premises.program("intake", Role.INTAKE_OFFICER, town.slug)
    stock = "reference;registered_on;unlettable_from;unlettable_reason\n" + "".join(
        f"D-{word}-{n};2020-01-01;{'2024-02-01;works' if n == 6 else ';'}\n" for n in range(1, 10)
    )
    for name, number in (("dwelling_id", 1), ("out_of_letting", 6), ("empty", 7)):
        town.ids[name] = str(natural_id(town.slug, "dwelling", f"D-{word}-{number}"))
    report = done(intake.post(f"{api}/imports/dwellings?filename={word}.csv", content=stock))
    assert report["state"] == "accepted", report
    for number in (1, 2, 3):
        signed = done(
            intake.post(
                f"{api}/leases",
                json={
                    "reference": f"L-{word}-{number}",
                    "dwelling_reference": f"D-{word}-{number}",
                    "start_on": FIRST.isoformat(),
                    "rent_cents": town.rent_cents,
                    "charges_cents": 0,
                    "leaseholders": [
                        {
                            "name": f"Anne {word}",
                            "contact": f"{word}@example.be",
                            "address": f"Rue {word} {number}, 6000 Charleroi",
                            "language": "nl" if number == 2 else None,
                        }
                    ],
                },
            )
        )
        town.ids[f"lease_{number}"] = signed["id"]
    welcomed = f"{api}/leases/{town.ids['lease_1']}/welcome-meeting"
    done(intake.post(welcomed, json={"held_on": "2024-03-01"}))
    arrears = premises.program("arrears", Role.ARREARS_OFFICER, town.slug)
    premises.settle(town.slug)
    rent = f"{town.rent_cents // 100},{town.rent_cents % 100:02}"
    roll = "lease;month;rent;charges\n" + "".join(
        f"L-{word}-{number};2024-03;{rent};0\n" for number in (1, 2, 3)
    )
    report = done(arrears.post(f"{api}/imports/rent-roll?filename={word}-03.csv", content=roll))
    assert report["state"] == "accepted", report


def take_the_bank_file(premises: Premises, town: Town) -> None:
    """The first lease has paid, the others not; money without a reference; money that went out."""
    day, word = date(2024, 3, 20), town.word
    lease = done(
        premises.program("intake", Role.MANAGER, town.slug).get(
            f"/api/{town.slug}/leases/{town.ids['lease_1']}"
        )
    )
    town.ids["household_id"] = lease["household_id"]
    bookings = [
        Booking(town.rent_cents, date(2024, 3, 8), structured=lease["payment_reference"]),
        *(
            Booking(town.rent_cents + n, day, communication=word, counterparty_name=f"P {word}")
            for n in range(1, 5)
        ),
        Booking(9 - town.rent_cents, day, counterparty_name=f"F {word}"),
    ]
    content = write_statement(ACCOUNT, 1, day, 10_000_000, bookings)
    arrears = premises.program("arrears", Role.ARREARS_OFFICER, town.slug)
    report = done(
        arrears.post(f"/api/{town.slug}/imports/coda?filename={word}.cod", content=content)
    )
    assert (report["state"], report["unmatched"]) == ("accepted", 4), report
    town.own.update(format_cents(town.rent_cents + n) for n in range(5))


def act_on_arrears(premises: Premises, town: Town) -> None:
    """A policy adopted; the first lease in dispute, the second with a step and a plan; letters."""
    api = f"/api/{town.slug}"
    manager = premises.program("arrears", Role.MANAGER, town.slug)
    document = (SHIPPED / "wallonie.yaml").read_text("utf-8")
    document = document.replace("bank_data_days: 5", "bank_data_days: 60")
    done(manager.post(f"{api}/policies", json={"document": document}))
    officer = premises.program("arrears", Role.ARREARS_OFFICER, town.slug)
    first, second = (f"{api}/accounts/{town.ids[f'lease_{n}']}" for n in (1, 2))
    done(officer.post(f"{first}/circumstances", json={"circumstance": "dispute"}))
    done(officer.post(f"{second}/steps", json={"step": "propose-plan"}))
    (taken,) = (
        entry
        for entry in done(officer.get(f"{second}/case"))["entries"]
        if entry["what"] == "StepTaken"
    )
    town.ids["step_id"] = taken["said"]["step_id"]
    done(officer.post(f"{second}/contacts", json={"reached": True}))
    done(officer.post(f"{second}/promises", json={"promised_cents": 900, "pay_by": "2024-04-19"}))
    for entry in done(officer.get(f"{second}/case"))["entries"]:
        town.ids |= {
            n: entry["said"][n] for n in ("contact_id", "promise_id") if n in entry["said"]
        }
    costs = {"act": "costs", "kind": "court", "cost_cents": 900, "incurred_on": "2024-04-02"}
    done(officer.post(f"{second}/legal-path", json=costs))
    (noted,) = done(officer.get(f"{second}/legal-path"))["entries"]
    town.ids["entry"] = str(noted["entry"])
    terms = {"instalment_cents": 1_000, "frequency": "monthly", "first_due_on": "2024-05-01"}
    templates = (LETTERS / "wallonie.yaml").read_text("utf-8")
    done(manager.post(f"{api}/letter-templates", json={"document": templates}))
    town.ids["plan_id"] = done(officer.post(f"{second}/plans", json=terms))["id"]
    write_letters(officer, api, town)
    gone = {"amount_cents": 1, "written_off_on": TODAY.isoformat(), "decided_by": "board"}
    write_off = f"{api}/accounts/{town.ids['lease_3']}/write-offs"
    answer = done(officer.post(write_off, json=gone | {"reason": "small-amount"}))
    town.ids["decision_id"] = answer["id"]


def write_letters(officer: Any, api: str, town: Town) -> None:
    """The plan's confirmation printed; of the third lease a draft and a reminder that wait."""
    (waiting,) = done(officer.get(f"{api}/letters"))["letters"]
    printed = {"letters": [waiting["letter_id"]]}
    town.ids["letter_sent"] = waiting["letter_id"]
    town.ids["batch_id"] = done(officer.post(f"{api}/letter-batches", json=printed))["id"]
    third = f"{api}/accounts/{town.ids['lease_3']}/steps"
    for step, name in (("formal-notice", "letter_draft"), ("second-reminder", "letter_id")):
        done(officer.post(third, json={"step": step}))
        (town.ids[name],) = (
            letter["letter_id"]
            for letter in done(officer.get(f"{api}/letters"))["letters"]
            if letter["step"] == step
        )


def visit(premises: Premises, town: Town) -> None:
    """One first-year visit made, one missed, those to come planned, arrears visits proposed."""
    api = f"/api/{town.slug}/households"
    officer = premises.program("followup", Role.SUPPORT_OFFICER, town.slug)
    household = done(officer.get(f"{api}/{town.ids['household_id']}"))
    by_kind = {visit["kind"]: visit["visit_id"] for visit in household["visits"]}
    first = f"{api}/{town.ids['household_id']}/visits/{by_kind['m1']}"
    made = {
        "lease_id": town.ids["lease_1"],
        "kind": "m1",
        "done_on": "2024-04-02",
        "place": "home",
        "performed_by": f"agent-{town.word.lower()}",
        "result": "advice-given",
    }
    done(officer.put(f"{first}/record", json=made))
    town.ids |= {"visit_made": by_kind["m1"], "visit_id": by_kind["m6"]}
    listed = done(officer.get(f"{api}?search=L-{town.word}-2"))["households"]
    second = town.ids["second_household"] = listed[0]["household_id"]
    visits = done(officer.get(f"{api}/{second}"))["visits"]
    town.ids["visit_missed"] = next(v["visit_id"] for v in visits if v["kind"] == "m1")
    town.ids["visit_open"] = next(v["visit_id"] for v in visits if v["kind"] == "m12")
    assert any(v["state"] == "proposed" for v in visits), visits
    absence = {"missed_on": "2024-04-03", "reason": "nobody-home"}
    done(officer.post(f"{api}/{second}/visits/{town.ids['visit_missed']}/absence", json=absence))
    support(officer, f"{api}/{town.ids['household_id']}/support-periods", town)


def support(officer: Any, periods: str, town: Town) -> None:
    """An intensive period that is open and another that is closed."""
    terms = {"intensive": True, "agreed_on": "2024-03-28", "opened_on": "2024-04-02"}
    for name, axis in (("period_id", "arrears-prevention"), ("period_closed", "housing-education")):
        town.ids[name] = done(officer.post(periods, json=terms | {"axis": axis}))["id"]
    closed = {"closed_on": "2024-04-11", "outcome": "referred"}
    done(officer.post(f"{periods}/{town.ids['period_closed']}/closure", json=closed))


def look_at_the_clock(premises: Premises, town: Town) -> None:
    """What the timers of the services would do by themselves, a little later."""
    for name in ("intake", "followup", "arrears"):
        premises.service(name, town.slug).tick()


def sign_the_return(premises: Premises, town: Town) -> None:
    """The return of the year before is validated, the one before that prepared."""
    look_at_the_clock(premises, town)
    premises.settle(town.slug)
    manager = premises.program("reporting", Role.MANAGER, town.slug)
    for year in (2022, 2023):
        done(manager.put(f"/api/{town.slug}/returns/{year}"))
    reason = {"reason": "Le journal commence en 2024"}
    done(manager.post(f"/api/{town.slug}/returns/2023/validation", json=reason))
    document = {"document": CONTRACT.read_text("utf-8")}
    done(manager.post(f"/api/{town.slug}/contracts", json=document))


def park(premises: Premises, town: Town) -> None:
    """A fact in a version that does not exist yet: parked by whoever hears it."""
    facts = read_facts(premises.service("intake", town.slug).datastore)
    *_, signed = (fact for fact in facts if b'"intake.lease-signed"' in fact)
    for name in ("followup", "arrears"):
        receiver = Receiver(premises.service(name, town.slug))
        last = receiver.standing("intake").last
        document = json.loads(signed) | {
            "id": f"{town.slug}/intake/{last.position + 1}",
            "dataschema": "urn:referent:intake.lease-signed.v99",
            "position": last.position + 1,
            "previous": last.hash.hex(),
        }
        content = json.dumps(document, separators=(",", ":")).encode()
        assert receiver.receive("intake", [Delivery(10**6, content)]).taken == 1
        town.ids[f"parked_{name}"] = document["id"]


def learn_what_is_its_own(premises: Premises, town: Town) -> None:
    """What only this company has: words, ids, amounts. None of it may be told to another."""
    arrears = premises.program("arrears", Role.ARREARS_OFFICER, town.slug)
    waiting = done(arrears.get(f"/api/{town.slug}/unmatched-payments"))["payments"]
    town.ids["payment_id"] = waiting[0]["payment_id"]
    town.ids["second_payment"] = waiting[1]["payment_id"]
    (left,) = done(arrears.get(f"/api/{town.slug}/outgoing-movements"))["movements"]
    town.ids["movement_id"] = left["movement_id"]
    town.ids["lease_id"] = town.ids["lease_1"]
    account = done(arrears.get(f"/api/{town.slug}/accounts/{town.ids['lease_1']}"))
    paid = next(line for line in account["lines"] if line["kind"] == "payment")
    town.ids["payment_taken"] = paid["line_id"]
    api = f"/api/{town.slug}/accounts/{town.ids['lease_1']}"
    bill = {"kind": "repairs", "amount_cents": 900, "due_on": "2024-04-01", "reference": "F-7"}
    noted = done(arrears.post(f"{api}/other-charges", json=bill))
    part = {"kind": "repairs", "amount_cents": 1}
    taken = done(arrears.post(f"{api}/payments/{paid['line_id']}/other-charges", json=part))
    town.ids |= {"other_charge_id": noted["id"], "part_id": taken["id"]}
    own_ids = (found for name, found in town.ids.items() if name != "entry")  # a small number
    town.own |= {town.word, str(town.rent_cents), *own_ids}
