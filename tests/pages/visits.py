"""For each page of each application the addresses at which it is looked at, and by whom.

An address is filled in with what `Town.ids` holds. A page that is not here fails the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from premises import Town

from services.chassis.accounts import Role

OF_PROGRAMS = ("/api/", "/health/", "/openapi.json", "/static/")
OFFICER = {
    "front": Role.SUPPORT_OFFICER,
    "intake": Role.INTAKE_OFFICER,
    "followup": Role.SUPPORT_OFFICER,
    "arrears": Role.ARREARS_OFFICER,
    "reporting": Role.MANAGER,
}
LEASE = "/{company}/leases/{lease_id}"
DWELLING = "/{company}/dwellings/{dwelling_id}"
EMPTY, OUT = "/{company}/dwellings/{empty}", "/{company}/dwellings/{out_of_letting}"
HOUSEHOLD = "/{company}/households/{household_id}"
VISIT = f"{HOUSEHOLD}/visits/{{visit_id}}"
MADE = f"{HOUSEHOLD}/visits/{{visit_made}}"
PERIOD = f"{HOUSEHOLD}/support-periods/{{period_id}}"
CLOSED = f"{HOUSEHOLD}/support-periods/{{period_closed}}"
ASSIGNMENT = "/{company}/unmatched-payments/{payment_id}/assignment"
RETURN = "/{company}/returns/{year}"
CONTRACT = "/{company}/contracts/{first_year}"
OBJECTIVE = f"{CONTRACT}/objectives/{{indicator}}"
OF_2024 = "/{company}/contracts/2024"
CHARGE = "/{company}/accounts/{lease_id}/charges/{charge}"
OF_ACCOUNT = "/{company}/accounts/{lease_id}"
OF_OTHER_CHARGES = (
    "other-charges",
    "other-charges/{other_charge_id}",
    "other-charges/{other_charge_id}/cancellation",
    "other-charge-payments/{part_id}/withdrawal",
)
OUTGOING = "/{company}/outgoing-movements/{movement_id}"
CASE = "/{company}/accounts/{lease_2}/case"
OF_CASE = "/{company}/accounts/{lease_id}/case"
LEGAL = "/{company}/accounts/{lease_id}/legal-path"
MARCH = {"company": "{company}", "lease_id": "{lease_id}", "charge": "2024-03"}
FACT = "/{company}/facts/{position}"
SET_ASIDE = "/{company}/set-aside"
"""Of managers, as a fact's page is."""
OF_EVERY_SERVICE = {"/": ("/",), "/sign-in": ("/sign-in",), "/{company}": ("/{company}",)}
VISITS: dict[str, dict[str, tuple[str, ...]]] = {
    "front": {"/": ("/",), "/sign-in": ("/sign-in",)},
    "intake": {
        "/{company}/new-tenants-to-welcome": ("/{company}/new-tenants-to-welcome",),
        "/{company}/leases": (
            "/{company}/leases",
            "/{company}/leases?q=L-",
            "/{company}/leases?q=introuvable",
        ),
        LEASE: (LEASE, "/{company}/leases/{lease_2}"),
        "/{company}/leases/signing": ("/{company}/leases/signing",),
        "/{company}/dwellings/registration": ("/{company}/dwellings/registration",),
        "/{company}/vacant-dwellings": ("/{company}/vacant-dwellings",),
        DWELLING: (EMPTY, OUT, DWELLING),
        f"{DWELLING}/suspension": (f"{EMPTY}/suspension",),
        f"{DWELLING}/suspension/withdrawal": (f"{OUT}/suspension/withdrawal",),
        f"{DWELLING}/resumption": (f"{OUT}/resumption",),
        f"{DWELLING}/resumption/withdrawal": (f"{OUT}/resumption/withdrawal",),
        f"{LEASE}/welcome-meeting": ("/{company}/leases/{lease_2}/welcome-meeting",),
        f"{LEASE}/welcome-meeting/correction": (f"{LEASE}/welcome-meeting/correction",),
        f"{LEASE}/welcome-meeting/withdrawal": (f"{LEASE}/welcome-meeting/withdrawal",),
        f"{LEASE}/end": (f"{LEASE}/end",),
        f"{LEASE}/end/withdrawal": (f"{LEASE}/end/withdrawal",),
        f"{LEASE}/correction": (f"{LEASE}/correction",),
        f"{LEASE}/leaseholders/correction": (f"{LEASE}/leaseholders/correction",),
        f"{LEASE}/withdrawal": (f"{LEASE}/withdrawal",),
        f"{LEASE}/transfer": (f"{LEASE}/transfer",),
        "/{company}/imports": ("/{company}/imports",),
    },
    "followup": {
        "/{company}/visits-this-week": ("/{company}/visits-this-week",),
        "/{company}/households": (
            "/{company}/households",
            "/{company}/households?q=L-",
            "/{company}/households?q=introuvable",
        ),
        HOUSEHOLD: (HOUSEHOLD, "/{company}/households/{second_household}"),
        f"{HOUSEHOLD}/visits/planning": (f"{HOUSEHOLD}/visits/planning",),
        f"{HOUSEHOLD}/visits/recording": (f"{HOUSEHOLD}/visits/recording",),
        f"{VISIT}/plan": (f"{VISIT}/plan",),
        f"{VISIT}/record": (f"{VISIT}/record",),
        f"{VISIT}/correction": (f"{MADE}/correction",),
        f"{VISIT}/withdrawal": (f"{MADE}/withdrawal",),
        f"{VISIT}/absence": (f"{VISIT}/absence",),
        "/{company}/open-support-periods": ("/{company}/open-support-periods",),
        SET_ASIDE: (),
        f"{HOUSEHOLD}/support-periods/opening": (f"{HOUSEHOLD}/support-periods/opening",),
        f"{PERIOD}/correction": (f"{PERIOD}/correction",),
        f"{PERIOD}/withdrawal": (f"{PERIOD}/withdrawal",),
        f"{PERIOD}/closure": (f"{PERIOD}/closure",),
        f"{PERIOD}/closure/correction": (f"{CLOSED}/closure/correction",),
        f"{PERIOD}/closure/withdrawal": (f"{CLOSED}/closure/withdrawal",),
        f"{PERIOD}/agreement/withdrawal": (f"{PERIOD}/agreement/withdrawal",),
    },
    "arrears": {
        "/{company}/accounts-in-arrears": ("/{company}/accounts-in-arrears",),
        "/{company}/accounts": (
            "/{company}/accounts",
            "/{company}/accounts?q=L-",
            "/{company}/accounts?q=introuvable",
        ),
        "/{company}/accounts/{lease_id}": (
            "/{company}/accounts/{lease_id}",
            "/{company}/accounts/{lease_2}",
            "/{company}/accounts/{lease_3}",
        ),
        CHARGE: (CHARGE.format_map(MARCH),),
        f"{CHARGE}/cancellation": (f"{CHARGE.format_map(MARCH)}/cancellation",),
        "/{company}/accounts/{lease_id}/payments/{payment_id}/release": (
            "/{company}/accounts/{lease_id}/payments/{payment_taken}/release",
        ),
        **{f"{OF_ACCOUNT}/{path}": (f"{OF_ACCOUNT}/{path}",) for path in OF_OTHER_CHARGES},
        f"{OF_ACCOUNT}/payments/{{payment_id}}/other-charges": (
            f"{OF_ACCOUNT}/payments/{{payment_taken}}/other-charges",
        ),
        "/{company}/accounts/{lease_id}/write-off": ("/{company}/accounts/{lease_3}/write-off",),
        "/{company}/accounts/{lease_id}/credit": (
            "/{company}/accounts/{lease_1}/credit",
            "/{company}/accounts/{lease_1}/credit?to={lease_2}",
        ),
        "/{company}/accounts/{lease_id}/decisions/{decision_id}/withdrawal": (
            "/{company}/accounts/{lease_3}/decisions/{decision_id}/withdrawal",
        ),
        "/{company}/unmatched-payments": ("/{company}/unmatched-payments",),
        "/{company}/outgoing-movements": ("/{company}/outgoing-movements",),
        f"{OUTGOING}/payment": (f"{OUTGOING}/payment", f"{OUTGOING}/payment?q=L-"),
        f"{OUTGOING}/payment/{{payment_id}}": (f"{OUTGOING}/payment/{{payment_taken}}",),
        f"{OUTGOING}/withdrawal": (f"{OUTGOING}/withdrawal",),
        ASSIGNMENT: (ASSIGNMENT, f"{ASSIGNMENT}?q=L-", f"{ASSIGNMENT}?q=introuvable"),
        f"{ASSIGNMENT}/{{lease_id}}": (f"{ASSIGNMENT}/{{lease_id}}",),
        SET_ASIDE: (),
        "/{company}/work-list": (
            "/{company}/work-list",
            "/{company}/work-list?step=first-reminder",
            "/{company}/work-list?step=first-reminder&overdue=yes",
        ),
        "/{company}/work-list/{step}": ("/{company}/work-list/first-reminder",),
        OF_CASE: (CASE, f"{CASE}?on=2024-04-01", "/{company}/accounts/{lease_id}/case"),
        f"{OF_CASE}/steps/{{step}}": (f"{CASE}/steps/first-reminder",),
        f"{OF_CASE}/another-step": (f"{CASE}/another-step",),
        f"{OF_CASE}/steps-taken/{{step_id}}/withdrawal": (
            f"{CASE}/steps-taken/{{step_id}}/withdrawal",
        ),
        f"{OF_CASE}/override": (f"{CASE}/override",),
        f"{OF_CASE}/circumstances": (f"{CASE}/circumstances",),
        f"{OF_CASE}/contact": (f"{CASE}/contact",),
        f"{OF_CASE}/contacts/{{contact_id}}/withdrawal": (
            f"{CASE}/contacts/{{contact_id}}/withdrawal",
        ),
        f"{OF_CASE}/promise": (f"{CASE}/promise",),
        f"{OF_CASE}/promises/{{promise_id}}/withdrawal": (
            f"{CASE}/promises/{{promise_id}}/withdrawal",
        ),
        f"{OF_CASE}/social-service": (f"{CASE}/social-service",),
        f"{OF_CASE}/social-service/answer": (f"{CASE}/social-service/answer",),
        f"{OF_CASE}/pause": (f"{CASE}/pause",),
        f"{OF_CASE}/pause/end": (f"{CASE}/pause/end",),
        f"{OF_CASE}/plan": (f"{CASE}/plan",),
        LEGAL: (LEGAL,),
        f"{LEGAL}/entries/{{entry}}/withdrawal": (
            "/{company}/accounts/{lease_2}/legal-path/entries/{entry}/withdrawal",
        ),
        "/{company}/legal-path": ("/{company}/legal-path",),
        f"{LEGAL}/{{act}}": tuple(
            f"{LEGAL}/{act}" for act in ("guidance", "judgment", "eviction", "suspension", "costs")
        ),
        f"{OF_CASE}/plan/{{plan_id}}/cancellation": (f"{CASE}/plan/{{plan_id}}/cancellation",),
        "/{company}/policies": ("/{company}/policies",),
        "/{company}/letters": ("/{company}/letters",),
        "/{company}/letters/{letter_id}": (
            "/{company}/letters/{letter_id}",
            "/{company}/letters/{letter_draft}",
            "/{company}/letters/{letter_sent}",
        ),
        "/{company}/letter-batches/{batch_id}": ("/{company}/letter-batches/{batch_id}",),
        "/{company}/late-letters": ("/{company}/late-letters",),
        "/{company}/letter-templates": ("/{company}/letter-templates",),
        "/{company}/monthly-run": ("/{company}/monthly-run",),
        "/{company}/imports": ("/{company}/imports",),
    },
    "reporting": {
        "/{company}/years": ("/{company}/years",),
        "/{company}/years/{year}": (
            "/{company}/years/2024",
            "/{company}/years/2024?known_on=2024-03-31",
            "/{company}/years/2024?as_of=2024-03-31",
        ),
        "/{company}/years/{year}/{indicator}": (
            "/{company}/years/2024/I19",
            "/{company}/years/2024/I01?known_on=2024-03-31",
            "/{company}/years/2024/I06?as_of=2024-03-31&known_on=2024-04-10&page=2",
        ),
        "/{company}/replay/{year}": (
            "/{company}/replay/2024",
            "/{company}/replay/2024?first=2024-03-15&second=2024-04-12",
        ),
        "/{company}/interventions": ("/{company}/interventions",),
        "/{company}/interventions/{which}": tuple(
            f"/{{company}}/interventions/{which}"
            for which in (
                "overrides?year=2024",
                "corrections",
                "corrections?persons=true&known_on=2024-04-01&page=7",
                "releases",
                "assignments",
            )
        ),
        "/{company}/returns": ("/{company}/returns",),
        RETURN: ("/{company}/returns/2022", "/{company}/returns/2023"),
        f"{RETURN}/versions/{{version}}": ("/{company}/returns/2023/versions/1",),
        f"{RETURN}/versions/{{version}}/{{indicator}}": ("/{company}/returns/2023/versions/1/I01",),
        f"{RETURN}/validation": ("/{company}/returns/2022/validation",),
        f"{RETURN}/restatement": ("/{company}/returns/2023/restatement",),
        "/region": ("/region",),
        "/region/{year}": ("/region/2023", "/region/2022?indicator=I22&state=late"),
        "/{company}/contracts": ("/{company}/contracts",),
        CONTRACT: (OF_2024, f"{OF_2024}?year=2028"),
        f"{CONTRACT}/objectives": (f"{OF_2024}/objectives",),
        OBJECTIVE: (f"{OF_2024}/objectives/I19",),
        f"{OBJECTIVE}/amendment": (f"{OF_2024}/objectives/I19/amendment",),
        f"{OBJECTIVE}/evaluation": (f"{OF_2024}/objectives/I19/evaluation",),
        f"{OBJECTIVE}/withdrawal": (f"{OF_2024}/objectives/I19/withdrawal",),
        f"{CONTRACT}/withdrawal": (f"{OF_2024}/withdrawal",),
    },
}
ON_NOTHING = {
    "intake": ("/{company}/new-tenants-to-welcome", "/{company}/imports"),
    "followup": ("/{company}/visits-this-week", "/{company}/open-support-periods"),
    "arrears": (
        "/{company}/work-list",
        "/{company}/policies",
        "/{company}/letters",
        "/{company}/late-letters",
        "/{company}/letter-templates",
        "/{company}/accounts-in-arrears",
        "/{company}/unmatched-payments",
        "/{company}/outgoing-movements",
        "/{company}/imports",
    ),
    "reporting": (
        "/{company}/years/2024",
        "/{company}/years/2024/I19",
        "/{company}/returns",
        "/{company}/interventions/overrides",
    ),
}
"""Lists of a company that holds nothing."""
REFUSED = {
    "/{company}/no-such-page": 404,
    "/company-of-nobody": 404,
}


