"""For each documented route of a service, requests that it is made for, in an order that works."""

from dataclasses import dataclass, field
from typing import Any

from premises import TODAY, Town

from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.letters.template_shelf import SHIPPED as LETTERS
from services.chassis.accounts import Role

LATER_CONTRACT = """
contract: 2029
baseline_year: 2028
objectives:
  - theme: rental
    indicator: I03
    direction: between
    by_year: {2032: {at_least: 1, at_most: 20.5}, 2033: {at_least: 1, at_most: 20}}
"""


@dataclass(frozen=True)
class Good:
    """`at` fills in the path besides the company, `query` and `body` are as sent."""

    role: Role
    route: str
    at: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None


def good_requests(service: str, town: Town) -> list[Good]:
    return [*OF_SERVICE[service](town), *_operating(service, town)]


def _operating(service: str, town: Town) -> list[Good]:
    api, operator = "/api/{company}", Role.OPERATOR
    moment = f"{TODAY}T10:00:00+02:00"
    good = [
        Good(operator, "GET /api/status"),
        Good(operator, f"GET {api}/parked"),
        Good(operator, f"GET {api}/settled", query={"timeout_s": 0}),
        Good(operator, f"PUT {api}/clock", body={"shown_at": moment}),
        Good(Role.AUDITOR, f"GET {api}/facts", query={"from": 1, "to": 3}),
    ]
    fact = town.ids.get(f"parked_{service}")
    if fact is not None:
        decision, which = {"because": "Essai"}, {"fact": fact}
        good += [
            Good(operator, f"POST {api}/parked/release", query=which, body=decision),
        ]
    return good


def _intake(town: Town) -> list[Good]:
    officer, word = Role.INTAKE_OFFICER, town.word
    leases, lease = "/api/{company}/leases", "/api/{company}/leases/{lease_id}"
    one, two, three = ({"lease_id": town.ids[f"lease_{n}"]} for n in (1, 2, 3))
    dwelling, empty = "/api/{company}/dwellings/{dwelling_id}", {"dwelling_id": town.ids["empty"]}
    out = {"unlettable_from": "2024-03-01", "reason": "works"}
    terms = {"start_on": "2024-03-01", "rent_cents": 40_000, "charges_cents": 0}
    new = terms | {"reference": f"L-{word}-9", "dwelling_reference": f"D-{word}-9"}
    moved = new | {"reference": f"L-{word}-8", "dwelling_reference": f"D-{word}-8"}
    held = {"held_on": "2024-03-02", "mode": "home"}
    ended = {"ended_on": "2024-04-01", "reason": "notice"}
    roll = f"reference;registered_on\nD-{word}-20;2020-01-01\n".encode()
    return [
        Good(officer, "GET /api/{company}/new-tenants-to-welcome"),
        Good(officer, f"GET {leases}", query={"q": word}),
        Good(officer, f"GET {lease}", one),
        Good(officer, "POST /api/{company}/dwellings", body={"reference": "N", **REGISTERED}),
        Good(officer, "GET /api/{company}/vacant-dwellings"),
        Good(officer, f"GET {dwelling}", empty),
        Good(officer, f"POST {dwelling}/suspension", empty, body=out),
        Good(officer, f"POST {dwelling}/resumption", empty, body={"lettable_from": "2024-03-02"}),
        Good(officer, f"POST {dwelling}/resumption/withdrawal", empty),
        Good(officer, f"POST {dwelling}/suspension/withdrawal", empty),
        Good(officer, f"POST {leases}", body=new | {"leaseholders": [{"name": "Zoé"}]}),
        Good(officer, f"POST {lease}/welcome-meeting", two, body=held),
        Good(officer, f"POST {lease}/welcome-meeting/correction", two, body=held),
        Good(officer, f"POST {lease}/welcome-meeting/withdrawal", two),
        Good(officer, f"POST {lease}/end", two, body=ended),
        Good(officer, f"POST {lease}/end/withdrawal", two),
        Good(
            officer,
            f"POST {lease}/correction",
            two,
            body=terms | {"dwelling_reference": f"D-{word}-2"},
        ),
        Good(
            officer,
            f"POST {lease}/leaseholders/correction",
            two,
            body={"leaseholders": [{"name": "Zoé"}]},
        ),
        Good(officer, f"POST {lease}/transfer", two, body=moved | {"start_on": "2024-04-10"}),
        Good(officer, f"POST {lease}/withdrawal", three),
        Good(officer, "POST /api/{company}/imports/{kind}", {"kind": "dwellings"}, body=roll),
    ]


