"""Who may do what, written down by hand: a rule that is widened by mistake contradicts it.

Every route of every application stands under a word; the words are those of the services' READMEs.
"""

from functools import cache

from services.chassis.accounts import Role

NOBODY = "nobody"
"""Somebody who is not signed in."""

EVERYONE = frozenset(Role)
WHO: dict[str, dict[str, frozenset[Role]]] = {
    "front": {"look in": EVERYONE},
    "intake": {
        "look in": EVERYONE,
        "read": frozenset({Role.INTAKE_OFFICER, Role.MANAGER, Role.AUDITOR}),
        "act": frozenset({Role.INTAKE_OFFICER}),
        "take facts": frozenset({Role.AUDITOR}),
        "look at a fact": frozenset({Role.MANAGER, Role.AUDITOR}),
        "operate": frozenset({Role.OPERATOR}),
    },
    "followup": {
        "look in": EVERYONE,
        "read": frozenset({Role.SUPPORT_OFFICER, Role.MANAGER, Role.AUDITOR}),
        "act": frozenset({Role.SUPPORT_OFFICER}),
        "take facts": frozenset({Role.AUDITOR}),
        "look at a fact": frozenset({Role.MANAGER, Role.AUDITOR}),
        "operate": frozenset({Role.OPERATOR}),
    },
    "arrears": {
        "look in": EVERYONE,
        "read": frozenset({Role.ARREARS_OFFICER, Role.MANAGER, Role.AUDITOR}),
        "act": frozenset({Role.ARREARS_OFFICER}),
        "adopt a policy": frozenset({Role.MANAGER}),
        "take facts": frozenset({Role.AUDITOR}),
        "look at a fact": frozenset({Role.MANAGER, Role.AUDITOR}),
        "operate": frozenset({Role.OPERATOR}),
    },
    "reporting": {
        "look in": EVERYONE,
        "read": frozenset({Role.MANAGER, Role.AUDITOR}),
        "sign": frozenset({Role.MANAGER}),
        "adopt a contract": frozenset({Role.MANAGER}),
        "rebuild": frozenset({Role.OPERATOR, Role.AUDITOR}),
        "compare companies": frozenset({Role.REGIONAL_AUTHORITY}),
        "look at a fact": frozenset({Role.MANAGER, Role.AUDITOR}),
        "take facts": frozenset({Role.AUDITOR}),
        "operate": frozenset({Role.OPERATOR}),
    },
}

OPEN_TO_NOBODY = {
    "GET /health/live",
    "GET /health/ready",
    "GET /openapi.json",
    "GET /sign-in",
    "GET /static/{name}",
    "POST /sign-in",
    "POST /sign-out",
}

OF_EVERY_SERVICE = {
    "look in": {"GET /", "GET /{company}"},
    "take facts": {"GET /api/{company}/facts"},
    "operate": {
        "GET /api/status",
        "GET /api/{company}/parked",
        "POST /api/{company}/parked/retry",
        "POST /api/{company}/parked/release",
        "PUT /api/{company}/clock",
        "GET /api/{company}/settled",
    },
}
LEASE, HOUSEHOLD = "/{company}/leases/{lease_id}", "/{company}/households/{household_id}"
DWELLING = "/{company}/dwellings/{dwelling_id}"
OF_A_DWELLING = (
    *("suspension", "suspension/withdrawal"),
    *("resumption", "resumption/withdrawal"),
)
VISIT = f"{HOUSEHOLD}/visits/{{visit_id}}"
PERIOD = f"{HOUSEHOLD}/support-periods/{{period_id}}"
OF_A_PERIOD = (
    *("correction", "withdrawal", "agreement/withdrawal"),
    *("closure", "closure/correction", "closure/withdrawal"),
)
ASSIGNMENT = "/{company}/unmatched-payments/{payment_id}/assignment"
OUTGOING = "/{company}/outgoing-movements/{movement_id}"
CASE = "/{company}/accounts/{lease_id}/case"
CASE_API = "/api/{company}/accounts/{lease_id}"
LETTER, BATCH = "/{company}/letters/{letter_id}", "/{company}/letter-batches/{batch_id}"
RETURN = "/{company}/returns/{year}"
CONTRACT = "/{company}/contracts/{first_year}"
OBJECTIVE = f"{CONTRACT}/objectives/{{indicator}}"
CHARGE = "/api/{company}/accounts/{lease_id}/charges/{charge}"


def _form(path: str) -> set[str]:
    """A page with a form, and what the form does."""
    return {f"GET {path}", f"POST {path}"}


