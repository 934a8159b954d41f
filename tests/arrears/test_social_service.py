"""Telling the social service of a debt: allowed, not yet, forbidden; proved, never taken back."""

import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ladder"))

from telling import case_of, line, policy_of, shipped

from contracts.envelope import read_envelope
from services.arrears.casework import acting, agreeing, informing
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.data_transfer import TransferForbidden, TransferNotYetAllowed
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.sentences import sentence
from services.arrears.ladder.simulating import Simulation
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.facts import read_facts
from services.chassis.host import Host
from services.chassis.written import DocumentRefused

WALLONIA = (SHIPPED / "wallonie.yaml").read_text("utf-8")
HELP_MENTIONED = "{happened: {step: [propose-guidance, propose-plan], in_this_debt: true}}"
SINCE_THE_VISIT = "{day: {of: {step: propose-plan}, not_before: {step: home-visit}}}"
BY_DAYS = WALLONIA.replace(HELP_MENTIONED, SINCE_THE_VISIT)
ME = Caller("officer-1")
WRITTEN = [
    line("2025-01-01", "charge", cents=500_00),
    line("2025-02-01", "message", kind="first-reminder"),
    line("2025-02-20", "message", kind="second-reminder"),
]
CONTACT = line("2025-02-25", "step", kind="home-visit")
HELP = line("2025-02-26", "step", kind="propose-plan")
OFFER = line("2025-02-27", "step", kind="offer-transfer")


def told(*lines, on="2025-03-13", policy="wallonie"):
    day = date.fromisoformat(on)
    return Simulation(case_of(*lines), [shipped(policy)], day).answer()["social_service"]


def test_it_is_not_yet_told_while_a_precondition_is_missing_and_each_is_named():
    assert told(*WRITTEN[:2])["missing"] == [
        "two-written-reminders",
        "personal-contact-attempted",
        "help-mentioned",
        "transfer-offered",
    ]
    assert told(*WRITTEN, CONTACT, HELP) == {"answer": "not-yet", "missing": ["transfer-offered"]}


@pytest.mark.parametrize(("on", "answer"), [("2025-03-12", "not-yet"), ("2025-03-13", "allowed")])
def test_a_household_has_fourteen_days_to_answer_the_offer(on, answer):
    assert told(*WRITTEN, CONTACT, HELP, OFFER, on=on)["answer"] == answer


def test_a_household_that_consents_is_not_waited_for():
    consent = line("2025-02-28", "consent", to="social-service")

    assert told(*WRITTEN, CONTACT, HELP, consent, on="2025-02-28")["answer"] == "allowed"


def test_an_objection_forbids_it_whatever_else_holds_until_the_household_changes_its_mind():
    objection = line("2025-03-01", "objection", to="social-service")
    consent = line("2025-03-02", "consent", to="social-service")
    full = (*WRITTEN, CONTACT, HELP, OFFER)

    assert told(*full, objection)["answer"] == "forbidden"
    assert told(objection)["answer"] == "forbidden"
    assert told(*full, objection, consent)["answer"] == "allowed"
    named = line("2025-03-01", "objection", to="early-signal")
    assert told(named, policy="early-signal")["answer"] == "forbidden"


def test_what_was_settled_before_this_debt_proves_nothing_of_it():
    paid = line("2025-03-01", "payment", cents=500_00)
    again = line("2025-03-05", "charge", cents=500_00)

    assert "two-written-reminders" in told(*WRITTEN, CONTACT, HELP, OFFER, paid, again)["missing"]


def test_a_policy_without_preconditions_says_nothing():
    assert told(*WRITTEN, policy="weekly-tenancies") is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("[propose-guidance, propose", "[nowhere, propose"), "ni une étape"),
        (("precondition: help-mentioned", "precondition: debt"), "Une autre condition"),
        (("times: 2\n          in_this", "times: 0\n          in_this"), "au moins 1"),
    ],
)
def test_a_precondition_that_cannot_be_is_refused_with_its_line(change, reason):
    before, _, after = WALLONIA.partition(change[0])
    assert after, "the document says otherwise now"

    with pytest.raises(DocumentRefused) as refused:
        policy_of(before + change[1] + after)

    (fault,) = refused.value.faults
    assert reason in fault.reason
    assert abs(fault.line - (before.count("\n") + 1)) <= 1


@pytest.fixture(scope="module")
def arrears(new_company, settings_for):
    host = Host(settings_for("arrears"), Arrears, ("intake",))
    service = host.service(new_company(date(2025, 3, 13)))
    agreeing.adopt_policy(service, Caller("manager"), BY_DAYS)
    yield service
    host.stop()


def test_a_transmission_names_the_facts_that_prove_it_and_an_objection_stops_the_next(arrears):
    lease = uuid4()

    def decide(act):
        account = RentAccount.open_account(lease, uuid4(), date(2025, 1, 1))
        arrears.charge(act, account, "2025-01", date(2025, 1, 10), 40_000, 5_000)
        return act.save(account)

    arrears.perform(ME, decide)
    with pytest.raises(TransferNotYetAllowed) as early:
        informing.inform_social_service(arrears, ME, lease)
    assert "two-written-reminders" in early.value.facts["missing"]
    for step in ("first-reminder", "second-reminder", "home-visit", "propose-plan"):
        acting.take_step(arrears, ME, lease, step, date(2025, 2, 20))
    informing.answer_transfer(arrears, ME, lease, accepted=True)
    informing.inform_social_service(arrears, ME, lease)
    informing.answer_transfer(arrears, ME, lease, accepted=False)
    with pytest.raises(TransferForbidden):
        informing.inform_social_service(arrears, ME, lease)

    facts = {fact.id: fact for fact in map(read_envelope, read_facts(arrears.datastore))}
    (sent,) = (f for f in facts.values() if f.type == "arrears.social-service-informed")
    proofs = {proof["precondition"]: proof["facts"] for proof in sent.data["proofs"]}
    named = {name: [facts[i].data.get("step") for i in ids] for name, ids in proofs.items()}
    (charged,) = proofs.pop("debt")
    assert facts[charged].type == "arrears.rent-charged"
    assert named == {
        "debt": [None],
        "bank-data": [],
        "two-written-reminders": ["first-reminder", "second-reminder"],
        "personal-contact-attempted": ["home-visit"],
        "help-mentioned": ["home-visit", "propose-plan"],
        "transfer-offered": [None],
    }
    assert facts[proofs["transfer-offered"][0]].type == "arrears.data-transfer-accepted"
    assert (sent.data["policy"], sent.data["policy_version"]) == ("wallonie", "2024-1")
    seen = informing.may_inform(arrears, lease, date(2025, 3, 13))
    assert (seen["answer"], seen["informed_on"]) == ("forbidden", [date(2025, 3, 13)])
    with arrears.datastore.reading() as rows:
        entries = select_entries(rows, lease)
    words = [sentence(entry["what"], entry["said"], {}) for entry in entries]
    assert "Service social prévenu : 6 conditions tenues, politique wallonie 2024-1." in words