REGISTERED = {"registered_on": "2020-01-01", "bedrooms": 2}


def _followup(town: Town) -> list[Good]:
    officer = Role.SUPPORT_OFFICER
    household = "/api/{company}/households/{household_id}"
    visit = f"{household}/visits/{{visit_id}}"
    first = {"household_id": town.ids["household_id"]}
    second = {"household_id": town.ids["second_household"]}
    made = {
        "lease_id": town.ids["lease_1"],
        "kind": "m6",
        "done_on": "2024-04-05",
        "place": "home",
        "performed_by": "agent-02",
        "result": "all-well",
    }
    plan = {"lease_id": town.ids["lease_1"], "kind": "m6", "planned_on": "2024-09-15"}
    m6, m12 = first | {"visit_id": town.ids["visit_id"]}, {"visit_id": town.ids["visit_open"]}
    absence = {"missed_on": "2024-04-05", "reason": "refused"}
    return [
        Good(officer, "GET /api/{company}/visits"),
        Good(officer, "GET /api/{company}/households", query={"search": "L-"}),
        Good(officer, f"GET {household}", first),
        Good(officer, f"PUT {visit}/plan", m6, body=plan),
        Good(officer, f"PUT {visit}/record", m6, body=made),
        Good(officer, f"POST {visit}/correction", m6, body=made),
        Good(officer, f"POST {visit}/withdrawal", m6),
        Good(officer, f"POST {visit}/absence", second | m12, body=absence),
        *_support(town),
    ]


def _support(town: Town) -> list[Good]:
    officer = Role.SUPPORT_OFFICER
    first = {"household_id": town.ids["household_id"]}
    periods = "/api/{company}/households/{household_id}/support-periods"
    period, one = f"{periods}/{{period_id}}", first | {"period_id": town.ids["period_id"]}
    opened = {"axis": "rehousing-support", "intensive": False}
    opened |= {"agreed_on": "2024-04-01", "opened_on": "2024-04-03"}
    closed = {"closed_on": "2024-04-05", "outcome": "autonomous"}
    return [
        Good(officer, "GET /api/{company}/support-periods"),
        Good(officer, f"POST {periods}", first, body=opened),
        Good(officer, f"POST {period}/correction", one, body=opened | {"intensive": True}),
        Good(officer, f"POST {period}/closure", one, body=closed),
        Good(officer, f"POST {period}/closure/correction", one, body=closed),
        Good(officer, f"POST {period}/closure/withdrawal", one),
        Good(
            officer,
            f"POST {period}/agreement/withdrawal",
            one,
            body={"withdrawn_on": "2024-04-04"},
        ),
        Good(officer, f"POST {period}/withdrawal", one),
    ]