OF_ONE_SERVICE: dict[str, dict[str, set[str]]] = {
    "front": {"look in": {"GET /"}},
    "intake": {
        "read": {
            "GET /api/{company}/new-tenants-to-welcome",
            "GET /api/{company}/leases",
            f"GET /api{LEASE}",
            "GET /{company}/new-tenants-to-welcome",
            "GET /{company}/leases",
            f"GET {LEASE}",
            "GET /api/{company}/vacant-dwellings",
            "GET /{company}/vacant-dwellings",
            f"GET /api{DWELLING}",
            f"GET {DWELLING}",
        },
        "act": {
            "POST /api/{company}/dwellings",
            *(f"POST /api{DWELLING}/{act}" for act in OF_A_DWELLING),
            *(door for act in OF_A_DWELLING for door in _form(f"{DWELLING}/{act}")),
            "POST /api/{company}/leases",
            f"POST /api{LEASE}/welcome-meeting",
            f"POST /api{LEASE}/welcome-meeting/correction",
            f"POST /api{LEASE}/welcome-meeting/withdrawal",
            f"POST /api{LEASE}/end",
            f"POST /api{LEASE}/end/withdrawal",
            f"POST /api{LEASE}/correction",
            f"POST /api{LEASE}/leaseholders/correction",
            f"POST /api{LEASE}/withdrawal",
            f"POST /api{LEASE}/transfer",
            "POST /api/{company}/imports/{kind}",
            *_form("/{company}/imports"),
            *_form("/{company}/leases/signing"),
            *_form("/{company}/dwellings/registration"),
            *_form(f"{LEASE}/welcome-meeting"),
            *_form(f"{LEASE}/welcome-meeting/correction"),
            *_form(f"{LEASE}/welcome-meeting/withdrawal"),
            *_form(f"{LEASE}/end"),
            *_form(f"{LEASE}/end/withdrawal"),
            *_form(f"{LEASE}/correction"),
            *_form(f"{LEASE}/leaseholders/correction"),
            *_form(f"{LEASE}/withdrawal"),
            *_form(f"{LEASE}/transfer"),
        },
    },
    "followup": {
        "read": {
            "GET /api/{company}/visits",
            "GET /api/{company}/households",
            f"GET /api{HOUSEHOLD}",
            "GET /api/{company}/support-periods",
            "GET /{company}/visits-this-week",
            "GET /{company}/open-support-periods",
            "GET /{company}/households",
            f"GET {HOUSEHOLD}",
        },
        "look at a fact": {"GET /{company}/set-aside"},
        "act": {
            f"PUT /api{VISIT}/plan",
            f"PUT /api{VISIT}/record",
            f"POST /api{VISIT}/correction",
            f"POST /api{VISIT}/withdrawal",
            f"POST /api{VISIT}/absence",
            *_form(f"{HOUSEHOLD}/visits/planning"),
            *_form(f"{HOUSEHOLD}/visits/recording"),
            *_form(f"{VISIT}/plan"),
            *_form(f"{VISIT}/record"),
            *_form(f"{VISIT}/correction"),
            *_form(f"{VISIT}/withdrawal"),
            *_form(f"{VISIT}/absence"),
            f"POST /api{HOUSEHOLD}/support-periods",
            *(f"POST /api{PERIOD}/{act}" for act in OF_A_PERIOD),
            *_form(f"{HOUSEHOLD}/support-periods/opening"),
            *(door for act in OF_A_PERIOD for door in _form(f"{PERIOD}/{act}")),
        },
    },
    "arrears": {
        "read": {
            "GET /api/{company}/monthly-run",
            "GET /api/{company}/accounts-in-arrears",
            "GET /api/{company}/accounts",
            "GET /api/{company}/accounts/{lease_id}",
            "GET /api/{company}/unmatched-payments",
            "GET /{company}/accounts-in-arrears",
            "GET /{company}/exports/accounts-in-arrears/csv",
            "GET /{company}/exports/work-list/csv",
            "GET /{company}/accounts",
            "GET /{company}/accounts/{lease_id}",
            "GET /{company}/accounts/{lease_id}/statement/pdf",
            "GET /{company}/unmatched-payments",
            "GET /{company}/outgoing-movements",
            "GET /api/{company}/outgoing-movements",
            "GET /api/{company}/work-list",
            "POST /api/{company}/policies/rehearsal",
            f"GET {CASE_API}/proposal",
            f"GET {CASE_API}/case",
            f"GET {CASE_API}/legal-path",
            f"GET {CASE_API}/social-service",
            "GET /api/{company}/legal-path",
            "GET /{company}/legal-path",
            "GET /{company}/accounts/{lease_id}/legal-path",
            "GET /api/{company}/policies",
            "GET /{company}/work-list",
            f"GET {CASE}",
            "GET /{company}/policies",
            "GET /api/{company}/letters",
            f"GET /api{BATCH}",
            "GET /{company}/letters",
            "GET /{company}/late-letters",
            "GET /{company}/letter-templates",
            f"GET {LETTER}",
            f"GET {LETTER}/pdf",
            f"GET {BATCH}",
            f"GET {BATCH}/pdf",
        },
        "look at a fact": {"GET /{company}/set-aside"},
        "adopt a policy": {
            "POST /api/{company}/policies",
            "POST /{company}/policies",
            "POST /api/{company}/letter-templates",
            "POST /{company}/letter-templates",
        },
        "act": {
            "POST /api/{company}/monthly-run",
            *_form("/{company}/monthly-run"),
            "POST /api/{company}/imports/{kind}",
            f"POST /api{ASSIGNMENT}",
            f"PUT {CHARGE}",
            f"POST {CHARGE}/cancellation",
            "POST /api/{company}/accounts/{lease_id}/payments/{payment_id}/release",
            "POST /api/{company}/accounts/{lease_id}/write-offs",
            "POST /api/{company}/accounts/{lease_id}/credit-returns",
            "POST /api/{company}/accounts/{lease_id}/decisions/{decision_id}/withdrawal",
            "POST /api/{company}/accounts/{lease_id}/other-charges",
            "PUT /api/{company}/accounts/{lease_id}/other-charges/{other_charge_id}",
            "POST /api/{company}/accounts/{lease_id}/other-charges/{other_charge_id}/cancellation",
            "POST /api/{company}/accounts/{lease_id}/payments/{payment_id}/other-charges",
            "POST /api/{company}/accounts/{lease_id}/other-charge-payments/{part_id}/withdrawal",
            *_form("/{company}/accounts/{lease_id}/other-charges"),
            *_form("/{company}/accounts/{lease_id}/other-charges/{other_charge_id}"),
            *_form("/{company}/accounts/{lease_id}/other-charges/{other_charge_id}/cancellation"),
            *_form("/{company}/accounts/{lease_id}/payments/{payment_id}/other-charges"),
            *_form("/{company}/accounts/{lease_id}/other-charge-payments/{part_id}/withdrawal"),
            *_form("/{company}/accounts/{lease_id}/write-off"),
            *_form("/{company}/accounts/{lease_id}/credit"),
            *_form("/{company}/accounts/{lease_id}/decisions/{decision_id}/withdrawal"),
            *_form("/{company}/accounts/{lease_id}/charges/{charge}"),
            *_form("/{company}/accounts/{lease_id}/charges/{charge}/cancellation"),
            *_form("/{company}/accounts/{lease_id}/payments/{payment_id}/release"),
            *_form("/{company}/imports"),
            f"GET {ASSIGNMENT}",
            *_form(f"{ASSIGNMENT}/{{lease_id}}"),
            f"POST /api{OUTGOING}/payment/{{payment_id}}",
            f"POST /api{OUTGOING}/withdrawal",
            f"GET {OUTGOING}/payment",
            *_form(f"{OUTGOING}/payment/{{payment_id}}"),
            *_form(f"{OUTGOING}/withdrawal"),
            "POST /api/{company}/work-list/{step}",
            f"POST {CASE_API}/steps",
            f"POST {CASE_API}/steps/{{step_id}}/withdrawal",
            f"POST {CASE_API}/override",
            f"POST {CASE_API}/pause",
            f"POST {CASE_API}/pause/end",
            f"POST {CASE_API}/circumstances",
            f"POST {CASE_API}/legal-path",
            f"POST {CASE_API}/legal-path/entries/{{entry}}/withdrawal",
            f"POST {CASE_API}/contacts",
            f"POST {CASE_API}/contacts/{{contact_id}}/withdrawal",
            f"POST {CASE_API}/promises",
            f"POST {CASE_API}/promises/{{promise_id}}/withdrawal",
            *_form(f"{CASE}/contact"),
            *_form(f"{CASE}/contacts/{{contact_id}}/withdrawal"),
            *_form(f"{CASE}/promise"),
            *_form(f"{CASE}/promises/{{promise_id}}/withdrawal"),
            f"POST {CASE_API}/social-service",
            f"POST {CASE_API}/social-service/answer",
            *_form(f"{CASE}/social-service"),
            *_form(f"{CASE}/social-service/answer"),
            f"POST {CASE_API}/plans",
            f"POST {CASE_API}/plans/{{plan_id}}/cancellation",
            *_form("/{company}/work-list/{step}"),
            *_form(f"{CASE}/steps/{{step}}"),
            f"GET {CASE}/another-step",
            *_form(f"{CASE}/steps-taken/{{step_id}}/withdrawal"),
            *_form(f"{CASE}/override"),
            *_form(f"{CASE}/circumstances"),
            *_form(f"{CASE}/pause"),
            *_form(f"{CASE}/pause/end"),
            *_form("/{company}/accounts/{lease_id}/legal-path/{act}"),
            *_form("/{company}/accounts/{lease_id}/legal-path/entries/{entry}/withdrawal"),
            *_form(f"{CASE}/plan"),
            *_form(f"{CASE}/plan/{{plan_id}}/cancellation"),
            "POST /api/{company}/letter-batches",
            f"POST /api{LETTER}/release",
            f"POST /api{LETTER}/email",
            f"POST /api{LETTER}/outcome",
            f"POST /api{LETTER}/cancellation",
            f"POST /api{LETTER}/return",
            "POST /{company}/letters/printing",
            "POST /{company}/letters/emailing",
            f"POST {LETTER}/release",
            f"POST {LETTER}/outcome",
            f"POST {LETTER}/cancellation",
            f"POST {LETTER}/return",
        },
    },
    "reporting": {
        "read": {
            "GET /api/{company}/figures/{year}",
            "GET /api/{company}/figures/{year}/differences",
            "GET /api/{company}/figures/{year}/{indicator}",
            "GET /api/{company}/figures/{year}/differences/export/{format}",
            "GET /api/{company}/figures/{year}/export/{format}",
            "GET /api/{company}/figures/{year}/{indicator}/facts/export/{format}",
            "GET /{company}/replay/{year}",
            "GET /{company}/interventions",
            "GET /{company}/interventions/{which}",
            "GET /api/{company}/interventions/{which}",
            "GET /api/{company}/interventions/{which}/export/{format}",
            "GET /{company}/years",
            "GET /{company}/years/{year}",
            "GET /{company}/years/{year}/{indicator}",
            "GET /api/{company}/returns",
            f"GET /api{RETURN}",
            f"GET /api{RETURN}/reckoned",
            f"GET /api{RETURN}/versions/latest",
            f"GET /api{RETURN}/versions/{{version}}",
            f"GET /api{RETURN}/versions/{{version}}/figures/{{indicator}}",
            "GET /{company}/returns",
            f"GET {RETURN}/versions/{{version}}/{{indicator}}",
            f"GET {RETURN}",
            f"GET {RETURN}/versions/{{version}}",
            "GET /api/{company}/contracts",
            f"GET /api{CONTRACT}",
            f"GET /api{CONTRACT}/export/{{format}}",
            f"GET /api{RETURN}/versions/{{version}}/export/{{format}}",
            "GET /{company}/contracts",
            f"GET {CONTRACT}",
            f"GET {OBJECTIVE}",
        },
        "sign": {
            f"PUT /api{RETURN}",
            f"POST /api{RETURN}/validation",
            f"POST /api{RETURN}/restatement",
            "POST /{company}/returns",
            *_form(f"{RETURN}/validation"),
            *_form(f"{RETURN}/restatement"),
        },
        "adopt a contract": {
            "POST /api/{company}/contracts",
            f"POST /api{CONTRACT}/objectives",
            f"POST /api{OBJECTIVE}/amendment",
            f"POST /api{OBJECTIVE}/evaluation",
            f"POST /api{OBJECTIVE}/withdrawal",
            f"POST /api{CONTRACT}/withdrawal",
            "POST /{company}/contracts",
            *_form(f"{CONTRACT}/objectives"),
            *_form(f"{OBJECTIVE}/amendment"),
            *_form(f"{OBJECTIVE}/evaluation"),
            *_form(f"{OBJECTIVE}/withdrawal"),
            *_form(f"{CONTRACT}/withdrawal"),
        },
        "rebuild": {"POST /api/{company}/rebuild"},
        "compare companies": {
            "GET /api/region/{year}",
            "GET /api/region/{year}/export/{format}",
            "GET /region",
            "GET /region/{year}",
        },
    },
}


@cache
def table(service: str) -> dict[str, frozenset[Role]]:
    """Route → who may use it, of one application; routes open to nobody are not in it."""
    words = {word: set(routes) for word, routes in OF_ONE_SERVICE[service].items()}
    if service != "front":
        words.setdefault("look at a fact", set()).add("GET /{company}/facts/{position}")
    if service != "front":
        for word, routes in OF_EVERY_SERVICE.items():
            words.setdefault(word, set()).update(routes)
    return {route: WHO[service][word] for word, routes in words.items() for route in routes}