@dataclass(frozen=True)
class Visit:
    """`status` is what the page answers; `role` nobody's is None."""

    service: str
    address: str
    role: Role | None
    status: int = 200

    @property
    def of_company(self) -> bool:
        of_none = self.address.startswith("/region")
        return self.status == 200 and self.address.count("/") > 1 and not of_none


def visits(service: str, full: Town, empty: Town) -> Iterator[Visit]:
    known = full.ids | {"company": full.slug}
    of_service = VISITS[service] | (OF_EVERY_SERVICE if service != "front" else {})
    if service != "front":
        yield Visit(service, FACT.format(company=full.slug, position=1), Role.MANAGER)
    if SET_ASIDE in of_service:
        yield Visit(service, SET_ASIDE.format(company=full.slug), Role.MANAGER)
        yield Visit(service, SET_ASIDE.format(company=empty.slug), Role.MANAGER)
    for page, addresses in of_service.items():
        role = None if page == "/sign-in" else OFFICER[service]
        role = Role.REGIONAL_AUTHORITY if page.startswith("/region") else role
        for address in addresses:
            yield Visit(service, address.format_map(known), role)
    for address in ON_NOTHING.get(service, ()):
        yield Visit(service, address.format(company=empty.slug), OFFICER[service])
    if service != "front":
        for address, status in REFUSED.items():
            yield Visit(service, address.format_map(known), OFFICER[service], status)
        forbidden = ON_NOTHING[service][0].format_map(known)
        yield Visit(service, forbidden, Role.PRIVACY_OFFICER, 403)