def _arrears(town: Town) -> list[Good]:
    officer = Role.ARREARS_OFFICER
    account = "/api/{company}/accounts/{lease_id}"
    charge = f"{account}/charges/{{charge}}"
    march = {"lease_id": town.ids["lease_2"], "charge": "2024-03"}
    roll = f"lease;month;rent;charges\nL-{town.word}-1;2024-04;10,00;0\n".encode()
    waiting = {"payment_id": town.ids["second_payment"]}
    third, decision = {"lease_id": town.ids["lease_3"]}, {"decision_id": town.ids["decision_id"]}
    gone = {"amount_cents": 2, "written_off_on": "2024-04-11"}
    gone |= {"reason": "small-amount", "decided_by": "manager"}
    return [
        Good(officer, "GET /api/{company}/accounts-in-arrears"),
        Good(officer, "GET /api/{company}/accounts", query={"search": "L-"}),
        Good(officer, f"GET {account}", {"lease_id": town.ids["lease_1"]}),
        Good(officer, "GET /api/{company}/unmatched-payments", query={"amount_cents": 1}),
        Good(officer, f"PUT {charge}", march, body={"rent_cents": 30_000, "charges_cents": 1}),
        Good(officer, f"POST {charge}/cancellation", march),
        Good(
            officer,
            "POST /api/{company}/unmatched-payments/{payment_id}/assignment",
            waiting,
            body={"lease_id": town.ids["lease_1"]},
        ),
        *_other_charges(town, account),
        *_outgoing(town),
        Good(officer, f"POST {account}/write-offs", third, body=gone),
        Good(officer, f"POST {account}/decisions/{{decision_id}}/withdrawal", third | decision),
        Good(officer, "POST /api/{company}/imports/{kind}", {"kind": "rent-roll"}, body=roll),
        *_casework(town),
        *_letters(town),
        Good(officer, "GET /api/{company}/monthly-run", query={"month": "2024-05"}),
        Good(officer, "POST /api/{company}/monthly-run", body={"month": "2024-05"}),
    ]


def _outgoing(town: Town) -> list[Good]:
    officer, movements = Role.ARREARS_OFFICER, "/api/{company}/outgoing-movements"
    movement = {"movement_id": town.ids["movement_id"]}
    taken = movement | {"payment_id": town.ids["payment_taken"]}
    return [
        Good(officer, f"GET {movements}"),
        Good(officer, f"POST {movements}/{{movement_id}}/payment/{{payment_id}}", taken),
        Good(officer, f"POST {movements}/{{movement_id}}/withdrawal", movement),
    ]


def _other_charges(town: Town, account: str) -> list[Good]:
    officer, ids = Role.ARREARS_OFFICER, town.ids
    first, charge = {"lease_id": ids["lease_1"]}, f"{account}/other-charges/{{other_charge_id}}"
    paid = first | {"payment_id": ids["payment_taken"]}
    amount = {"amount_cents": 800, "due_on": "2024-04-02"}
    bill = amount | {"kind": "fees", "reference": "F-8"}
    part = {"kind": "repairs", "amount_cents": 1}
    noted = first | {"other_charge_id": ids["other_charge_id"]}
    withdrawal = f"POST {account}/other-charge-payments/{{part_id}}/withdrawal"
    return [
        Good(officer, f"POST {account}/other-charges", first, body=bill),
        Good(officer, f"PUT {charge}", noted, body=amount),
        Good(officer, f"POST {account}/payments/{{payment_id}}/other-charges", paid, body=part),
        Good(officer, withdrawal, first | {"part_id": ids["part_id"]}),
        Good(officer, f"POST {charge}/cancellation", noted),
    ]


def _casework(town: Town) -> list[Good]:
    officer, account = Role.ARREARS_OFFICER, "/api/{company}/accounts/{lease_id}"
    third = {"lease_id": town.ids["lease_3"]}
    second = {"lease_id": town.ids["lease_2"]}
    step, plan = {"step_id": town.ids["step_id"]}, {"plan_id": town.ids["plan_id"]}
    illness = {"reason": "illness", "review_on": "2024-05-01"}
    promise = {"promised_cents": 5_000, "pay_by": "2024-04-30"}
    contact, promised = ({name: town.ids[name]} for name in ("contact_id", "promise_id"))
    terms = {"instalment_cents": 10_000, "frequency": "monthly", "first_due_on": "2024-05-01"}
    document = {"document": (SHIPPED / "early-signal.yaml").read_text("utf-8")}
    cancelled = {"reason": "household-asked"}
    petition = {"act": "petition", "filed_on": "2024-04-02", "claim_cents": 90_000}
    return [
        Good(officer, "GET /api/{company}/work-list", query={"step": "first-reminder"}),
        Good(officer, f"GET {account}/proposal", second, query={"on": "2024-04-01"}),
        Good(officer, f"GET {account}/case", second),
        Good(officer, f"POST {account}/steps/{{step_id}}/withdrawal", second | step),
        Good(
            officer, f"POST {account}/plans/{{plan_id}}/cancellation", second | plan, body=cancelled
        ),
        Good(officer, f"POST {account}/steps", third, body={"step": "home-visit"}),
        Good(officer, f"POST {account}/pause", third, body=illness),
        Good(officer, f"POST {account}/pause/end", third),
        Good(officer, f"POST {account}/circumstances", third, body={"circumstance": "hardship"}),
        Good(officer, f"POST {account}/plans", third, body=terms),
        Good(officer, f"POST {account}/legal-path", third, body=petition),
        Good(
            officer,
            f"POST {account}/legal-path/entries/{{entry}}/withdrawal",
            second | {"entry": town.ids["entry"]},
            body={"reason": "wrong-day"},
        ),
        Good(officer, f"GET {account}/legal-path", third),
        Good(officer, f"POST {account}/contacts", third, body={"reached": False}),
        Good(officer, f"POST {account}/promises", third, body=promise),
        Good(officer, f"POST {account}/contacts/{{contact_id}}/withdrawal", second | contact),
        Good(officer, f"POST {account}/promises/{{promise_id}}/withdrawal", second | promised),
        Good(officer, f"GET {account}/social-service", third),
        Good(officer, f"POST {account}/social-service/answer", third, body={"answer": "accepted"}),
        Good(officer, "GET /api/{company}/legal-path"),
        Good(officer, "GET /api/{company}/policies"),
        Good(
            officer,
            "POST /api/{company}/work-list/{step}",
            {"step": "first-reminder"},
            body={"leases": [town.ids["lease_3"]]},
        ),
        Good(
            Role.MANAGER,
            "POST /api/{company}/policies/rehearsal",
            body=document | {"first": "2024-03-01", "last": "2024-04-12"},
        ),
        Good(Role.MANAGER, "POST /api/{company}/policies", body=document),
    ]


def _letters(town: Town) -> list[Good]:
    officer, letter = Role.ARREARS_OFFICER, "/api/{company}/letters/{letter_id}"
    draft, reminder = ({"letter_id": town.ids[name]} for name in ("letter_draft", "letter_id"))
    changed = (LETTERS / "wallonie.yaml").read_text("utf-8").replace('"2024-2"', '"2024-3"')
    return [
        Good(officer, "GET /api/{company}/letters"),
        Good(
            officer,
            "GET /api/{company}/letter-batches/{batch_id}",
            {"batch_id": town.ids["batch_id"]},
        ),
        Good(officer, f"POST {letter}/release", draft),
        Good(officer, f"POST {letter}/cancellation", reminder),
        Good(
            officer,
            f"POST {letter}/return",
            {"letter_id": town.ids["letter_sent"]},
            body={"reason": "moved-away", "returned_on": "2024-04-12"},
        ),
        Good(
            officer,
            "POST /api/{company}/letter-batches",
            body={"letters": [town.ids["letter_draft"]]},
        ),
        Good(Role.MANAGER, "POST /api/{company}/letter-templates", body={"document": changed}),
    ]


def _reporting(_: Town) -> list[Good]:
    figures, year = "/api/{company}/figures/{year}", {"year": 2024}
    auditor = Role.AUDITOR
    one_return, signed = "GET /api/{company}/returns/{year}", {"year": 2023}
    return [
        *_contracts(),
        Good(
            auditor,
            f"GET {figures}/differences/export/{{format}}",
            year | {"format": "csv"},
            query={"first": "2024-02-29", "second": "2024-03-31"},
        ),
        Good(
            auditor,
            f"GET {figures}/export/{{format}}",
            year | {"format": "xlsx"},
            query={"known_on": "2024-03-31"},
        ),
        Good(
            auditor,
            f"GET {figures}/{{indicator}}/facts/export/{{format}}",
            year | {"indicator": "I06", "format": "parquet"},
            query={"as_of": "2024-03-31"},
        ),
        Good(
            auditor,
            "GET /api/{company}/interventions/{which}",
            {"which": "corrections"},
            query={"year": "2024", "known_on": "2024-03-31", "persons": "true", "page": 1},
        ),
        Good(
            auditor,
            "GET /api/{company}/interventions/{which}/export/{format}",
            {"which": "releases", "format": "xlsx"},
        ),
        Good(Role.REGIONAL_AUTHORITY, "GET /api/region/{year}", {"year": 2023}),
        Good(auditor, f"GET {figures}", year, query={"known_on": "2024-03-31"}),
        Good(
            auditor,
            f"GET {figures}/differences",
            year,
            query={"first": "2024-02-29", "second": "2024-03-31"},
        ),
        Good(
            Role.MANAGER,
            f"GET {figures}/{{indicator}}",
            year | {"indicator": "I01"},
            query={"as_of": "2024-03-31"},
        ),
        Good(auditor, "POST /api/{company}/rebuild", query={"from": "kafka"}),
        Good(auditor, "GET /api/{company}/returns"),
        Good(auditor, one_return, signed),
        Good(
            auditor,
            f"{one_return}/reckoned",
            signed,
            query={"known_on": "2024-04-12", "intake": 1, "followup": 1, "arrears": 1},
        ),
        Good(auditor, f"{one_return}/versions/latest", signed),
        Good(auditor, f"{one_return}/versions/{{version}}", signed | {"version": 1}),
        Good(
            auditor,
            f"{one_return}/versions/{{version}}/figures/{{indicator}}",
            signed | {"version": 1, "indicator": "I19"},
        ),
        Good(Role.MANAGER, "PUT /api/{company}/returns/{year}", {"year": 2021}),
        Good(
            Role.MANAGER,
            "POST /api/{company}/returns/{year}/validation",
            {"year": 2021},
            body={"reason": "Le journal commence en 2024"},
        ),
    ]


def _contracts() -> list[Good]:
    contract, first = "/api/{company}/contracts/{first_year}", {"first_year": 2024}
    objective = f"{contract}/objectives/{{indicator}}"
    auditor, manager = Role.AUDITOR, Role.MANAGER
    bounds = [{"year": year, "at_least": "75.5"} for year in range(2025, 2029)]
    agreed = {"theme": "social-action", "indicator": "I20", "direction": "at-least"}
    changed = {"direction": "at-least", "targets": bounds, "reason": "Essai"}
    said = {"year": 2024, "comment": "Essai"}
    return [
        Good(auditor, "GET /api/{company}/contracts"),
        Good(auditor, f"GET {contract}", first),
        Good(auditor, f"GET {contract}/export/{{format}}", first | {"format": "xlsx"}),
        Good(auditor, f"GET {contract}/export/{{format}}", first | {"format": "pdf"}),
        Good(manager, f"POST {contract}/objectives", first, body=agreed | {"targets": bounds}),
        Good(manager, f"POST {objective}/amendment", first | {"indicator": "I19"}, body=changed),
        Good(manager, f"POST {objective}/evaluation", first | {"indicator": "I19"}, body=said),
        Good(
            manager,
            "POST /api/{company}/contracts",
            body={"document": LATER_CONTRACT},
        ),
        Good(manager, f"POST {objective}/withdrawal", first | {"indicator": "I20"}),
        Good(manager, f"POST {contract}/withdrawal", {"first_year": 2029}),
    ]


OF_SERVICE = {
    "intake": _intake,
    "followup": _followup,
    "arrears": _arrears,
    "reporting": _reporting,
}
